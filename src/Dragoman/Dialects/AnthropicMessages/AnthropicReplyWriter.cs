using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Writes a whole message. There is one answer only: of several the first.</summary>
internal static class AnthropicReplyWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="fallback">Stands in for what the provider did not say.</param>
    public static void Write(IBufferWriter<byte> output, ChatReply reply, in ReplyFallback fallback)
    {
        var choice =
            reply.Choices.Count > 0
                ? reply.Choices[0]
                : new ChatChoice(0, new Message(MessageRole.Assistant, []));
        var id = reply.Id is { IsEmpty: false } own ? own : fallback.Id;
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        DialectJson.Write(json, "id"u8, id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        DialectJson.Write(
            json,
            "model"u8,
            reply.Model is { IsEmpty: false } model ? model : fallback.Model
        );
        json.WriteStartArray("content"u8);
        WriteContent(json, choice.Message, reply.Citations, id.ToString());
        json.WriteEndArray();
        WriteStop(json, choice);
        AnthropicJson.WriteRaw(json, choice.Raw);
        AnthropicJson.WriteRaw(json, reply.Raw);
        json.WritePropertyName("usage"u8);
        AnthropicUsageWriter.Write(json, reply.Usage, reply.RawUsage);
        json.WriteEndObject();
    }

    private static void WriteStop(Utf8JsonWriter json, ChatChoice choice)
    {
        json.WriteString("stop_reason"u8, StopWord(choice));
        json.WritePropertyName("stop_sequence"u8);
        if (choice.StopSequence is { } sequence)
            sequence.WriteTo(json);
        else
            json.WriteNullValue();
    }

    /// <summary>Elsewhere a refusal is a kind of text, here it is a reason to stop.</summary>
    private static ReadOnlySpan<byte> StopWord(ChatChoice choice) =>
        AnthropicStopWords.Word(
            choice.Stop is StopReason.Stop && choice.Message.Parts.Any(part => part is RefusalPart)
                ? StopReason.Refusal
                : choice.Stop,
            choice.StopWord.GetValueOrDefault().Escaped.Span
        );

    private static void WriteContent(
        Utf8JsonWriter json,
        Message message,
        IReadOnlyList<Citation> citations,
        string id
    )
    {
        var gathered = message.Raw.FirstOrDefault(IsCitations);
        // Carried in their blocks, or, of a stream, beside all: then they are not said again.
        var areCarried =
            !gathered.Value.IsEmpty || message.Parts.Any(part => part.Raw.Any(IsCitations));
        var lastText = LastText(message.Parts);
        var calls = 0;
        for (var i = 0; i < message.Parts.Count; i++)
        {
            switch (message.Parts[i])
            {
                case TextPart { Text.IsEmpty: true, Raw.Count: 0 }:
                    break;
                case TextPart text when i == lastText && !gathered.Value.IsEmpty:
                    WriteText(json, text, gathered.Value, []);
                    break;
                case TextPart text:
                    WriteText(json, text, default, i == lastText && !areCarried ? citations : []);
                    break;
                case RefusalPart refusal:
                    WriteText(json, new TextPart(refusal.Text), default, []);
                    break;
                case ToolCallPart call:
                    AnthropicBlockWriter.WriteCall(
                        json,
                        call,
                        call.Id ?? JsonText.Of(AnthropicBlockWriter.GivenId(id, calls))
                    );
                    calls++;
                    break;
                case ReasoningPart reasoning:
                    AnthropicBlockWriter.WriteThinkingForClient(json, reasoning);
                    break;
                case RawPart { Dialect: AnthropicDialect.DialectName } raw:
                    DialectJson.Write(json, raw.Json);
                    break;
            }
        }
    }

    private static void WriteText(
        Utf8JsonWriter json,
        TextPart text,
        RawJson gathered,
        IReadOnlyList<Citation> citations
    )
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        DialectJson.Write(json, "text"u8, text.Text);
        DialectJson.Write(json, "citations"u8, gathered);
        if (citations.Count > 0)
        {
            json.WriteStartArray("citations"u8);
            foreach (var citation in citations)
                AnthropicCitations.Write(
                    json,
                    citation.Url.Escaped.Span,
                    citation.Title.GetValueOrDefault().Escaped.Span,
                    citation.Quote.GetValueOrDefault().Escaped.Span
                );
            json.WriteEndArray();
        }
        AnthropicJson.WriteRaw(json, text.Raw);
        json.WriteEndObject();
    }

    private static int LastText(IReadOnlyList<Part> parts)
    {
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (parts[i] is TextPart)
                return i;
        }
        return -1;
    }

    private static bool IsCitations(RawField field) =>
        field.Dialect == AnthropicDialect.DialectName && field.Name.Is("citations"u8);
}
