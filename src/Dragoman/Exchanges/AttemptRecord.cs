using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Exchanges;

/// <summary>One try of an exchange at one deployment.</summary>
public sealed record AttemptRecord
{
    /// <summary><c>provider/model</c>.</summary>
    public required string Deployment { get; init; }

    /// <summary>Outcome word, e.g. <c>success</c>, <c>rate_limited</c>, <c>stream_cut</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The upstream's HTTP status; null where it sent none.</summary>
    public int? Status { get; init; }

    /// <summary>From the start of the exchange.</summary>
    public TimeSpan StartedAfter { get; init; }
    public TimeSpan Duration { get; init; }
    public TimeSpan? FirstContent { get; init; }

    /// <summary>Which key of the pool (1, 2 …); null where there is none.</summary>
    public int? Key { get; init; }

    /// <summary>What the provider said went wrong, shortened; never the prompt.</summary>
    public string? Error { get; init; }
    public TokenUsage? Usage { get; init; }
    public long? CostNanoUsd { get; init; }
    public CostBasis CostBasis { get; init; }
}

/// <summary>A chain member that was passed over.</summary>
public sealed record SkipRecord(string Deployment, string Reason);
