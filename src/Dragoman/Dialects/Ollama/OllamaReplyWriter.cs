using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Writes a whole answer, of chat or of generate. There is one choice; others cannot be asked for.</summary>
internal static class OllamaReplyWriter
{
    public static void Write(
        IBufferWriter<byte> output,
        ChatReply reply,
        in ReplyFallback fallback,
        bool isGenerate
    )
    {
        var choice = reply.Choices is [var first, ..]
            ? first
            : new ChatChoice(0, new Message(MessageRole.Assistant, []));
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        DialectJson.Write(
            json,
            "model"u8,
            reply.Model is { IsEmpty: false } model ? model : fallback.Model
        );
        if (!DialectJson.Has(reply.Raw, OllamaDialect.DialectName, null, "created_at"u8))
            json.WriteString("created_at"u8, OllamaTime.Of(reply.Created ?? fallback.Created));
        if (isGenerate)
            WriteMembers(json, choice.Message, "response"u8);
        else
        {
            json.WriteStartObject("message"u8);
            json.WriteString("role"u8, "assistant"u8);
            WriteMembers(json, choice.Message, "content"u8);
            DialectJson.WriteRaw(json, choice.Message.Raw, OllamaDialect.DialectName);
            json.WriteEndObject();
        }
        DialectJson.Write(
            json,
            "logprobs"u8,
            new RawJson(OllamaLogProbs.Unwrap(choice.LogProbs.Utf8.Span).ToArray())
        );
        json.WriteBoolean("done"u8, true);
        json.WriteString(
            "done_reason"u8,
            OllamaStopWords.Word(choice.Stop, choice.StopWord.GetValueOrDefault().Escaped.Span)
        );
        OllamaUsage.Write(json, reply.Usage);
        DialectJson.WriteRaw(json, reply.Raw, OllamaDialect.DialectName);
        if (
            fallback.Elapsed is { } elapsed
            && !DialectJson.Has(reply.Raw, OllamaDialect.DialectName, null, "total_duration"u8)
        )
            json.WriteNumber("total_duration"u8, OllamaTime.Nanoseconds(elapsed()));
        json.WriteEndObject();
    }

    private static void WriteMembers(
        Utf8JsonWriter json,
        Message message,
        ReadOnlySpan<byte> content
    )
    {
        var texts = new List<JsonText>();
        var thoughts = new List<JsonText>();
        foreach (var part in message.Parts)
        {
            if (part is TextPart text)
                texts.Add(text.Text);
            else if (part is RefusalPart refusal)
                texts.Add(refusal.Text);
            else if (part is ReasoningPart { IsRedacted: false, Text.IsEmpty: false } thought)
                thoughts.Add(thought.Text);
        }
        if (!DialectJson.Has(message.Raw, OllamaDialect.DialectName, null, content))
            DialectJson.Write(json, content, JsonText.Join(texts));
        if (thoughts.Count > 0)
            DialectJson.Write(json, "thinking"u8, JsonText.Join(thoughts));
        var calls = message.Parts.OfType<ToolCallPart>().ToList();
        if (calls.Count == 0)
            return;
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
            OllamaToolWriter.WriteCall(json, call, "", losses: null);
        json.WriteEndArray();
    }
}
