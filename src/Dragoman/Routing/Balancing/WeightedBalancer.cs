using Dragoman.Catalog;

namespace Dragoman.Routing.Balancing;

/// <summary>In turn, each as often as its <c>weight</c> says, evenly interleaved. Those behind the first stand in by weight.</summary>
internal sealed class WeightedBalancer : IBalancer
{
    public string Name => "weighted";

    public void Order(Span<Deployment> equals, BalancingTurn turn, DateTimeOffset now)
    {
        equals.ToFront(turn.NextByWeight(equals));
        equals[1..].SortBy(static (deployment, _) => -deployment.Weight, now);
    }

    public string Explain(ReadOnlySpan<Deployment> ordered, DateTimeOffset now)
    {
        long total = 0;
        foreach (var deployment in ordered)
            total += deployment.Weight;
        return FormattableString.Invariant(
            $"the turn of {ordered[0].PublicName}, whose weight is {ordered[0].Weight} of {total}"
        );
    }
}
