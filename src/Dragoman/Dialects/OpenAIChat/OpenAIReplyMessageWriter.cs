using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes the message of a reply's choice for a client, whatever dialect it came in.</summary>
internal static class OpenAIReplyMessageWriter
{
    /// <param name="json">Stands where the message goes.</param>
    /// <param name="message">The message.</param>
    /// <param name="callIdPrefix">Part of the ids of tool calls that have none.</param>
    /// <param name="citations">Sources to show at this message.</param>
    public static void Write(
        Utf8JsonWriter json,
        Message message,
        string callIdPrefix,
        IReadOnlyList<Citation> citations
    )
    {
        json.WriteStartObject();
        json.WriteString("role"u8, OpenAIMessageWriter.RoleWord(message.Role));
        OpenAIMessageWriter.WriteContent(
            json,
            message,
            message.Parts,
            asString: true,
            target: null
        );
        DialectJson.Write(json, "name"u8, message.Name);
        OpenAIMessageWriter.WriteRefusal(json, message);
        if (
            !message.Parts.Any(static part => part is RefusalPart { IsListed: false })
            && !OpenAIJson.Has(message.Raw, null, "refusal"u8)
        )
            json.WriteNull("refusal"u8);
        WriteReasoning(json, message);
        if (!OpenAIJson.Has(message.Raw, null, "annotations"u8))
            OpenAIAnnotationWriter.Write(json, citations);
        OpenAIJson.WriteRaw(json, message.Raw);
        WriteCalls(json, message.Parts, callIdPrefix);
        json.WriteEndObject();
    }

    /// <summary>The text under the name it came with, else as <c>reasoning_content</c>; beside it what is vouched for.</summary>
    private static void WriteReasoning(Utf8JsonWriter json, Message message)
    {
        var parts = message.Parts.OfType<ReasoningPart>().ToList();
        if (parts.Count == 0)
            return;
        WriteText(json, message, parts, "reasoning");
        WriteText(json, message, parts, "reasoning_content");
        if (!OpenAIJson.Has(message.Raw, null, "reasoning_details"u8))
            WriteDetails(json, message.Parts);
    }

    private static void WriteText(
        Utf8JsonWriter json,
        Message message,
        List<ReasoningPart> parts,
        string name
    )
    {
        var own = parts.Where(part =>
            part.WireName == name
            || (part is { WireName: null, IsRedacted: false } && name == "reasoning_content")
        );
        var utf8 = name == "reasoning" ? "reasoning"u8 : "reasoning_content"u8;
        if (
            OpenAIJson.Has(message.Raw, null, utf8) || OpenAIMessageWriter.Join(own) is not { } text
        )
        {
            // Some providers say that there is none by an empty text.
            if (!OpenAIJson.Has(message.Raw, null, utf8) && parts.Exists(p => p.WireName == name))
                DialectJson.Write(json, utf8, default(JsonText));
            return;
        }
        DialectJson.Write(json, utf8, text);
    }

    /// <summary>Where one block is signed all are told, since a client sends these back in place of the text.</summary>
    private static void WriteDetails(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        var told = new List<ReasoningPart>();
        for (var i = 0; i < parts.Count; i++)
        {
            if (
                parts[i] is ReasoningPart reasoning
                && !OpenAIThoughtSignature.Vouches(reasoning, parts.ElementAtOrDefault(i + 1))
            )
                told.Add(reasoning);
        }
        if (!told.Exists(static part => part.Signature is not null))
            return;
        json.WriteStartArray("reasoning_details"u8);
        for (var i = 0; i < told.Count; i++)
            OpenAIReasoningDetails.WriteForClient(json, told[i], i);
        json.WriteEndArray();
    }

    private static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<Part> parts, string prefix)
    {
        var index = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is RawPart { IsToolCall: true } raw)
            {
                if (raw.Dialect != OpenAIChatDialect.DialectName)
                    continue;
                Begin();
                DialectJson.Write(json, raw.Json);
            }
            else if (parts[i] is ToolCallPart call)
            {
                var before = i > 0 ? parts[i - 1] : null;
                var vouching =
                    before is not null && OpenAIThoughtSignature.Vouches(before, call)
                        ? (ReasoningPart)before
                        : null;
                Begin();
                OpenAIToolWriter.WriteCall(
                    json,
                    call,
                    call.Id ?? JsonText.Of(OpenAIToolWriter.GivenId(prefix, index)),
                    vouching
                );
            }
            else
                continue;
            index++;
        }
        if (index > 0)
            json.WriteEndArray();

        void Begin()
        {
            if (index == 0)
                json.WriteStartArray("tool_calls"u8);
        }
    }
}
