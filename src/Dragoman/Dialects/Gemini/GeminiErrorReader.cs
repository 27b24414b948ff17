using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Reads Google's errors: <c>{"error": {"code", "message", "status", "details"}}</c>, also in a list, and whatever else a provider of
/// this dialect or a proxy before it sends. Never throws.
/// </summary>
internal static class GeminiErrorReader
{
    public static UpstreamError Read(ReadOnlySpan<byte> body)
    {
        var error = OpenAIErrorReader.Read(body);
        var said = error.IsCanonicalShape ? ErrorOf(body) : default;
        return error with
        {
            // A bad or expired key is told with 400 and INVALID_ARGUMENT; the reason in the details alone says so every time.
            Code = body.IndexOf("\"API_KEY_INVALID\""u8) >= 0 ? "API_KEY_INVALID" : error.Code,
            IsCanonicalShape = IsOwn(said),
        };
    }

    /// <summary>A client of this dialect can have it as it is.</summary>
    private static bool IsOwn(ReadOnlySpan<byte> error)
    {
        var (hasCode, hasStatus) = (false, false);
        var members = new JsonWalk(error);
        while (members.Next())
        {
            hasCode |= members.Is("code"u8) && members.Integer is not null;
            hasStatus |= members.Is("status"u8) && members.IsText;
        }
        return hasCode && hasStatus;
    }

    private static ReadOnlySpan<byte> ErrorOf(ReadOnlySpan<byte> body)
    {
        var members = new JsonWalk(body);
        while (members.Next())
        {
            if (members.IsObject && members.Is("error"u8))
                return members.Value;
        }
        return default;
    }
}
