using System.Text.Json;
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
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 512 });
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            json.Read();
            return new ReplyFacts { IsJson = true, Error = OpenAIErrorReader.Read(body) };
        }
        var (isAnswer, isError, contentBytes) = (false, false, 0L);
        TokenUsage? usage = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals(answerMember))
            {
                json.Read();
                isAnswer = json.TokenType == JsonTokenType.StartArray;
                contentBytes = CountStrings(ref json);
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.StartObject)
                    usage = OpenAIUsageReader.Read(ref json, reasoningOutsideCompletion);
                else
                    json.Skip();
            }
            else
            {
                var named = json.ValueTextEquals("error"u8);
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
            ContentBytes = contentBytes,
        };
    }

    private static long CountStrings(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return 0;
        }
        var depth = json.CurrentDepth;
        var bytes = 0L;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType == JsonTokenType.String)
                bytes += json.ValueSpan.Length;
        }
        return bytes;
    }
}
