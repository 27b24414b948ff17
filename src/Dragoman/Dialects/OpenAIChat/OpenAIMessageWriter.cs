using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes messages: those of a request, and the one of a reply's choice.</summary>
internal static class OpenAIMessageWriter
{
    /// <summary>Writes a request's message; one with several tool results becomes several, as this dialect has one result per message.</summary>
    public static void WriteForRequest(
        Utf8JsonWriter json,
        Message message,
        int index,
        Losses losses
    )
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"messages[{index}]");
        OpenAIJson.NameLosses(message.Raw, where, losses);
        NameLosses(message.Parts, where, losses);
        foreach (var result in message.Parts.OfType<ToolResultPart>())
            WriteToolResult(json, message, result, where, losses);
        if (message.Parts.Count > 0 && message.Parts.All(part => part is ToolResultPart))
            return;

        json.WriteStartObject();
        json.WriteString("role"u8, RoleWord(message.Role));
        WriteContent(json, message, message.Parts, isReply: false);
        WriteOwnMembers(json, message);
        WriteCalls(json, message, where: index.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    /// <summary>Writes the message of a reply's choice.</summary>
    /// <param name="json">Stands where the message goes.</param>
    /// <param name="message">The message.</param>
    /// <param name="callIdPrefix">Part of the ids of tool calls that have none.</param>
    public static void WriteForReply(Utf8JsonWriter json, Message message, string callIdPrefix)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, RoleWord(message.Role));
        WriteContent(json, message, message.Parts, isReply: true);
        WriteOwnMembers(json, message, isReply: true);
        WriteCalls(json, message, callIdPrefix);
        json.WriteEndObject();
    }

    private static void WriteToolResult(
        Utf8JsonWriter json,
        Message message,
        ToolResultPart result,
        string where,
        Losses losses
    )
    {
        NameLosses(result.Content, where, losses);
        OpenAIJson.NameLosses(result.Raw, where, losses);
        if (result.IsError is true)
            losses.Add($"{where}.is_error");
        json.WriteStartObject();
        json.WriteString("role"u8, RoleWord(MessageRole.Tool));
        DialectJson.Write(json, "tool_call_id"u8, result.ToolCallId);
        WriteContent(json, message, result.Content, isReply: false);
        if (message.Role is MessageRole.Tool)
            WriteOwnMembers(json, message);
        json.WriteEndObject();
    }

    /// <summary>What stands beside the content.</summary>
    private static void WriteOwnMembers(Utf8JsonWriter json, Message message, bool isReply = false)
    {
        DialectJson.Write(json, "name"u8, message.Name);
        foreach (var part in message.Parts)
        {
            if (part is RefusalPart { IsListed: false } refusal)
                DialectJson.Write(json, "refusal"u8, refusal.Text);
            else if (part is ReasoningPart { WireName: "reasoning" } reasoning)
                DialectJson.Write(json, "reasoning"u8, reasoning.Text);
            else if (part is ReasoningPart { WireName: "reasoning_content" } thought)
                DialectJson.Write(json, "reasoning_content"u8, thought.Text);
            else if (isReply && part is ReasoningPart { WireName: null, IsRedacted: false } other)
                DialectJson.Write(json, "reasoning_content"u8, other.Text);
        }
        OpenAIJson.WriteRaw(json, message.Raw);
    }

    private static void WriteContent(
        Utf8JsonWriter json,
        Message message,
        IReadOnlyList<Part> parts,
        bool isReply
    )
    {
        // Carried as it was: null, or an empty list.
        if (OpenAIJson.Has(message.Raw, null, "content"u8))
            return;
        var isAllText = true;
        var texts = 0;
        foreach (var part in parts)
        {
            if (part is TextPart)
                texts++;
            else if (OpenAIPartWriter.IsContent(part))
                isAllText = false;
        }
        if (isAllText && texts == 0)
            WriteNoContent(json, message, isReply);
        else if (isAllText && (isReply || (message.IsBareText && texts == 1)))
            WriteText(json, parts);
        else
            OpenAIPartWriter.WriteList(json, parts);
    }

    private static void WriteNoContent(Utf8JsonWriter json, Message message, bool isReply)
    {
        if (isReply)
            json.WriteNull("content"u8);
        else if (!message.Parts.Any(part => part is ToolCallPart or RefusalPart or RawPart))
            json.WriteString("content"u8, ""u8);
    }

    private static void WriteText(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        var texts = parts.OfType<TextPart>().ToList();
        json.WritePropertyName("content"u8);
        if (texts is [var only])
            only.Text.WriteTo(json);
        else
            JsonText.Join(texts.ConvertAll(part => part.Text)).WriteTo(json);
    }

    private static void WriteCalls(Utf8JsonWriter json, Message message, string where)
    {
        var index = 0;
        foreach (var part in message.Parts)
        {
            if (part is not ToolCallPart && part is not RawPart { IsToolCall: true })
                continue;
            if (part is RawPart raw && raw.Dialect != OpenAIChatDialect.DialectName)
                continue;
            if (index == 0)
                json.WriteStartArray("tool_calls"u8);
            if (part is ToolCallPart call)
                OpenAIToolWriter.WriteCall(json, call, where, index);
            else
                DialectJson.Write(json, ((RawPart)part).Json);
            index++;
        }
        if (index > 0)
            json.WriteEndArray();
    }

    private static void NameLosses(IReadOnlyList<Part> parts, string where, Losses losses)
    {
        foreach (var part in parts)
        {
            OpenAIJson.NameLosses(part.Raw, where, losses);
            if (part is RawPart raw && raw.Dialect != OpenAIChatDialect.DialectName)
                losses.Add($"{where} ({raw.Type})");
            else if (part is ReasoningPart { WireName: null })
                losses.Add($"{where} (reasoning)");
            else if (part is ImagePart { Source: { FileId: not null, Url: null, Data: null } })
                losses.Add($"{where} (image by file id)");
        }
    }

    private static ReadOnlySpan<byte> RoleWord(MessageRole role) =>
        role switch
        {
            MessageRole.System => "system"u8,
            MessageRole.Developer => "developer"u8,
            MessageRole.User => "user"u8,
            MessageRole.Tool => "tool"u8,
            MessageRole.Function => "function"u8,
            _ => "assistant"u8,
        };
}
