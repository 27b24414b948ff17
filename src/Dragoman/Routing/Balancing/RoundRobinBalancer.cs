using Dragoman.Catalog;

namespace Dragoman.Routing.Balancing;

/// <summary>One after the other.</summary>
internal sealed class RoundRobinBalancer : IBalancer
{
    public string Name => "round_robin";

    public void Order(Span<Deployment> equals, BalancingTurn turn, DateTimeOffset now) =>
        equals.Rotate((int)(turn.Next() % (uint)equals.Length));

    public string Explain(ReadOnlySpan<Deployment> ordered, DateTimeOffset now) =>
        FormattableString.Invariant($"the turn of {ordered[0].PublicName} among {ordered.Length}");
}
