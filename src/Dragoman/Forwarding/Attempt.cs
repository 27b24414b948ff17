using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Limits;
using Dragoman.Providers;

namespace Dragoman.Forwarding;

/// <summary>One try at one deployment: what it needs, and what it noticed.</summary>
internal sealed class Attempt
{
    public required Deployment Deployment { get; init; }
    public KeyPool.PooledKey? Key { get; init; }

    /// <summary>What it holds of limits and budgets; null where none bears on it.</summary>
    public AttemptPass? Pass { get; init; }

    /// <summary>In which dialect it is asked, and whether that is another than the client's.</summary>
    public required Speech Speech { get; init; }
    public required Deadlines Deadlines { get; init; }
    public required AttemptClock Clock { get; init; }
    public required long StartedAt { get; init; }

    public required SplicedContent Content { get; init; }

    /// <summary>We asked for usage that the client did not ask for: it is withheld from the client.</summary>
    public bool WithholdUsage { get; init; }

    /// <summary>How it carries on what earlier attempts sent; null for a fresh start.</summary>
    public Recovery? Recovery { get; init; }

    public PrefillStyle Prefill { get; init; }

    /// <summary>Another deployment could take over if this one fails.</summary>
    public required bool AnotherRemains { get; init; }

    /// <summary>The deployment was asked although it rested: its answer will tell that it is back.</summary>
    public bool BeganWhileCooling { get; set; }

    /// <summary>Where its key stood by what the provider says of its limits; none where it says nothing.</summary>
    public AllowanceMark Allowance { get; init; }

    /// <summary>What watched its stream; null until there was one.</summary>
    public StreamTap? Tap { get; set; }

    /// <summary>Content of it reached the client.</summary>
    public bool Committed { get; set; }

    /// <summary>The upstream's status; null until it sent one.</summary>
    public int? Status { get; set; }
    public TimeSpan? FirstContent { get; set; }
    public TokenUsage? Usage { get; set; }

    /// <summary>Tokens of the answer as we estimate them, where no usage came.</summary>
    public long? EstimatedTokens { get; set; }

    /// <summary>The service tier that the answer says it was served with, where that has prices of its own.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>What it cost by the prices of <paramref name="now"/>; null where nobody knows.</summary>
    public Cost? CostAt(DateTimeOffset now) =>
        Cost.Of(
            Usage,
            Deployment.Prices?.On(DateOnly.FromDateTime(now.UtcDateTime)).For(ServiceTier)
        );

    public AttemptRecord ToRecord(
        AttemptOutcome outcome,
        Cost? cost,
        TimeProvider time,
        long exchangeStart
    ) =>
        new()
        {
            Deployment = Deployment.PublicName,
            Outcome = outcome.Word,
            Status = Status,
            StartedAfter = time.GetElapsedTime(exchangeStart, StartedAt),
            Duration = time.GetElapsedTime(StartedAt),
            FirstContent = FirstContent,
            Key = Key is null ? null : Key.Index + 1,
            Error = Shortened(outcome.Error?.Message ?? outcome.Detail),
            Usage = Usage,
            CostNanoUsd = cost?.ToNanoUsd(),
            CostBasis = cost?.Basis ?? CostBasis.Unpriced,
        };

    private static string? Shortened(string? message) =>
        message is { Length: > 300 } ? message[..300] + "…" : message;
}
