using Dragoman.Catalog;

namespace Dragoman.Routing.Balancing;

/// <summary>Who has the fewest calls of ours under way; among as busy ones in turn.</summary>
internal sealed class LeastBusyBalancer : IBalancer
{
    public string Name => "least_busy";

    public void Order(Span<Deployment> equals, BalancingTurn turn, DateTimeOffset now)
    {
        equals.Rotate((int)(turn.Next() % (uint)equals.Length));
        equals.SortBy(static (deployment, _) => deployment.State.Figures.InFlight, now);
    }

    public string Explain(ReadOnlySpan<Deployment> ordered, DateTimeOffset now) =>
        FormattableString.Invariant(
            $"{ordered[0].PublicName} has {ordered[0].State.Figures.InFlight} in flight, the fewest of {ordered.Length}"
        );
}
