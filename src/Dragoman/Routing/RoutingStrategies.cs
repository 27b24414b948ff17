using Dragoman.Routing.Balancing;

namespace Dragoman.Routing;

/// <summary>All strategies by name: the house's, and those a program adds; one of the house's name replaces it.</summary>
public sealed class RoutingStrategies
{
    private readonly Dictionary<string, IRoutingStrategy> _byName = new(StringComparer.Ordinal);

    /// <param name="added">Beside the house's own.</param>
    /// <param name="weights">How much each thing counts where strategies weigh; null is as they have it.</param>
    public RoutingStrategies(IReadOnlyList<IRoutingStrategy> added, StrategyWeights? weights = null)
    {
        foreach (var strategy in RoutingSlice.Strategies)
            _byName[strategy.Name] = Weighed(strategy);
        foreach (var balancer in RoutingSlice.Balancers)
            _byName[balancer.Name] = new BalancingStrategy(balancer);
        foreach (var strategy in added)
            _byName[strategy.Name] = Weighed(strategy);

        IRoutingStrategy Weighed(IRoutingStrategy strategy) =>
            weights is null ? strategy : strategy.With(weights);
    }

    /// <summary>The house's own.</summary>
    public static RoutingStrategies Usual { get; } = new([]);

    /// <summary>What holds where nobody says: <c>balanced</c>.</summary>
    public IRoutingStrategy Default => _byName["balanced"];

    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Those that can choose among models nobody named, as <c>auto</c> does; the others order equals only.</summary>
    internal IEnumerable<string> Choosing =>
        _byName
            .Values.Where(static strategy => strategy is not BalancingStrategy)
            .Select(static strategy => strategy.Name);

    /// <summary>Null where there is none of that name.</summary>
    public IRoutingStrategy? Find(string name) => _byName.GetValueOrDefault(name);
}
