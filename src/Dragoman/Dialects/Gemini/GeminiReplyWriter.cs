using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes a whole generateContent answer.</summary>
internal static class GeminiReplyWriter
{
    public static void Write(IBufferWriter<byte> output, ChatReply reply, in ReplyFallback fallback)
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        if (!reply.Choices.Any(static choice => GeminiJson.IsMarked(choice.Raw, "blocked"u8)))
            WriteCandidates(json, reply);
        if (reply.RawUsage is { Dialect: GeminiDialect.DialectName } raw)
            DialectJson.Write(json, "usageMetadata"u8, raw.Value);
        else if (reply.Usage is { } usage)
        {
            json.WritePropertyName("usageMetadata"u8);
            GeminiUsageWriter.Write(json, usage);
        }
        DialectJson.Write(
            json,
            "modelVersion"u8,
            reply.Model is { IsEmpty: false } model ? model : fallback.Model
        );
        DialectJson.Write(
            json,
            "responseId"u8,
            reply.Id is { IsEmpty: false } id ? id : fallback.Id
        );
        GeminiJson.WriteRaw(json, reply.Raw);
        json.WriteEndObject();
    }

    private static void WriteCandidates(Utf8JsonWriter json, ChatReply reply)
    {
        json.WriteStartArray("candidates"u8);
        var isFirst = true;
        foreach (var choice in reply.Choices)
        {
            json.WriteStartObject();
            if (!GeminiJson.IsMarked(choice.Raw, "noContent"u8))
                WriteContent(json, choice.Message);
            var word = GeminiStopWords.Word(
                choice.Stop,
                choice.StopWord.GetValueOrDefault().Escaped.Span
            );
            if (!word.IsEmpty)
                json.WriteString("finishReason"u8, word);
            if (!GeminiJson.IsMarked(choice.Raw, "noIndex"u8))
                json.WriteNumber("index"u8, choice.Index);
            GeminiLogProbs.Write(json, choice);
            if (isFirst && !reply.Choices.Any(HasSources))
                WriteCitations(json, reply.Citations);
            isFirst = false;
            GeminiJson.WriteRaw(json, choice.Raw);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static bool HasSources(ChatChoice choice) =>
        GeminiJson.Has(choice.Raw, null, "groundingMetadata"u8)
        || GeminiJson.Has(choice.Raw, null, "citationMetadata"u8);

    private static void WriteContent(Utf8JsonWriter json, Message message)
    {
        json.WriteStartObject("content"u8);
        if (!GeminiJson.IsMarked(message.Raw, "noParts"u8))
        {
            json.WriteStartArray("parts"u8);
            var parts = new GeminiPartWriter(json, mediaNames: null);
            foreach (var part in message.Parts)
                WritePart(parts, part);
            parts.Flush();
            json.WriteEndArray();
        }
        if (!GeminiJson.IsMarked(message.Raw, "noRole"u8))
            json.WriteString("role"u8, "model"u8);
        GeminiJson.WriteRaw(json, message.Raw);
        json.WriteEndObject();
    }

    private static void WritePart(GeminiPartWriter parts, Part part)
    {
        switch (part)
        {
            case TextPart text:
                parts.WriteText(text);
                break;
            case RefusalPart refusal:
                parts.WriteText(refusal.Text);
                break;
            case ReasoningPart reasoning:
                var signature = reasoning.Signature is { } own
                    ? CarriedSignature.Show(own, reasoning.SignatureOf, GeminiDialect.DialectName)
                    : (JsonText?)null;
                if (GeminiPartWriter.Vouches(reasoning))
                {
                    parts.Flush();
                    if (signature is { } vouching)
                        parts.Sign(vouching);
                }
                else
                    parts.WriteThought(reasoning, signature);
                break;
            case ToolCallPart call:
                parts.WriteCall(call, ArgumentsOf(call.Arguments));
                break;
            case RawPart raw when raw.Dialect == GeminiDialect.DialectName:
                parts.WriteRaw(raw);
                break;
            default:
                if (GeminiMediaWriter.SourceOf(part) is { } source)
                    parts.WriteMedia(part, source);
                break;
        }
    }

    /// <summary>Arguments are an object here; what a model got wrong is told as text in one.</summary>
    public static RawJson ArgumentsOf(ToolArguments arguments) =>
        arguments.TryAsJson(out var json) && json.Utf8.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8)
            ? json
            : new RawJson(
                (byte[])[.. "{\"arguments\":\""u8, .. arguments.AsText().Escaped.Span, .. "\"}"u8]
            );

    /// <summary>Sources that another dialect named.</summary>
    public static void WriteCitations(Utf8JsonWriter json, IReadOnlyList<Citation> citations)
    {
        if (citations.Count == 0)
            return;
        json.WriteStartObject("groundingMetadata"u8);
        json.WriteStartArray("groundingChunks"u8);
        foreach (var citation in citations)
        {
            json.WriteStartObject();
            json.WriteStartObject(citation.Url.IsEmpty ? "retrievedContext"u8 : "web"u8);
            if (!citation.Url.IsEmpty)
                DialectJson.Write(json, "uri"u8, citation.Url);
            DialectJson.Write(json, "title"u8, citation.Title);
            if (citation.Url.IsEmpty)
                DialectJson.Write(json, "text"u8, citation.Quote);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
