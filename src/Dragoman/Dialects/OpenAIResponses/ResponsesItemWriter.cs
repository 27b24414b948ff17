using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Writes messages as the items of a request.</summary>
internal sealed class ResponsesItemWriter(Utf8JsonWriter json, Losses losses)
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    /// <summary>Calls without an id (Gemini, Ollama), by name, whose results have not come yet.</summary>
    private readonly List<(JsonText Name, JsonText Id)> _open = [];

    /// <param name="message">The message.</param>
    /// <param name="where">Its path, for naming losses.</param>
    /// <param name="index">Its place, for ids that have to be made.</param>
    public void Write(Message message, string where, int index)
    {
        if (message.AsCame(Dialect) is { IsEmpty: false } items)
        {
            if (items.Utf8.Span[0] == (byte)'"')
                WriteMessage(message.Role, message.Parts, isBare: true);
            else if (message.Parts.Any(IsForeign))
                WriteUnlessForeign(items, where);
            else
                DialectJson.Write(json, items);
            return;
        }
        ResponsesJson.NameLosses(message.Raw, where, losses);
        if (message.Name is not null)
            losses.Add($"{where}.name");
        var content = new List<Part>();
        var calls = 0;
        for (var i = 0; i < message.Parts.Count; i++)
        {
            var part = message.Parts[i];
            ResponsesJson.NameLosses(part.Raw, where, losses);
            if (part is ReasoningPart or ToolCallPart or ToolResultPart or RawPart)
                Flush(message, content);
            switch (part)
            {
                case ReasoningPart reasoning:
                    i = WriteReasoning(message.Parts, i, reasoning, where);
                    break;
                case ToolCallPart call:
                    WriteCall(
                        call,
                        call.Id
                            ?? JsonText.Of(
                                string.Create(CultureInfo.InvariantCulture, $"call_{index}_{calls}")
                            )
                    );
                    calls++;
                    break;
                case ToolResultPart result:
                    WriteResult(result, where);
                    break;
                case RawPart raw when raw.Dialect == Dialect:
                    DialectJson.Write(json, raw.Json);
                    break;
                case RawPart raw:
                    losses.Add($"{where} ({raw.Type})");
                    break;
                // Clients of OpenAI's chat say "" beside tool calls; here that would be a message of its own.
                case TextPart { Text.IsEmpty: true, Raw.Count: 0 } when message.Parts.Count > 1:
                    break;
                default:
                    content.Add(part);
                    break;
            }
        }
        Flush(message, content);
    }

    private static bool IsForeign(Part part) =>
        part is ReasoningPart { SignatureOf: { } dialect } && dialect != Dialect;

    /// <summary>Items as they came, but for reasoning that another dialect's provider has signed.</summary>
    private void WriteUnlessForeign(RawJson items, string where)
    {
        var walk = new JsonWalk([(byte)'[', .. items.Utf8.Span, (byte)']']);
        while (walk.Next())
        {
            if (CarriedSignature.IsIn(walk.Value))
                losses.Add($"{where} (reasoning)");
            else
                json.WriteRawValue(walk.Value, skipInputValidation: true);
        }
    }

    private void Flush(Message message, List<Part> content)
    {
        if (content.Count == 0)
            return;
        WriteMessage(message.Role, content, message.IsBareText);
        content.Clear();
    }

    private void WriteMessage(MessageRole role, IReadOnlyList<Part> content, bool isBare)
    {
        var isAssistant = role is MessageRole.Assistant;
        json.WriteStartObject();
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, Role(role));
        json.WritePropertyName("content"u8);
        if (isBare && content is [TextPart { Raw.Count: 0 } only])
            only.Text.WriteTo(json);
        else
            ResponsesPartWriter.WriteList(json, content, isAssistant, losses);
        json.WriteEndObject();
    }

    /// <summary>Sealed by this dialect's provider it is given back; any other it would not take. Returns the last part that belongs to it.</summary>
    private int WriteReasoning(
        IReadOnlyList<Part> parts,
        int from,
        ReasoningPart reasoning,
        string where
    )
    {
        var to = from;
        while (
            reasoning.Signature is null
            && to + 1 < parts.Count
            && parts[to + 1] is ReasoningPart { Text.IsEmpty: false } next
        )
        {
            reasoning = next;
            to++;
        }
        if (reasoning.Signature is not { } signature || reasoning.SignatureOf != Dialect)
        {
            losses.Add($"{where} (reasoning)");
            return to;
        }
        json.WriteStartObject();
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        for (var i = from; i <= to; i++)
        {
            if (parts[i] is ReasoningPart { IsRedacted: false } summary)
                ResponsesPartWriter.WriteText(json, "summary_text"u8, summary.Text);
        }
        json.WriteEndArray();
        DialectJson.Write(json, "encrypted_content"u8, signature);
        json.WriteEndObject();
        return to;
    }

    private void WriteCall(ToolCallPart call, JsonText id)
    {
        if (call.Id is null)
            _open.Add((call.Name, id));
        json.WriteStartObject();
        json.WriteString("type"u8, "function_call"u8);
        DialectJson.Write(json, "call_id"u8, id);
        DialectJson.Write(json, "name"u8, call.Name);
        var arguments = call.Arguments.AsText();
        DialectJson.Write(json, "arguments"u8, arguments.IsEmpty ? JsonText.Of("{}") : arguments);
        json.WriteEndObject();
    }

    private void WriteResult(ToolResultPart result, string where)
    {
        ResponsesJson.NameLosses(result.Raw, where, losses);
        if (result.IsError is true)
            losses.Add($"{where}.is_error");
        json.WriteStartObject();
        json.WriteString("type"u8, "function_call_output"u8);
        DialectJson.Write(json, "call_id"u8, result.ToolCallId ?? TakeOpen(result.Name));
        json.WritePropertyName("output"u8);
        if (result.Content.Count == 0)
            json.WriteStringValue(""u8);
        else if (result.Content is [TextPart only])
            only.Text.WriteTo(json);
        else
            ResponsesPartWriter.WriteList(json, result.Content, isAssistant: false, losses);
        json.WriteEndObject();
    }

    /// <summary>The id of the first call of that name that waits for a result; of any, where the name is not said.</summary>
    private JsonText TakeOpen(JsonText? name)
    {
        var at = _open.FindIndex(call => name is null || call.Name == name);
        if (at < 0)
            return name ?? default;
        var id = _open[at].Id;
        _open.RemoveAt(at);
        return id;
    }

    private static ReadOnlySpan<byte> Role(MessageRole role) =>
        role switch
        {
            MessageRole.System => "system"u8,
            MessageRole.Developer => "developer"u8,
            MessageRole.Assistant => "assistant"u8,
            _ => "user"u8,
        };
}
