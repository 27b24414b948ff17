using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes a whole chat completion.</summary>
internal static class OpenAIChatReplyWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="fallback">Stands in for what the provider did not say.</param>
    public static void Write(IBufferWriter<byte> output, ChatReply reply, in ReplyFallback fallback)
    {
        var id = reply.Id is { IsEmpty: false } own ? own : fallback.Id;
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        DialectJson.Write(json, "id"u8, id);
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, reply.Created ?? fallback.Created);
        DialectJson.Write(
            json,
            "model"u8,
            reply.Model is { IsEmpty: false } model ? model : fallback.Model
        );
        json.WriteStartArray("choices"u8);
        var sources = Sources(reply);
        for (var i = 0; i < reply.Choices.Count; i++)
            WriteChoice(json, reply.Choices[i], id.ToString(), i == 0 ? sources : []);
        json.WriteEndArray();
        if (reply.Usage is not null || reply.RawUsage is not null)
        {
            json.WritePropertyName("usage"u8);
            OpenAIUsageWriter.Write(json, reply.Usage ?? new TokenUsage(), reply.RawUsage);
        }
        if (
            !OpenAIJson.Has(reply.Raw, null, "service_tier"u8)
            && reply.Usage?.ServiceTier is { } tier
        )
            json.WriteString("service_tier"u8, tier);
        OpenAIJson.WriteRaw(json, reply.Raw);
        json.WriteEndObject();
    }

    /// <summary>Sources that stand in no field which is carried.</summary>
    private static IReadOnlyList<Citation> Sources(ChatReply reply) =>
        OpenAIJson.Has(reply.Raw, null, "citations"u8)
        || reply.Choices.Any(static choice =>
            OpenAIJson.Has(choice.Message.Raw, null, "annotations"u8)
            || OpenAIJson.Has(choice.Message.Raw, null, "citations"u8)
        )
            ? []
            : reply.Citations;

    private static void WriteChoice(
        Utf8JsonWriter json,
        ChatChoice choice,
        string replyId,
        IReadOnlyList<Citation> citations
    )
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice.Index);
        json.WritePropertyName("message"u8);
        OpenAIReplyMessageWriter.Write(json, choice.Message, replyId, citations);
        DialectJson.Write(json, "logprobs"u8, choice.LogProbs);
        // OpenAI's schema requires it, if only as null; so it does with refusal and finish_reason.
        if (choice.LogProbs.IsEmpty && !OpenAIJson.Has(choice.Raw, null, "logprobs"u8))
            json.WriteNull("logprobs"u8);
        if (!OpenAIJson.Has(choice.Raw, null, "finish_reason"u8))
        {
            var word = OpenAIStopWords.Word(
                choice.Stop,
                choice.StopWord.GetValueOrDefault().Escaped.Span
            );
            if (word.IsEmpty)
                json.WriteNull("finish_reason"u8);
            else
                json.WriteString("finish_reason"u8, word);
        }
        OpenAIJson.WriteRaw(json, choice.Raw);
        json.WriteEndObject();
    }
}
