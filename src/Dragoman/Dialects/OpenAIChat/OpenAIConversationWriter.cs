using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// Writes the messages of a request. Tool results stand in messages of their own, one each and right behind their calls, and hold
/// text alone: what else they hold follows in a user message.
/// </summary>
internal sealed class OpenAIConversationWriter(Utf8JsonWriter json, OpenAITarget target)
{
    private readonly OpenAIReasoningReturn _reasoning = new(json, target);

    /// <summary>Pieces of tool results that wait for the last result in a row.</summary>
    private readonly List<Part> _waiting = [];

    /// <param name="messages">The messages, in their order.</param>
    /// <param name="member">What the list is called.</param>
    public void Write(IReadOnlyList<Message> messages, string member = "messages")
    {
        json.WriteStartArray(member);
        for (var i = 0; i < messages.Count; i++)
            Write(messages[i], i, isLast: i == messages.Count - 1);
        WriteWaiting();
        json.WriteEndArray();
    }

    private void Write(Message message, int index, bool isLast)
    {
        var where = OpenAITarget.Where(index);
        OpenAIJson.NameLosses(message.Raw, where, target.Losses);
        var rest = new List<Part>(message.Parts.Count);
        foreach (var part in message.Parts)
        {
            if (part is ToolResultPart result)
                WriteResult(message, result, where);
            else
                rest.Add(part);
        }
        if (rest.Count == 0 && message.Parts.Count > 0)
            return;
        WriteWaiting();
        OpenAIPartLosses.Name(rest, message.Role, where, target);
        json.WriteStartObject();
        json.WriteString("role"u8, RoleOf(message));
        _reasoning.Begin(message, rest, where);
        OpenAIMessageWriter.WriteContent(
            json,
            message,
            _reasoning.Content,
            target.Habits.TextAsString,
            target
        );
        DialectJson.Write(json, "name"u8, message.Name);
        OpenAIMessageWriter.WriteRefusal(json, message);
        _reasoning.WriteMembers();
        WriteRaw(message);
        if (isLast && IsPrefill(message, rest))
            json.WriteBoolean("prefix"u8, true);
        WriteCalls(rest);
        json.WriteEndObject();
    }

    /// <summary>An answer begun by the client, which Mistral wants marked.</summary>
    private bool IsPrefill(Message message, List<Part> parts) =>
        message.Role is MessageRole.Assistant
        && target.Deployment.Provider.Type.Prefill is Catalog.PrefillStyle.Prefix
        && !OpenAIJson.Has(message.Raw, null, "prefix"u8)
        && parts.TrueForAll(static part => part is TextPart or ReasoningPart);

    private ReadOnlySpan<byte> RoleOf(Message message)
    {
        // A message of results that holds more than them is a user's.
        if (message.Role is MessageRole.Tool)
            return "user"u8;
        if (message.Role is not MessageRole.Developer || target.KnowsDeveloper)
            return OpenAIMessageWriter.RoleWord(message.Role);
        target.Losses.Translated("role", "system");
        return "system"u8;
    }

    private void WriteRaw(Message message)
    {
        foreach (var field in message.Raw)
        {
            if (!_reasoning.Withholds(field))
                OpenAIJson.WriteRaw(json, [field]);
        }
    }

    private void WriteResult(Message message, ToolResultPart result, string where)
    {
        OpenAIJson.NameLosses(result.Raw, where, target.Losses);
        var texts = new List<Part>();
        var others = 0;
        if (result.IsError is true)
        {
            // This dialect has no word for it; the model reads it all the same.
            target.Losses.Translated(where + ".is_error", "text");
            texts.Add(new TextPart(JsonText.Of("Error: ")));
        }
        foreach (var part in result.Content)
        {
            if (part is TextPart or RawPart { Dialect: OpenAIChatDialect.DialectName })
                texts.Add(part);
            else if (part is ImagePart or AudioPart or FilePart)
            {
                if (others++ == 0)
                    _waiting.Add(
                        new TextPart(JsonText.Of($"Result of the tool call {IdOf(result)}:"))
                    );
                _waiting.Add(part);
                target.Losses.Translated(where + " (tool result)", "user message");
            }
        }
        OpenAIPartLosses.Name(result.Content, MessageRole.Tool, where, target);
        if (
            others > 0
            && !result.Content.Any(static part => part is TextPart { Text.IsEmpty: false })
        )
            texts.Add(new TextPart(JsonText.Of("The result follows in the next user message.")));
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        DialectJson.Write(json, "tool_call_id"u8, IdOf(result));
        var isOwn = message.Role is MessageRole.Tool;
        OpenAIMessageWriter.WriteContent(
            json,
            isOwn ? message : Plain,
            texts,
            asString: result.IsError is true || others > 0 || target.Habits.TextAsString,
            target
        );
        if (isOwn)
        {
            DialectJson.Write(json, "name"u8, message.Name);
            OpenAIJson.WriteRaw(json, message.Raw);
        }
        json.WriteEndObject();
    }

    private static readonly Message Plain = new(MessageRole.Tool, []) { IsBareText = true };

    private JsonText? IdOf(ToolResultPart result) =>
        result.ToolCallId is { } id ? OpenAIToolIds.Fit(id, target) : null;

    private void WriteWaiting()
    {
        if (_waiting.Count == 0)
            return;
        json.WriteStartObject();
        json.WriteString("role"u8, "user"u8);
        OpenAIPartWriter.WriteList(json, _waiting, target);
        json.WriteEndObject();
        _waiting.Clear();
    }

    private void WriteCalls(List<Part> parts)
    {
        var count = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (part is not (ToolCallPart or RawPart { IsToolCall: true, Dialect: "openai" }))
                continue;
            if (count++ == 0)
                json.WriteStartArray("tool_calls"u8);
            if (part is ToolCallPart call)
                OpenAIToolWriter.WriteCall(
                    json,
                    _reasoning.Withhold(call),
                    OpenAIToolIds.Fit(call.Id ?? default, target),
                    _reasoning.VouchingFor(parts, i)
                );
            else
                DialectJson.Write(json, ((RawPart)part).Json);
        }
        if (count > 0)
            json.WriteEndArray();
    }
}
