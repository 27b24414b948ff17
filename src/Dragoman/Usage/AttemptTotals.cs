using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Usage;

/// <summary>What all attempts of an exchange used and cost together. Known plus absent is known; absent alone stays absent.</summary>
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

    /// <summary>The sum, and the weakest basis in it. One attempt that used tokens at an unknown price makes the sum unknown.</summary>
    public static (long? NanoUsd, CostBasis Basis) Cost(IReadOnlyList<AttemptRecord> attempts)
    {
        long? sum = null;
        var basis = CostBasis.Unpriced;
        for (var i = 0; i < attempts.Count; i++)
        {
            var attempt = attempts[i];
            if (attempt.CostNanoUsd is not { } cost)
            {
                if (UsedTokens(attempt))
                    return (null, CostBasis.Unpriced);
                continue;
            }
            basis = sum is null ? attempt.CostBasis : Weaker(basis, attempt.CostBasis);
            sum = (sum ?? 0) + cost;
        }
        return (sum, basis);
    }

    // A failed attempt that told no usage used none: what was generated before a break is estimated by whoever saw it.
    private static bool UsedTokens(AttemptRecord attempt) =>
        attempt.Usage is { } usage
            ? (usage.TotalInput ?? usage.ReportedTotal ?? 0) + (usage.TotalOutput ?? 0) > 0
            : attempt.Outcome == "success";

    private static CostBasis Weaker(CostBasis one, CostBasis other) =>
        one == other ? one
        : one == CostBasis.Estimated || other == CostBasis.Estimated ? CostBasis.Estimated
        : CostBasis.Computed;

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
