using Dragoman.Exchanges;

namespace Dragoman.Usage;

/// <summary>Where usage records are kept.</summary>
public interface IUsageStore
{
    /// <summary>
    /// Stores all of <paramref name="records"/> or none of them. A record whose id is already there is left as it is, so that
    /// writing again after a failure counts nothing twice. Called on the ledger's own thread, which it may block.
    /// </summary>
    void Write(ReadOnlySpan<UsageRecord> records);

    /// <summary>The record of an exchange; null where there is none.</summary>
    ValueTask<UsageRecord?> FindAsync(RequestId id, CancellationToken cancellationToken = default);

    /// <summary>Records from the newest to the oldest, a page at a time.</summary>
    ValueTask<IReadOnlyList<UsageRecord>> ListAsync(
        UsageQuery query,
        CancellationToken cancellationToken = default
    );

    /// <summary>Sums over the records that match, exact to the microsecond of <c>From</c> and <c>To</c>.</summary>
    ValueTask<UsageSummary> SummarizeAsync(
        UsageSummaryQuery query,
        CancellationToken cancellationToken = default
    );
}

/// <summary>Which page of the records is asked for. Filters that are null let everything pass.</summary>
public sealed record UsageQuery
{
    /// <summary>Only records older than this one: the last of the page before. Null starts at the newest.</summary>
    public RequestId? Before { get; init; }

    /// <summary>Only this caller's records; null is everybody's.</summary>
    public string? Caller { get; init; }

    /// <summary>Only these callers' records, whatever else is asked for; null is everybody's, an empty list nobody's.</summary>
    public IReadOnlyList<string>? Callers { get; init; }

    /// <summary><c>provider/model</c> that answered, or a model's id whoever served it.</summary>
    public string? Model { get; init; }
    public string? Provider { get; init; }
    public ExchangeOutcome? Outcome { get; init; }
    public string? Workspace { get; init; }

    /// <summary>Only calls that began at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Records at most; at least 1.</summary>
    public int Limit { get; init; } = 100;
}
