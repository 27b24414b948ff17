namespace Dragoman.Routing.Balancing;

/// <summary>A balancer where strategies are named. It weighs nothing beforehand: the order is found when the request is forwarded.</summary>
internal sealed class BalancingStrategy(IBalancer balancer) : IRoutingStrategy
{
    public IBalancer Balancer { get; } = balancer;

    public string Name => Balancer.Name;

    public bool LooksAtRequest => false;

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates) => candidates;

    public string Explain(IReadOnlyList<Candidate> ordered, int among) =>
        "the order is found when it is forwarded";
}

/// <summary>How the equals at the head of a decision are taken.</summary>
/// <param name="Balancer">The order.</param>
/// <param name="Turn">Whose turn it is among those of this name.</param>
internal sealed record Balancing(IBalancer Balancer, BalancingTurn Turn);
