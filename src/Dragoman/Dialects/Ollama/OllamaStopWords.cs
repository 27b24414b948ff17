using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>What <c>done_reason</c> says.</summary>
internal static class OllamaStopWords
{
    /// <summary>Reads an escaped word; servers before 0.1.40 leave it out, and tool turns say "stop".</summary>
    public static StopReason Read(ReadOnlySpan<byte> word, bool hasToolCalls)
    {
        if (word.SequenceEqual("length"u8))
            return StopReason.Length;
        if (word.IsEmpty || word.SequenceEqual("stop"u8))
            return hasToolCalls ? StopReason.ToolCalls : StopReason.Stop;
        return IsMoved(word) ? StopReason.Stop : StopReason.Unknown;
    }

    /// <summary>The word a client is told.</summary>
    /// <param name="stop">Why the answer ended.</param>
    /// <param name="own">The provider's own word, escaped; empty where it said none.</param>
    public static ReadOnlySpan<byte> Word(StopReason stop, ReadOnlySpan<byte> own) =>
        stop switch
        {
            _ when IsMoved(own) => own,
            StopReason.Length => "length"u8,
            // Ollama has no word for it; the field takes any, and none of its own would be true.
            StopReason.ContentFilter or StopReason.Refusal => "content_filter"u8,
            StopReason.Unknown when !own.IsEmpty => own,
            _ => "stop"u8,
        };

    /// <summary>Nothing was asked but to load the model, or to let it go.</summary>
    private static bool IsMoved(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("load"u8) || word.SequenceEqual("unload"u8);
}
