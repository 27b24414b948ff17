using Dragoman.Routing.Balancing;
using Dragoman.Routing.Strategies;

namespace Dragoman.Routing;

/// <summary>What the slice is made of: a strategy is a file in <c>Strategies/</c> and a line here, a balancer one in <c>Balancing/</c>.</summary>
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

    /// <summary>Among equal deployments.</summary>
    public static IReadOnlyList<IBalancer> Balancers { get; } =
    [
        new WeightedBalancer(),
        new RoundRobinBalancer(),
        new LeastBusyBalancer(),
        new LatencyBalancer(),
        new RateLimitHeadroomBalancer(),
    ];
}
