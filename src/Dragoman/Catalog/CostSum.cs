using Dragoman.Canonical;

namespace Dragoman.Catalog;

/// <summary>
/// Adds up the attempts of one exchange, unrounded. An attempt that used tokens at an unknown cost makes the whole sum unknown,
/// since a part of a bill is not the bill; an attempt without any tokens (refused, unreachable) adds nothing.
/// </summary>
public struct CostSum
{
    private decimal _usd;
    private CostBasis _basis;
    private bool _unknown;

    /// <summary>The sum so far; null while nothing was added, or once something unknown was.</summary>
    public readonly Cost? Total =>
        _unknown || _basis == CostBasis.Unpriced ? null : new Cost(_usd, _basis);

    /// <summary>Adds one attempt; the least certain basis of all stands for the sum.</summary>
    public void Add(TokenUsage? usage, Cost? cost)
    {
        if (cost is { } known)
        {
            _usd += known.Usd;
            if (known.Basis > _basis)
                _basis = known.Basis;
        }
        else if (
            ((usage?.TotalInput ?? 0) | (usage?.TotalOutput ?? 0) | (usage?.ReportedTotal ?? 0))
            != 0
        )
            _unknown = true;
    }
}
