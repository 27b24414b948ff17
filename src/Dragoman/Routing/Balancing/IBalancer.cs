using Dragoman.Catalog;

namespace Dragoman.Routing.Balancing;

/// <summary>An order among equal deployments, found anew for each request when it is forwarded: by turns taken and by what they are doing now. The same turn and state give the same order.</summary>
internal interface IBalancer
{
    /// <summary>What a route's <c>strategy</c> and the wish of that name call it, e.g. <c>least_busy</c>.</summary>
    string Name { get; }

    /// <summary>Puts whoever is to be tried first in front, and the others behind in the order in which they stand in for it.</summary>
    /// <param name="equals">Those that can be tried now; at least two.</param>
    /// <param name="turn">Where this name stands.</param>
    /// <param name="now">The time.</param>
    void Order(Span<Deployment> equals, BalancingTurn turn, DateTimeOffset now);

    /// <summary>Why the first is the first, in one clause, e.g. <c>demo/swift has 2 in flight, the fewest of 3</c>.</summary>
    string Explain(ReadOnlySpan<Deployment> ordered, DateTimeOffset now);
}
