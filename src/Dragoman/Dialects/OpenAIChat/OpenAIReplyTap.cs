using System.Text.Json;
using System.Text.Unicode;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Looks through a whole chat or embeddings answer before it is relayed.</summary>
internal static class OpenAIReplyTap
{
    /// <param name="body">The answer's body.</param>
    /// <param name="answerMember"><c>choices</c> or <c>data</c>: without it the body is no answer.</param>
    /// <param name="reasoningOutsideCompletion">The provider counts reasoning apart from completion tokens (xAI).</param>
    public static ReplyFacts Read(
        ReadOnlySpan<byte> body,
        ReadOnlySpan<byte> answerMember,
        bool reasoningOutsideCompletion
    )
    {
        // The reader takes the bytes inside strings on trust.
        if (!Utf8.IsValid(body))
            return default;
        try
        {
            return ReadBody(body, answerMember, reasoningOutsideCompletion);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static ReplyFacts ReadBody(
        ReadOnlySpan<byte> body,
        ReadOnlySpan<byte> answerMember,
        bool reasoningOutsideCompletion
    )
    {
        var json = new Utf8JsonReader(
            body,
            new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
        );
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            json.Read();
            return new ReplyFacts { IsJson = true, Error = OpenAIErrorReader.Read(body) };
        }
        var (isAnswer, isError) = (false, false);
        Utf8JsonReader answer = default;
        TokenUsage? usage = null;
        string? tier = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonUnescape.Is(ref json, answerMember))
            {
                json.Read();
                isAnswer = json.TokenType == JsonTokenType.StartArray;
                answer = json;
                json.Skip();
            }
            else if (JsonUnescape.Is(ref json, "usage"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.StartObject)
                    usage = OpenAIUsageReader.Read(ref json, reasoningOutsideCompletion);
                else
                    json.Skip();
            }
            else if (JsonUnescape.Is(ref json, "service_tier"u8))
            {
                tier = OpenAIServiceTier.Read(ref json);
            }
            else
            {
                var named = JsonUnescape.Is(ref json, "error"u8);
                json.Read();
                isError |= named && json.TokenType != JsonTokenType.Null;
                json.Skip();
            }
        }
        json.Read(); // Throws where something follows the object.
        return new ReplyFacts
        {
            IsJson = true,
            IsAnswer = isAnswer && !isError,
            Error = isError || !isAnswer ? OpenAIErrorReader.Read(body) : null,
            Usage = usage,
            ServiceTier = tier,
            Embedding =
                isAnswer && answerMember.SequenceEqual("data"u8) ? FirstEncoding(answer) : null,
            EstimatedTokens = isAnswer && usage is null ? EstimateStrings(answer) : null,
        };
    }

    private static EmbeddingEncoding? FirstEncoding(Utf8JsonReader json)
    {
        var depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (
                json.TokenType != JsonTokenType.PropertyName
                || !JsonUnescape.Is(ref json, "embedding"u8)
            )
                continue;
            json.Read();
            return json.TokenType switch
            {
                JsonTokenType.StartArray => EmbeddingEncoding.Float,
                JsonTokenType.String => EmbeddingEncoding.Base64,
                _ => null,
            };
        }
        return null;
    }

    private static long EstimateStrings(Utf8JsonReader json)
    {
        var depth = json.CurrentDepth;
        var estimate = new TokenEstimate();
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType == JsonTokenType.String)
                estimate.Add(json.ValueSpan);
        }
        return estimate.Tokens;
    }
}
