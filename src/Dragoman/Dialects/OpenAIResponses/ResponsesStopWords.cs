using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>What <c>status</c> and <c>incomplete_details.reason</c> say of why the model stopped.</summary>
internal static class ResponsesStopWords
{
    /// <param name="status">The escaped status.</param>
    /// <param name="reason">The escaped reason of an incomplete answer; empty where there is none.</param>
    /// <param name="hasCalls">The answer calls tools of the client.</param>
    public static StopReason Read(
        ReadOnlySpan<byte> status,
        ReadOnlySpan<byte> reason,
        bool hasCalls
    )
    {
        if (reason.SequenceEqual("content_filter"u8))
            return StopReason.ContentFilter;
        if (reason.SequenceEqual("max_output_tokens"u8) || status.SequenceEqual("incomplete"u8))
            return StopReason.Length;
        if (hasCalls)
            return StopReason.ToolCalls;
        return status.SequenceEqual("completed"u8) ? StopReason.Stop : StopReason.Unknown;
    }

    /// <summary>The reason of an answer that is not complete; empty for one that is.</summary>
    public static ReadOnlySpan<byte> Reason(StopReason stop) =>
        stop switch
        {
            StopReason.Length => "max_output_tokens"u8,
            StopReason.ContentFilter => "content_filter"u8,
            _ => default,
        };
}
