using Dragoman.Canonical;

namespace Dragoman.Catalog;

/// <summary>
/// What one attempt, or one exchange, cost: exact US dollars and where the figure comes from. No value (<c>null</c>) is
/// <see cref="CostBasis.Unpriced"/>: unknown, never free.
/// </summary>
public readonly record struct Cost(decimal Usd, CostBasis Basis)
{
    /// <summary>Nano-dollars of a dollar.</summary>
    internal const decimal NanosPerUsd = 1_000_000_000m;

    /// <summary>A report beyond this is garble, and would overflow sums.</summary>
    internal const decimal LargestBelievableUsd = 1_000_000_000m;

    /// <summary>
    /// The cost of <paramref name="usage"/>. What the provider reported wins; else each bucket is priced once from
    /// <paramref name="prices"/>, and the answer is null when a bucket that holds tokens has no price, or when a side that costs
    /// something was not counted.
    /// </summary>
    public static Cost? Of(TokenUsage? usage, PriceSheet? prices)
    {
        if (usage is null)
            return null;
        if (usage.ReportedCostUsd is { } reported and >= 0 and <= LargestBelievableUsd)
            return new Cost(reported, CostBasis.Reported);
        if (prices is null || (usage.TotalInput is null && usage.TotalOutput is null))
            return null;
        var bill = new Bill(prices, usage);
        return bill.Total is { } usd
            ? new Cost(
                usd,
                usage.Estimated || bill.Guessed ? CostBasis.Estimated : CostBasis.Computed
            )
            : null;
    }

    /// <summary>Whole nano-dollars, rounded half to even; once per exchange, on the sum. What a 64-bit integer cannot hold becomes its largest value.</summary>
    public long ToNanoUsd() =>
        Usd >= long.MaxValue / NanosPerUsd
            ? long.MaxValue
            : (long)decimal.Round(Usd * NanosPerUsd, 0, MidpointRounding.ToEven);
}
