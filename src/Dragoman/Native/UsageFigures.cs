using System.Text.Json.Serialization;
using Dragoman.Usage;

namespace Dragoman.Native;

/// <summary>What calls cost, used and took together.</summary>
public record UsageFigures
{
    private const decimal NanoUsd = 1_000_000_000m;

    public UsageFigures() { }

    internal UsageFigures(in UsageSums sums)
    {
        var unknownCost = sums.Priced == 0 && sums.Unpriced > 0;
        var unknownTokens = sums.Counted == 0 && sums.Uncounted > 0;
        TotalCost = unknownCost ? null : sums.CostNanoUsd / NanoUsd;
        UnpricedCalls = sums.Unpriced;
        TotalTokens = unknownTokens ? null : sums.Tokens;
        Tokens = unknownTokens
            ? null
            : new UsageTokens
            {
                Input = sums.Input,
                CacheRead = sums.CacheRead,
                CacheWrite = sums.CacheWrite,
                Output = sums.Output,
                Reasoning = sums.Reasoning,
                Media = sums.Media,
            };
        UncountedCalls = sums.Uncounted;
        CallCount = sums.Calls;
        Successes = sums.Succeeded;
        Failures = sums.Failed;
        Cancelled = sums.Calls - sums.Succeeded - sums.Failed;
        AverageLatencyMs =
            sums.Calls == 0 ? null : Math.Round(sums.TotalMicroseconds / 1000m / sums.Calls, 3);
    }

    /// <summary>US dollars of the calls whose cost is known; null where it is known of none, and 0 only where it was 0.</summary>
    [JsonPropertyOrder(10)]
    public decimal? TotalCost { get; init; }

    /// <summary>Calls that a model answered at a cost nobody knows; <see cref="TotalCost"/> is without them.</summary>
    [JsonPropertyOrder(11)]
    public long UnpricedCalls { get; init; }

    /// <summary>Tokens of the calls whose tokens are known; null where they are known of none.</summary>
    [JsonPropertyOrder(12)]
    public long? TotalTokens { get; init; }

    /// <summary><see cref="TotalTokens"/> in disjoint kinds.</summary>
    [JsonPropertyOrder(13)]
    public UsageTokens? Tokens { get; init; }

    /// <summary>Calls that a model answered without anybody telling the tokens.</summary>
    [JsonPropertyOrder(14)]
    public long UncountedCalls { get; init; }

    [JsonPropertyOrder(15)]
    public long CallCount { get; init; }

    [JsonPropertyOrder(16)]
    public long Successes { get; init; }

    /// <summary>Calls that failed, or broke after the answer had begun.</summary>
    [JsonPropertyOrder(17)]
    public long Failures { get; init; }

    /// <summary>Calls whose client went away.</summary>
    [JsonPropertyOrder(18)]
    public long Cancelled { get; init; }

    /// <summary>From arrival to the last byte, over all calls; null where there were none.</summary>
    [JsonPropertyOrder(19)]
    public decimal? AverageLatencyMs { get; init; }
}

/// <summary>Tokens in disjoint kinds, as in a record's usage.</summary>
public sealed record UsageTokens
{
    /// <summary>Of the prompt, from no cache and to none.</summary>
    public long Input { get; init; }
    public long CacheRead { get; init; }
    public long CacheWrite { get; init; }

    /// <summary>Of the answer, but for reasoning.</summary>
    public long Output { get; init; }
    public long Reasoning { get; init; }

    /// <summary>Audio and images, where a provider counts them apart.</summary>
    public long Media { get; init; }
}
