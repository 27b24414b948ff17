using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Usage;

/// <summary>What is counted over some time: of whole calls, or of attempts at one model.</summary>
internal sealed class StatsWindow
{
    public long Calls { get; private set; }
    public long Successes { get; private set; }
    public long Failures { get; private set; }
    public long Timeouts { get; private set; }
    public long Tokens { get; private set; }
    public long CostNanoUsd { get; private set; }
    public long Priced { get; private set; }
    public long Unpriced { get; private set; }
    public LatencyHistogram Latency { get; } = new();
    public LatencyHistogram FirstContent { get; } = new();

    /// <summary>Calls whose first attempt failed and that a later one answered.</summary>
    public long Rescues { get; private set; }

    /// <summary>Time before the answering attempts began.</summary>
    public double AddedLatencyMs { get; private set; }
    public decimal AddedCostUsd { get; private set; }

    /// <summary>Rescues whose added cost is known.</summary>
    public long RescuesPriced { get; private set; }

    public void Add(UsageRecord record)
    {
        Calls++;
        var succeeded = record.Outcome is ExchangeOutcome.Succeeded;
        if (succeeded)
            Successes++;
        else if (record.Outcome is not ExchangeOutcome.Cancelled)
        {
            Failures++;
            if (record.Attempts is [.., { } last] && IsTimeout(last.Outcome))
                Timeouts++;
        }
        var sums = UsageSums.Of(record);
        Tokens += sums.Tokens;
        CostNanoUsd += sums.CostNanoUsd;
        Priced += sums.Priced;
        Unpriced += sums.Unpriced;
        Latency.Add(record.Total);
        if (record.FirstContent is { } first)
            FirstContent.Add(first);
    }

    public void Add(AttemptRecord attempt)
    {
        Calls++;
        if (attempt.Outcome == Success)
            Successes++;
        else if (attempt.Outcome != "client_gone")
            Failures++;
        if (IsTimeout(attempt.Outcome))
            Timeouts++;
        Tokens += (attempt.Usage?.TotalInput ?? 0) + (attempt.Usage?.TotalOutput ?? 0);
        CostNanoUsd += attempt.CostNanoUsd ?? 0;
        if (attempt.CostNanoUsd is not null)
            Priced++;
        else if (attempt.Outcome == Success)
            Unpriced++;
        Latency.Add(attempt.Duration);
        if (attempt.FirstContent is { } first)
            FirstContent.Add(first);
    }

    public void Add(in Rescue rescue)
    {
        Rescues++;
        AddedLatencyMs += rescue.AddedLatency.TotalMilliseconds;
        if (rescue.AddedCostUsd is not { } cost)
            return;
        AddedCostUsd += cost;
        RescuesPriced++;
    }

    public void Add(StatsWindow other)
    {
        Calls += other.Calls;
        Successes += other.Successes;
        Failures += other.Failures;
        Timeouts += other.Timeouts;
        Tokens += other.Tokens;
        CostNanoUsd += other.CostNanoUsd;
        Priced += other.Priced;
        Unpriced += other.Unpriced;
        Latency.Add(other.Latency);
        FirstContent.Add(other.FirstContent);
        Rescues += other.Rescues;
        AddedLatencyMs += other.AddedLatencyMs;
        AddedCostUsd += other.AddedCostUsd;
        RescuesPriced += other.RescuesPriced;
    }

    public void Clear()
    {
        Calls = Successes = Failures = Timeouts = Tokens = CostNanoUsd = Priced = Unpriced = 0;
        Rescues = RescuesPriced = 0;
        AddedLatencyMs = 0;
        AddedCostUsd = 0;
        Latency.Clear();
        FirstContent.Clear();
    }

    internal const string Success = "success";

    private static bool IsTimeout(string outcome) =>
        outcome.EndsWith("_timeout", StringComparison.Ordinal);
}

/// <summary>What a fallback chain did for a call whose first attempt failed, and what that took.</summary>
/// <param name="AddedLatency">Until the answering attempt began.</param>
/// <param name="AddedCostUsd">Failed attempts, and what the answer cost more than the first member would have taken for the same tokens; null where one of them is unknown.</param>
internal readonly record struct Rescue(TimeSpan AddedLatency, decimal? AddedCostUsd)
{
    private const decimal NanoUsd = 1_000_000_000m;

    /// <summary>Null where there was none.</summary>
    public static Rescue? Of(UsageRecord record, Func<string, PriceSheet?> prices)
    {
        var attempts = record.Attempts;
        if (
            record.Outcome is not ExchangeOutcome.Succeeded
            || attempts.Count < 2
            || attempts[0].Outcome == StatsWindow.Success
            || attempts[^1] is not { Outcome: StatsWindow.Success } answer
        )
            return null;
        return new Rescue(answer.StartedAfter, AddedCost(attempts, answer, prices));
    }

    private static decimal? AddedCost(
        IReadOnlyList<AttemptRecord> attempts,
        AttemptRecord answer,
        Func<string, PriceSheet?> prices
    )
    {
        // A failed attempt without tokens cost nothing; one with tokens and no price is unknown.
        var failed = 0L;
        for (var i = 0; i < attempts.Count - 1; i++)
        {
            if (attempts[i] is { CostNanoUsd: null, Usage: not null })
                return null;
            failed += attempts[i].CostNanoUsd ?? 0;
        }
        if (answer.Deployment == attempts[0].Deployment)
            return failed / NanoUsd;
        // What the provider itself reported is the answer's own cost, not a price.
        var usage = answer.Usage is { } said ? said with { ReportedCostUsd = null } : null;
        return
            Cost.Of(usage, prices(attempts[0].Deployment)) is { } first
            && answer.CostNanoUsd is { } cost
            ? (failed + cost) / NanoUsd - first.Usd
            : null;
    }
}
