using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>What messages of requests and of replies have in common: the content, in one string or in parts.</summary>
internal static class OpenAIMessageWriter
{
    /// <summary>Writes <c>content</c>: as one string where that says it all, else as a list.</summary>
    /// <param name="json">Stands in the message.</param>
    /// <param name="message">The message.</param>
    /// <param name="parts">Those of its parts that are content.</param>
    /// <param name="asString">Texts are joined into one string, come what may.</param>
    /// <param name="target">Whom it goes to; null for a client.</param>
    public static void WriteContent(
        Utf8JsonWriter json,
        Message message,
        IReadOnlyList<Part> parts,
        bool asString,
        OpenAITarget? target
    )
    {
        // Carried as it was: null, or an empty list.
        if (OpenAIJson.Has(message.Raw, null, "content"u8))
            return;
        var (isAllText, texts) = (true, 0);
        foreach (var part in parts)
        {
            if (part is TextPart)
            {
                texts++;
                isAllText &= !Keeps(part, target);
            }
            else if (OpenAIPartWriter.IsContent(part))
                isAllText = false;
        }
        if (isAllText && texts == 0)
            WriteNoContent(json, parts, isReply: target is null);
        else if (isAllText && (asString || (message.IsBareText && texts == 1)))
            WriteText(json, parts);
        else
            OpenAIPartWriter.WriteList(json, parts, target);
    }

    private static bool Keeps(Part part, OpenAITarget? target)
    {
        if (target is null)
            return false;
        foreach (var field in part.Raw)
        {
            if (target.Keeps(field))
                return true;
        }
        return false;
    }

    private static void WriteNoContent(Utf8JsonWriter json, IReadOnlyList<Part> parts, bool isReply)
    {
        if (isReply)
            json.WriteNull("content"u8);
        else if (!parts.Any(static part => part is ToolCallPart or RefusalPart or RawPart))
            json.WriteString("content"u8, ""u8);
    }

    private static void WriteText(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        var texts = parts.OfType<TextPart>().ToList();
        json.WritePropertyName("content"u8);
        if (texts is [var only])
            only.Text.WriteTo(json);
        else
            JsonText.Join(texts.ConvertAll(static part => part.Text)).WriteTo(json);
    }

    /// <summary>Writes <c>refusal</c>, where there is one beside the content.</summary>
    public static void WriteRefusal(Utf8JsonWriter json, Message message)
    {
        foreach (var part in message.Parts)
        {
            if (part is not RefusalPart { IsListed: false } refusal)
                continue;
            DialectJson.Write(json, "refusal"u8, refusal.Text);
            return;
        }
    }

    /// <summary>The texts of reasoning end to end; null where there are none.</summary>
    public static JsonText? Join(IEnumerable<ReasoningPart> reasoning)
    {
        var texts = new List<JsonText>();
        foreach (var part in reasoning)
        {
            if (!part.Text.IsEmpty)
                texts.Add(part.Text);
        }
        return texts switch
        {
            [] => null,
            [var only] => only,
            _ => JsonText.Join(texts),
        };
    }

    public static ReadOnlySpan<byte> RoleWord(MessageRole role) =>
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
