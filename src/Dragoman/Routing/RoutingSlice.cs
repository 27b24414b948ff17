using Dragoman.Routing.Strategies;

namespace Dragoman.Routing;

/// <summary>What the slice is made of: a strategy is a file in <c>Strategies/</c> and a line here.</summary>
internal static class RoutingSlice
{
    public static IReadOnlyList<IRoutingStrategy> Strategies { get; } =
    [
        new BalancedStrategy(),
        new CostOptimizedStrategy(),
        new LatencyOptimizedStrategy(),
        new QualityOptimizedStrategy(),
        new LocalFirstStrategy(),
        new PriorityStrategy(),
        new CapabilityMatchStrategy(),
    ];
}
