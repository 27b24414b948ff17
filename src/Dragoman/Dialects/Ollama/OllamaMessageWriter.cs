using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Writes the messages of a request. Results of tools are told by the tool's name, which is looked up where only an id is known.</summary>
internal static class OllamaMessageWriter
{
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<Message> messages, Losses losses)
    {
        var names = new Dictionary<JsonText, JsonText>();
        json.WriteStartArray("messages"u8);
        for (var i = 0; i < messages.Count; i++)
        {
            var (message, where) = (messages[i], $"messages[{i}]");
            foreach (var part in message.Parts)
            {
                if (part is ToolCallPart { Id: { } id } call)
                    names[id] = call.Name;
            }
            WriteOne(json, message, where, names, losses);
        }
        json.WriteEndArray();
    }

    private static void WriteOne(
        Utf8JsonWriter json,
        Message message,
        string where,
        Dictionary<JsonText, JsonText> names,
        Losses losses
    )
    {
        DialectJson.NameLosses(message.Raw, OllamaDialect.DialectName, where, losses);
        var isOnlyResults = message.Parts.Count > 0;
        foreach (var part in message.Parts)
        {
            if (part is ToolResultPart result)
                WriteResult(json, message, result, where, names, losses);
            else
                isOnlyResults = false;
        }
        if (isOnlyResults)
            return;
        NameLosses(message.Parts, where, losses);
        json.WriteStartObject();
        json.WriteString("role"u8, RoleWord(message.Role));
        WriteContent(json, message, message.Parts, losses);
        WriteThinking(json, message.Parts);
        if (message.Name is { } name)
        {
            if (message.Role is MessageRole.Function)
                DialectJson.Write(json, "tool_name"u8, name);
            else
                losses.Add($"{where}.name");
        }
        WriteCalls(json, message.Parts, where, losses);
        DialectJson.WriteRaw(json, message.Raw, OllamaDialect.DialectName);
        json.WriteEndObject();
    }

    private static void WriteResult(
        Utf8JsonWriter json,
        Message message,
        ToolResultPart result,
        string where,
        Dictionary<JsonText, JsonText> names,
        Losses losses
    )
    {
        NameLosses(result.Content, where, losses);
        DialectJson.NameLosses(result.Raw, OllamaDialect.DialectName, where, losses);
        if (result.IsError is true)
            losses.Add($"{where}.is_error");
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        WriteContent(json, message, result.Content, losses);
        var name = result.Name;
        if (name is null && result.ToolCallId is { } id && names.TryGetValue(id, out var called))
            name = called;
        DialectJson.Write(json, "tool_name"u8, name);
        DialectJson.Write(json, "tool_call_id"u8, result.ToolCallId);
        if (message.Role is MessageRole.Tool)
            DialectJson.WriteRaw(json, message.Raw, OllamaDialect.DialectName);
        json.WriteEndObject();
    }

    /// <summary>The text, always there, and the images beside it.</summary>
    private static void WriteContent(
        Utf8JsonWriter json,
        Message message,
        IReadOnlyList<Part> parts,
        Losses losses
    )
    {
        if (!DialectJson.Has(message.Raw, OllamaDialect.DialectName, parent: null, "content"u8))
        {
            json.WritePropertyName("content"u8);
            TextOf(parts).WriteTo(json);
        }
        OllamaImages.Write(json, parts, losses);
        foreach (var part in parts)
        {
            if (part is AudioPart)
                losses.Refuse("it takes no audio");
            else if (part is FilePart)
                losses.Refuse("it takes no files");
        }
    }

    /// <summary>Several pieces become one text, a line each, since this dialect has one text a message.</summary>
    private static JsonText TextOf(IReadOnlyList<Part> parts)
    {
        var texts = new List<JsonText>();
        foreach (var part in parts)
        {
            JsonText? said = part switch
            {
                TextPart plain => plain.Text,
                RefusalPart refusal => refusal.Text,
                _ => null,
            };
            if (said is not { } text)
                continue;
            if (texts.Count > 0)
                texts.Add(JsonText.Of("\n"));
            texts.Add(text);
        }
        return texts is [var only] ? only : JsonText.Join(texts);
    }

    private static void WriteThinking(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        var thoughts = new List<JsonText>();
        foreach (var part in parts)
        {
            if (part is ReasoningPart { IsRedacted: false, Text.IsEmpty: false } reasoning)
                thoughts.Add(reasoning.Text);
        }
        if (thoughts.Count > 0)
            DialectJson.Write(json, "thinking"u8, JsonText.Join(thoughts));
    }

    private static void WriteCalls(
        Utf8JsonWriter json,
        IReadOnlyList<Part> parts,
        string where,
        Losses losses
    )
    {
        var index = 0;
        foreach (var part in parts)
        {
            if (part is not ToolCallPart call)
                continue;
            if (index == 0)
                json.WriteStartArray("tool_calls"u8);
            OllamaToolWriter.WriteCall(json, call, $"{where}.tool_calls[{index}]", losses);
            index++;
        }
        if (index > 0)
            json.WriteEndArray();
    }

    private static void NameLosses(IReadOnlyList<Part> parts, string where, Losses losses)
    {
        foreach (var part in parts)
        {
            if (part is not (ToolCallPart or ToolResultPart))
                DialectJson.NameLosses(part.Raw, OllamaDialect.DialectName, where, losses);
            if (part is RawPart raw)
                losses.Add($"{where} ({raw.Type})");
            else if (part is ReasoningPart { IsRedacted: true })
                losses.Add($"{where} (reasoning)");
        }
    }

    private static ReadOnlySpan<byte> RoleWord(MessageRole role) =>
        role switch
        {
            MessageRole.System or MessageRole.Developer => "system"u8,
            MessageRole.User => "user"u8,
            MessageRole.Tool or MessageRole.Function => "tool"u8,
            _ => "assistant"u8,
        };
}
