using Dragoman.Catalog;

namespace Dragoman.Routing;

/// <summary>What one exchange may cost at the most, by the estimate, all its attempts together. Who would cost more is not asked, nor who has no known price.</summary>
internal sealed class SpendingLimit(decimal maxUsd, CostEstimate estimate)
{
    public decimal MaxUsd => maxUsd;

    public decimal? CostOf(Deployment deployment) => estimate.Of(deployment);

    /// <summary>Why a deployment may not be asked; null where it may.</summary>
    /// <param name="deployment">Whom to ask.</param>
    /// <param name="spent">US dollars that earlier attempts of the exchange have cost.</param>
    public string? WhyNot(Deployment deployment, decimal spent = 0)
    {
        var left = Math.Max(0, maxUsd - spent);
        return estimate.Of(deployment) is not { } cost
                ? $"its price is unknown, and at most {Figures.Usd(left)} may be spent"
            : cost > left
                ? $"it would cost about {Figures.Usd(cost)}, and {Figures.Usd(left)} may be spent"
            : null;
    }
}
