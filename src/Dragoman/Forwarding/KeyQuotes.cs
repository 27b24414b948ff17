using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Forwarding;

/// <summary>Takes our keys out of what providers say: some quote the key they got, whole or starred, and their words go to clients and into records.</summary>
internal static class KeyQuotes
{
    /// <summary>OpenAI, xAI and DeepSeek star the middle of a key that they quote (seen 2026-11).</summary>
    private const string Stars = "***";

    /// <summary>A shorter "key" is a placeholder, and its letters may stand anywhere.</summary>
    private const int ShortestKey = 8;
    private const int Telling = 7;

    /// <param name="error">What the provider said.</param>
    /// <param name="body">Where it said so.</param>
    /// <param name="key">What it was sent; null where that was none.</param>
    public static UpstreamError Mask(
        UpstreamError error,
        ReadOnlySpan<byte> body,
        KeyPool.PooledKey? key
    )
    {
        if (key is null)
            return error;
        var secret = key.Secret.Reveal();
        var message = Mask(error.Message, secret);
        var isQuoted =
            secret.Length >= ShortestKey && body.IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0;
        // The body is not relayed then: a message of ours takes its place.
        return isQuoted || !ReferenceEquals(message, error.Message)
            ? error with
            {
                Message = message,
                IsCanonicalShape = false,
            }
            : error;
    }

    /// <summary>The words without the key that was sent; null stays null.</summary>
    public static string? Mask(string? message, KeyPool.PooledKey? key) =>
        key is null ? message : Mask(message, key.Secret.Reveal());

    private static string? Mask(string? message, string secret)
    {
        if (message is null)
            return null;
        var words = message.Split(' ');
        var any = false;
        for (var i = 0; i < words.Length; i++)
        {
            if (!Quotes(words[i], secret))
                continue;
            (words[i], any) = (Stars, true);
        }
        return any ? string.Join(' ', words) : message;
    }

    private static bool Quotes(string word, string secret) =>
        word.Contains(Stars, StringComparison.Ordinal)
        || secret.Length >= ShortestKey
            && word.Contains(secret.AsSpan(0, Telling), StringComparison.Ordinal);
}
