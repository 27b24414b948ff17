using Dragoman.Canonical;
using Dragoman.Exchanges;

namespace Dragoman.Usage;

/// <summary>What all attempts of an exchange used together. Known plus absent is known; absent alone stays absent.</summary>
internal static class AttemptTotals
{
    public static TokenUsage? Usage(IReadOnlyList<AttemptRecord> attempts)
    {
        TokenUsage? total = null;
        for (var i = 0; i < attempts.Count; i++)
        {
            if (attempts[i].Usage is { } usage)
                total = total is null ? usage : Add(total, usage);
        }
        return total;
    }

    private static TokenUsage Add(TokenUsage one, TokenUsage other) =>
        new()
        {
            Input = Add(one.Input, other.Input),
            CacheRead = Add(one.CacheRead, other.CacheRead),
            CacheWrite = Add(one.CacheWrite, other.CacheWrite),
            CacheWrite1h = Add(one.CacheWrite1h, other.CacheWrite1h),
            Output = Add(one.Output, other.Output),
            Reasoning = Add(one.Reasoning, other.Reasoning),
            AudioInput = Add(one.AudioInput, other.AudioInput),
            AudioOutput = Add(one.AudioOutput, other.AudioOutput),
            ImageInput = Add(one.ImageInput, other.ImageInput),
            ImageOutput = Add(one.ImageOutput, other.ImageOutput),
            ReportedTotal = Add(one.ReportedTotal, other.ReportedTotal),
            ReportedCostUsd =
                one.ReportedCostUsd is null && other.ReportedCostUsd is null
                    ? null
                    : (one.ReportedCostUsd ?? 0) + (other.ReportedCostUsd ?? 0),
            Estimated = one.Estimated || other.Estimated,
        };

    private static long? Add(long? one, long? other) =>
        one is null && other is null ? null : (one ?? 0) + (other ?? 0);
}
