using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads the <c>service_tier</c> of an answer, which says what was charged rather than what was asked for.</summary>
internal static class OpenAIServiceTier
{
    /// <summary>
    /// The tiers with prices of their own by name, null for any other; allocates nothing
    /// (platform.openai.com, pricing, seen 2026-11).
    /// </summary>
    public static string? Of(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("flex"u8) ? "flex"
        : word.SequenceEqual("priority"u8) ? "priority"
        : null;

    /// <summary>Steps from the name over the value, and says the same of it.</summary>
    public static string? Read(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return null;
        }
        return JsonUnescape.Is(ref json, "flex"u8) ? "flex"
            : JsonUnescape.Is(ref json, "priority"u8) ? "priority"
            : null;
    }
}
