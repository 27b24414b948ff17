using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Guardrails;
using Dragoman.Routing;
using Dragoman.Routing.Decisions;

namespace Dragoman.Usage;

/// <summary>Tokens, cost, time and route of one exchange. Written once, at its end; never changed.</summary>
public sealed record UsageRecord
{
    public required RequestId Id { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Who asked; null while the server is open.</summary>
    public string? Caller { get; init; }

    /// <summary>Whether it is of one of these callers; null is of anybody.</summary>
    internal bool IsWithin(IReadOnlyList<string>? callers) =>
        callers is null || (Caller is { } own && callers.Contains(own, StringComparer.Ordinal));

    /// <summary>The client's workspace, as it said it.</summary>
    public string? Workspace { get; init; }

    /// <summary>The client's own run that the call belongs to, as it said it.</summary>
    public string? Execution { get; init; }

    /// <summary>The tier of the client's user, as it said it.</summary>
    public string? UserTier { get; init; }

    /// <summary>Free words the client wanted kept.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>One of <see cref="TaskNames.All"/>; null where nobody said or found out.</summary>
    public string? Task { get; init; }

    /// <summary>The inbound dialect.</summary>
    public required string Dialect { get; init; }

    /// <summary><c>chat</c> or <c>embeddings</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>The name the client asked for.</summary>
    public string? Route { get; init; }

    /// <summary>The fallback chain or route whose members were tried; null where neither was.</summary>
    public string? Chain { get; init; }

    /// <summary><c>provider/model</c> that answered; null where none did.</summary>
    public string? Deployment { get; init; }
    public bool Streamed { get; init; }
    public required ExchangeOutcome Outcome { get; init; }

    /// <summary>HTTP status the client got.</summary>
    public int Status { get; init; }

    /// <summary>The error's code; null on success.</summary>
    public string? ErrorCode { get; init; }
    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];

    /// <summary>Chain members that were not tried, with the reason.</summary>
    public IReadOnlyList<SkipRecord> Skipped { get; init; } = [];

    /// <summary>All attempts' tokens together, where known.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>All attempts' cost in nano-dollars, rounded once; null is unknown, never free.</summary>
    public long? CostNanoUsd { get; init; }
    public CostBasis CostBasis { get; init; }

    /// <summary>From the request's arrival to the first text, reasoning or tool delta; null where nothing was streamed.</summary>
    public TimeSpan? FirstContent { get; init; }
    public TimeSpan Total { get; init; }

    /// <summary>What of <see cref="Total"/> was neither the provider's time nor the client's: our own.</summary>
    public TimeSpan Overhead { get; init; }

    /// <summary>What was changed on the way: parameters defaulted or dropped, chunks skipped.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>What guardrails found: kinds and numbers, never the text.</summary>
    public IReadOnlyList<GuardrailFinding> Guardrails { get; init; } = [];

    /// <summary>Why this chain.</summary>
    public string? Reason { get; init; }

    /// <summary>What the request was found to be about; null where nothing of the decision hung on it.</summary>
    public RequestProfile? Profile { get; init; }

    /// <summary>What was weighed, and how; null where there was nothing to weigh.</summary>
    public DecisionRecord? Decision { get; init; }
}
