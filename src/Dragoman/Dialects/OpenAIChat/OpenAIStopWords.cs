using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>What <c>finish_reason</c> says, in OpenAI's words and in those of providers that speak this dialect.</summary>
internal static class OpenAIStopWords
{
    /// <summary>Reads an escaped word.</summary>
    /// <param name="word">The word, without quotes.</param>
    /// <param name="hasToolCalls">The choice called tools: some providers say "stop" all the same (WIRE: Gemini, Ollama).</param>
    public static StopReason Read(ReadOnlySpan<byte> word, bool hasToolCalls)
    {
        var stop = Read(word);
        return stop is StopReason.Stop && hasToolCalls ? StopReason.ToolCalls : stop;
    }

    /// <summary>The word a client of this dialect is told: the provider's own where it is one of OpenAI's; empty where none is known.</summary>
    public static ReadOnlySpan<byte> Word(StopReason stop, ReadOnlySpan<byte> own)
    {
        if (IsOpenAIs(own))
            return own;
        return stop switch
        {
            StopReason.Stop or StopReason.StopSequence or StopReason.Pause => "stop"u8,
            StopReason.Length => "length"u8,
            StopReason.ToolCalls => "tool_calls"u8,
            StopReason.ContentFilter or StopReason.Refusal => "content_filter"u8,
            // A word nobody knows still ended the answer, and clients wait for one of theirs.
            _ => own.IsEmpty ? default : "stop"u8,
        };
    }

    private static bool IsOpenAIs(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("stop"u8)
        || word.SequenceEqual("length"u8)
        || word.SequenceEqual("tool_calls"u8)
        || word.SequenceEqual("content_filter"u8)
        || word.SequenceEqual("function_call"u8);

    private static StopReason Read(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("stop"u8) || word.SequenceEqual("eos"u8))
            return StopReason.Stop;
        if (word.SequenceEqual("tool_calls"u8) || word.SequenceEqual("function_call"u8))
            return StopReason.ToolCalls;
        // Mistral's model_length is the context's end.
        if (word.SequenceEqual("length"u8) || word.SequenceEqual("model_length"u8))
            return StopReason.Length;
        if (word.SequenceEqual("content_filter"u8))
            return StopReason.ContentFilter;
        return word.SequenceEqual("error"u8) ? StopReason.Error : StopReason.Unknown;
    }
}
