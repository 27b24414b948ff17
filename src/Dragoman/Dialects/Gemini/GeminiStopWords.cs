using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>What <c>finishReason</c> says (ai.google.dev/api/generate-content, FinishReason, seen 2026-11).</summary>
internal static class GeminiStopWords
{
    /// <summary>Reads an escaped word.</summary>
    /// <param name="word">The word, without quotes.</param>
    /// <param name="hasToolCalls">The candidate called functions: Gemini says STOP all the same.</param>
    public static StopReason Read(ReadOnlySpan<byte> word, bool hasToolCalls)
    {
        // The second is no word of Google's, but of servers that imitate it (aimock 1.43, seen 2026-11).
        if (word.SequenceEqual("STOP"u8) || word.SequenceEqual("FUNCTION_CALL"u8))
            return hasToolCalls ? StopReason.ToolCalls : StopReason.Stop;
        if (word.SequenceEqual("MAX_TOKENS"u8))
            return StopReason.Length;
        // No word of Google's, but of some that speak its dialect.
        if (word.SequenceEqual("FUNCTION_CALL"u8))
            return StopReason.ToolCalls;
        return IsFilter(word) ? StopReason.ContentFilter : StopReason.Unknown;
    }

    /// <summary>The word a client of this dialect is told: the provider's own where it is one of Gemini's.</summary>
    public static ReadOnlySpan<byte> Word(StopReason stop, ReadOnlySpan<byte> own)
    {
        if (IsGeminis(own))
            return own;
        return stop switch
        {
            StopReason.Stop
            or StopReason.StopSequence
            or StopReason.ToolCalls
            or StopReason.Pause => "STOP"u8,
            StopReason.Length => "MAX_TOKENS"u8,
            StopReason.ContentFilter or StopReason.Refusal => "SAFETY"u8,
            StopReason.Error => "OTHER"u8,
            // A word nobody knows still ended the answer.
            _ => own.IsEmpty ? default : "STOP"u8,
        };
    }

    private static bool IsFilter(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("SAFETY"u8)
        || word.SequenceEqual("RECITATION"u8)
        || word.SequenceEqual("BLOCKLIST"u8)
        || word.SequenceEqual("PROHIBITED_CONTENT"u8)
        || word.SequenceEqual("SPII"u8)
        || word.SequenceEqual("LANGUAGE"u8)
        || word.SequenceEqual("MODEL_ARMOR"u8)
        || word.SequenceEqual("JAILBREAK"u8)
        || (word.StartsWith("IMAGE_"u8) && !word.SequenceEqual("IMAGE_OTHER"u8));

    /// <summary>All its words are in upper case, and nobody else's are.</summary>
    private static bool IsGeminis(ReadOnlySpan<byte> word) =>
        !word.IsEmpty && !word.ContainsAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"u8);
}
