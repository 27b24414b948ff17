using System.Text.Json.Serialization;

namespace Dragoman.Canonical;

/// <summary>
/// Tokens of one answer in disjoint buckets: no token is counted in two of them, so each is priced once.
/// Null means that nobody told us; zero means that somebody told us zero.
/// </summary>
public sealed record TokenUsage
{
    /// <summary>Prompt tokens that came from no cache and were written to none.</summary>
    public long? Input { get; init; }

    /// <summary>Prompt tokens read from the provider's cache.</summary>
    public long? CacheRead { get; init; }

    /// <summary>Prompt tokens written to a cache that lives five minutes (or a time the provider does not say).</summary>
    public long? CacheWrite { get; init; }

    /// <summary>Prompt tokens written to a cache that lives one hour.</summary>
    [JsonPropertyName("cache_write_1h")]
    public long? CacheWrite1h { get; init; }

    /// <summary>Answer tokens but for reasoning and audio.</summary>
    public long? Output { get; init; }

    /// <summary>Reasoning tokens.</summary>
    public long? Reasoning { get; init; }

    /// <summary>Audio tokens of the prompt.</summary>
    public long? AudioInput { get; init; }

    /// <summary>Audio tokens of the answer.</summary>
    public long? AudioOutput { get; init; }

    /// <summary>Image tokens of the prompt, where a provider counts them apart.</summary>
    public long? ImageInput { get; init; }

    /// <summary>Image tokens of the answer, where a provider counts them apart.</summary>
    public long? ImageOutput { get; init; }

    /// <summary>The total as the provider said it; never recomputed.</summary>
    public long? ReportedTotal { get; init; }

    /// <summary>What the provider itself says the call cost, in US dollars.</summary>
    public decimal? ReportedCostUsd { get; init; }

    /// <summary>The service tier it was served with, where that has prices of its own: <c>flex</c>, <c>priority</c>, <c>batch</c>.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>True where the counts are our estimate because the provider sent none.</summary>
    public bool Estimated { get; init; }

    /// <summary>All prompt tokens; null when no bucket of the prompt is known.</summary>
    public long? TotalInput =>
        Sum(Input, CacheRead, CacheWrite, CacheWrite1h, AudioInput, ImageInput);

    /// <summary>All answer tokens, reasoning included; null when no bucket of the answer is known.</summary>
    public long? TotalOutput => Sum(Output, Reasoning, AudioOutput, ImageOutput);

    private static long? Sum(params ReadOnlySpan<long?> counts)
    {
        long? sum = null;
        foreach (var count in counts)
        {
            if (count is { } known)
                sum = (sum ?? 0) + known;
        }
        return sum;
    }
}
