using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>What <c>stop_reason</c> says (platform.claude.com, handling stop reasons, seen 2026-11).</summary>
internal static class AnthropicStopWords
{
    /// <summary>Reads an escaped word.</summary>
    public static StopReason Read(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("end_turn"u8))
            return StopReason.Stop;
        if (word.SequenceEqual("tool_use"u8))
            return StopReason.ToolCalls;
        if (
            word.SequenceEqual("max_tokens"u8)
            || word.SequenceEqual("model_context_window_exceeded"u8)
        )
            return StopReason.Length;
        if (word.SequenceEqual("stop_sequence"u8))
            return StopReason.StopSequence;
        if (word.SequenceEqual("refusal"u8))
            return StopReason.Refusal;
        return word.SequenceEqual("pause_turn"u8) || word.SequenceEqual("compaction"u8)
            ? StopReason.Pause
            : StopReason.Unknown;
    }

    /// <summary>The word a client of this dialect is told: the provider's own where it is one of Anthropic's.</summary>
    /// <param name="stop">Why the model stopped.</param>
    /// <param name="own">The provider's word; empty where it said none.</param>
    public static ReadOnlySpan<byte> Word(StopReason stop, ReadOnlySpan<byte> own)
    {
        if (Read(own) == stop && stop is not StopReason.Unknown)
            return own;
        return stop switch
        {
            StopReason.Length => "max_tokens"u8,
            StopReason.ToolCalls => "tool_use"u8,
            StopReason.StopSequence => "stop_sequence"u8,
            StopReason.ContentFilter or StopReason.Refusal => "refusal"u8,
            StopReason.Pause => "pause_turn"u8,
            _ => "end_turn"u8,
        };
    }
}
