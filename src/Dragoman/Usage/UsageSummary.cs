namespace Dragoman.Usage;

/// <summary>Calls summed up: all that were asked for, and those of each group.</summary>
/// <param name="Query">What was asked for.</param>
/// <param name="Totals">All calls that match, those of rows that were left out included.</param>
/// <param name="Rows">By cost and then calls, dearest first; times in their order.</param>
/// <param name="Truncated">There were more rows than the limit: the cheapest, or the oldest times, are left out.</param>
public sealed record UsageSummary(
    UsageSummaryQuery Query,
    UsageSums Totals,
    IReadOnlyList<UsageSummaryRow> Rows,
    bool Truncated
)
{
    /// <summary>Orders and cuts the groups.</summary>
    internal static UsageSummary Of(
        UsageSummaryQuery query,
        in UsageSums totals,
        List<UsageSummaryRow> rows
    )
    {
        var byTime = query.By.IsTime;
        rows.Sort(byTime ? Later : Dearer);
        var truncated = rows.Count > query.Limit;
        if (truncated)
            rows.RemoveRange(query.Limit, rows.Count - query.Limit);
        if (byTime)
            rows.Reverse();
        return new UsageSummary(query, totals, rows, truncated);
    }

    // ISO 8601 times sort as texts.
    private static int Later(UsageSummaryRow one, UsageSummaryRow other) =>
        string.CompareOrdinal(other.Name, one.Name);

    private static int Dearer(UsageSummaryRow one, UsageSummaryRow other)
    {
        var order = other.Sums.CostNanoUsd.CompareTo(one.Sums.CostNanoUsd);
        if (order == 0)
            order = other.Sums.Calls.CompareTo(one.Sums.Calls);
        return order != 0 ? order : string.CompareOrdinal(one.Name, other.Name);
    }
}

/// <summary>The sums of one group.</summary>
/// <param name="Name">What its calls share, e.g. <c>openai/gpt-4o</c> or <c>2026-11-20</c>; null is "nobody said" or, for models, "none answered".</param>
/// <param name="Sums">Over its calls.</param>
public sealed record UsageSummaryRow(string? Name, UsageSums Sums);
