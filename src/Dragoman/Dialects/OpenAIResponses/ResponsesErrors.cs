using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Reads errors as this dialect tells them: in a body, in an event, or in a response object that failed.</summary>
internal static class ResponsesErrors
{
    /// <summary>Any body: that of a response that failed, or an error as OpenAI's other answers have it.</summary>
    public static UpstreamError OfBody(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(
                body,
                new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
            );
            while (reader.Read()) { }
        }
        catch (JsonException)
        {
            return OpenAIErrorReader.Read(body);
        }
        var members = new JsonWalk(body);
        while (members.Next())
        {
            if (
                members.Is("object"u8)
                && members.IsText
                && members.Text.SequenceEqual("response"u8)
            )
                return OfResponse(body);
        }
        return OpenAIErrorReader.Read(body);
    }

    /// <summary>A sound response object that failed.</summary>
    public static UpstreamError OfResponse(ReadOnlySpan<byte> response)
    {
        var members = new JsonWalk(response);
        while (members.Next())
        {
            if (members.IsObject && members.Is("error"u8))
                return OpenAIErrorReader.Read([
                    .. "{\"error\":"u8,
                    .. members.Value,
                    (byte)'}',
                ]) with
                {
                    IsCanonicalShape = false,
                };
        }
        return new UpstreamError
        {
            Message = "The provider gave up its answer without saying why.",
        };
    }

    /// <summary>The event <c>error</c>, which tells it flat or in a member <c>error</c>.</summary>
    public static UpstreamError OfEvent(ReadOnlySpan<byte> data)
    {
        var error = OpenAIErrorReader.Read(data);
        return error with
        {
            // The event's own type is no kind of error.
            Type = error.Type is "error" ? null : error.Type,
            IsCanonicalShape = false,
        };
    }
}
