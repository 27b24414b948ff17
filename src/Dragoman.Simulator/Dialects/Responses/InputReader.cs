using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Responses;

/// <summary>Reads <c>instructions</c> and <c>input</c>, going on from an earlier response where there is one.</summary>
internal sealed class InputReader
{
    private static readonly string[] Calls =
    [
        "function_call",
        "custom_tool_call",
        "local_shell_call",
        "shell_call",
        "apply_patch_call",
        "computer_call",
    ];

    private readonly TranscriptBuilder _transcript;
    private readonly HashSet<string> _open;

    private InputReader(StoredResponse? before)
    {
        _transcript = new(before?.Transcript);
        _open = new(before?.OpenCalls ?? [], StringComparer.Ordinal);
    }

    /// <summary>Null, with the mistake named, where the input cannot be used.</summary>
    public static Transcript? Read(JsonElement root, StoredResponse? before, out string? mistake)
    {
        var reader = new InputReader(before);
        mistake = reader.Read(root);
        // An answer is a message of its own here: nothing goes on from the assistant's last words.
        return mistake is null ? reader._transcript.Build() with { Prefill = null } : null;
    }

    private string? Read(JsonElement root)
    {
        if (root.Text("instructions") is { } instructions)
        {
            _transcript.Text(instructions);
            _transcript.End(Speaker.System);
        }
        if (root.Text("input") is { } text)
        {
            _transcript.Text(text);
            _transcript.End(Speaker.User);
        }
        else if (!root.Items("input").Any())
        {
            return "Missing required parameter: 'input'.";
        }
        foreach (var item in root.Items("input"))
        {
            if (Item(item) is { } mistake)
                return mistake;
        }
        return _open.Count == 0 ? null : $"No tool output found for function call {_open.First()}.";
    }

    private string? Item(JsonElement item)
    {
        var type = item.Text("type") ?? "message";
        if (type == "message")
        {
            Content(item, "content");
            _transcript.End(
                item.Text("role") switch
                {
                    "user" => Speaker.User,
                    "assistant" => Speaker.Assistant,
                    _ => Speaker.System,
                }
            );
            return null;
        }
        var call = item.Text("call_id");
        if (Calls.Contains(type) && call is not null)
        {
            _open.Add(call);
            _transcript.End(Speaker.Assistant);
        }
        if (!type.EndsWith("_output", StringComparison.Ordinal))
            return null;
        if (call is null || !_open.Remove(call))
            return $"No tool call found for function call output with call_id {call}.";
        Content(item, "output");
        _transcript.End(Speaker.Tool);
        return null;
    }

    private void Content(JsonElement item, string name)
    {
        _transcript.Text(item.Text(name));
        foreach (var part in item.Items(name))
        {
            switch (part.Text("type"))
            {
                case "input_image":
                    _transcript.Image();
                    break;
                case "input_audio":
                    _transcript.Sound();
                    break;
                case "input_file":
                    _transcript.File();
                    break;
                default:
                    _transcript.Text(part.Text("text"));
                    break;
            }
        }
    }
}
