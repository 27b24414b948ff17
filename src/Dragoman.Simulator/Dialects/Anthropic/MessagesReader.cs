using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Anthropic;

/// <summary>Reads <c>system</c>, <c>tools</c> and <c>messages</c>: what is said, where the cache is to be marked, and whether each tool's result has its call.</summary>
internal sealed class MessagesReader
{
    private readonly TranscriptBuilder _transcript = new();
    private readonly List<(int Tokens, bool Hour)> _marks = [];
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _calls = new(StringComparer.Ordinal);
    private string? _mistake;

    /// <summary>Null, with the mistake named, where a message cannot be read.</summary>
    public static Transcript? Read(JsonElement root, out CacheMarks cache, out string? mistake)
    {
        var reader = new MessagesReader();
        reader.Read(root);
        mistake = reader._mistake;
        cache = reader.Cache();
        return mistake is null ? reader._transcript.Build() : null;
    }

    private void Read(JsonElement root)
    {
        foreach (var tool in root.Items("tools"))
            Mark(tool);
        if (root.Has("system"))
        {
            Content(root, "system", "system");
            _transcript.End(Speaker.System);
        }
        if (
            root.Field("messages", JsonValueKind.Array)
                is not { ValueKind: JsonValueKind.Array } messages
            || messages.GetArrayLength() == 0
        )
        {
            _mistake = "messages: at least one message is required";
            return;
        }
        var index = 0;
        foreach (var message in messages.EnumerateArray())
            Message(message, $"messages.{index++}");
        Mark(root);
        if (_open.Count > 0)
            _mistake ??=
                $"messages.{index - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", _open)}";
    }

    private void Message(JsonElement message, string at)
    {
        var role = message.Text("role");
        if (role is not ("user" or "assistant" or "system"))
        {
            _mistake ??= $"{at}.role: Input should be 'user' or 'assistant'";
            return;
        }
        if (!message.Has("content"))
        {
            _mistake ??= $"{at}.content: Field required";
            return;
        }
        _calls.Clear();
        _calls.UnionWith(_open);
        var answers = Content(message, "content", at);
        if (role == "user" && _open.Count > 0)
            _mistake ??=
                $"{at}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", _open)}";
        _transcript.End(
            role == "assistant" ? Speaker.Assistant
                : role == "system" ? Speaker.System
                : answers > 0 ? Speaker.Tool
                : Speaker.User,
            answers
        );
    }

    /// <summary>How many results of tools are in it.</summary>
    private int Content(JsonElement of, string name, string at)
    {
        if (of.Text(name) is { } text)
            _transcript.Text(text);
        var answers = 0;
        var index = 0;
        foreach (var block in of.Items(name))
            answers += Block(block, $"{at}.content.{index++}");
        return answers;
    }

    private int Block(JsonElement block, string at)
    {
        var answers = 0;
        switch (block.Text("type"))
        {
            case "text":
                _transcript.Text(block.Text("text"));
                break;
            case "image":
                _transcript.Image();
                break;
            case "document":
                _transcript.File();
                break;
            case "tool_use" when block.Text("id") is { } id:
                _open.Add(id);
                break;
            case "tool_result":
                answers = 1;
                Result(block, at);
                break;
            case null:
                _mistake ??= $"{at}.type: Field required";
                break;
        }
        Mark(block);
        return answers;
    }

    private void Result(JsonElement block, string at)
    {
        var id = block.Text("tool_use_id");
        if (id is null || !_calls.Contains(id))
            _mistake ??=
                $"{at}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.";
        else
            _open.Remove(id);
        Content(block, "content", at);
    }

    private void Mark(JsonElement of)
    {
        if (of.Object("cache_control") is { ValueKind: JsonValueKind.Object } control)
            _marks.Add((_transcript.Tokens, control.Text("ttl") == "1h"));
    }

    /// <summary>What was marked up to the assistant's last message was written by the call before, and is read; the rest is written.</summary>
    private CacheMarks Cache()
    {
        var (read, written, hour) = (0, 0, 0);
        foreach (var (tokens, isHour) in _marks)
        {
            if (tokens <= _transcript.AnsweredTokens)
            {
                read = tokens;
                continue;
            }
            var more = tokens - read - written - hour;
            if (isHour)
                hour += more;
            else
                written += more;
        }
        return new(read, written, hour);
    }
}
