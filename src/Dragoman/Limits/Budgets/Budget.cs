using Dragoman.Access;

namespace Dragoman.Limits.Budgets;

/// <summary>Money that may be spent in a window by what a scope holds. Validated and immutable; what was spent is its <see cref="BudgetAccount"/>'s.</summary>
internal sealed class Budget
{
    public static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(10);

    public required string Name { get; init; }

    /// <summary>Each combination of values that it matches has the whole amount for itself.</summary>
    public Scope Scope { get; init; } = Scope.Everything;

    /// <summary>Nano-dollars.</summary>
    public required long AmountNanoUsd { get; init; }
    public BudgetWindow Window { get; init; } = BudgetWindow.Total;

    /// <summary>Amounts that are added for a time.</summary>
    public IReadOnlyList<BudgetRaise> Raises { get; init; } = [];

    /// <summary>Shares of the limit whose passing is told; ascending.</summary>
    public IReadOnlyList<decimal> Alerts { get; init; } = [];

    /// <summary>The chain that calls go on with once <see cref="DowngradeAt"/> is spent; null stops them at the limit.</summary>
    public string? Downgrade { get; init; }

    /// <summary>The share of the limit that calls which are not downgraded may use.</summary>
    public decimal DowngradeAt { get; init; } = 1;

    /// <summary>What models without a known price are counted at; null refuses them.</summary>
    public StatedPrice? Unpriced { get; init; }

    /// <summary>How long a call waits for money that calls under way may give back.</summary>
    public TimeSpan Wait { get; init; } = UsualWait;

    /// <summary>What may be spent in a window that holds <paramref name="now"/>, raises included.</summary>
    public long LimitAt(DateTimeOffset now)
    {
        var limit = AmountNanoUsd;
        for (var i = 0; i < Raises.Count; i++)
            if (Raises[i].IsInForce(now))
                limit =
                    limit > long.MaxValue - Raises[i].AmountNanoUsd
                        ? long.MaxValue
                        : limit + Raises[i].AmountNanoUsd;
        return limit;
    }

    /// <summary>The part of the limit that a call may use.</summary>
    /// <param name="now">When.</param>
    /// <param name="chain">The chain it walks; null for none.</param>
    public long LimitAt(DateTimeOffset now, string? chain)
    {
        var limit = LimitAt(now);
        return MayDowngrade(chain) && DowngradeAt < 1 ? (long)(limit * DowngradeAt) : limit;
    }

    /// <summary>A call that walks <paramref name="chain"/> can still go on with the cheaper one.</summary>
    public bool MayDowngrade(string? chain) => Downgrade is { } cheaper && cheaper != chain;
}

/// <summary>An amount that is added to a budget for a time.</summary>
/// <param name="AmountNanoUsd">Nano-dollars.</param>
/// <param name="From">From when on; null is from the beginning.</param>
/// <param name="Until">Until when; it expires by itself.</param>
internal sealed record BudgetRaise(long AmountNanoUsd, DateTimeOffset? From, DateTimeOffset Until)
{
    public bool IsInForce(DateTimeOffset now) => now < Until && (From is null || now >= From);
}

/// <summary>What is taken for a price where none is known: US dollars per million tokens.</summary>
internal sealed record StatedPrice(decimal Input, decimal Output);
