using Dragoman.Agents;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing.Affinity;
using Dragoman.Routing.Balancing;
using Dragoman.Routing.Quality;
using Dragoman.Routing.Rules;

namespace Dragoman.Routing;

/// <summary>Everything a name may mean: providers, deployments, aliases, routes, chains and the defaults among them. Validated and immutable.</summary>
internal sealed record RoutingTable
{
    /// <summary>Nothing is configured.</summary>
    public static readonly RoutingTable Empty = new()
    {
        Providers = [],
        Deployments = new DeploymentShelf(
            ModelCatalog.Default,
            new DeploymentStates(),
            [],
            ServedModels.None
        ),
    };

    /// <summary>Those that can be called, the one to ask first in front.</summary>
    public required IReadOnlyList<Provider> Providers { get; init; }

    public required DeploymentShelf Deployments { get; init; }

    /// <summary>Why a provider that somebody may name cannot be called.</summary>
    public IReadOnlyDictionary<string, string> Unavailable { get; init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, string> Aliases { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
    public IReadOnlyDictionary<string, Route> Routes { get; init; } =
        new Dictionary<string, Route>(StringComparer.Ordinal);
    public IReadOnlyDictionary<string, FallbackChain> Chains { get; init; } =
        new Dictionary<string, FallbackChain>(StringComparer.Ordinal);

    /// <summary>What happens to requests that nobody pinned.</summary>
    public RuleBook Rules { get; init; } = RuleBook.Empty;

    /// <summary>By id.</summary>
    public IReadOnlyDictionary<string, Agent> Agents { get; init; } =
        new Dictionary<string, Agent>(StringComparer.Ordinal);

    /// <summary>What is sent of long conversations where neither the request nor an agent says.</summary>
    public ContextPolicy? Context { get; init; }

    /// <summary>What <c>auto</c> means; null leaves it to the configured providers.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Preferred among equals.</summary>
    public string? DefaultProvider { get; init; }

    /// <summary>All there are.</summary>
    public RoutingStrategies Strategies { get; init; } = RoutingStrategies.Usual;

    /// <summary>What holds where neither the request nor the route says.</summary>
    public IRoutingStrategy Strategy
    {
        get => field ?? Strategies.Default;
        init;
    }

    /// <summary>The same among deployments that are named together.</summary>
    public IRoutingStrategy StrategyAmongEquals
    {
        get => field ?? Strategy;
        init;
    }

    /// <summary>Whose turn it is, by name.</summary>
    public BalancingTurns Turns { get; } = new();

    /// <summary>Which provider's cache holds which conversation; it is kept over reloads.</summary>
    public CacheAffinity Affinity { get; init; } = new();

    /// <summary>How good deployments are thought to be by now; null takes the catalog's word for it.</summary>
    public LiveQuality? Quality { get; init; }

    /// <summary>Where deployments must be; null is anywhere.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>Deployments' own and computed fallbacks are used.</summary>
    public bool Fallback { get; init; } = true;
    public bool PreferLocal { get; init; }
    public bool LocalOnly { get; init; }

    /// <summary>Nothing may leave the house: offline mode is the operator's, no wish opens it. Who requires <c>offline</c> says the same.</summary>
    public bool KeepsInside(Wishes wishes) =>
        LocalOnly
        || wishes.LocalOnly is true
        || wishes.RequiredCapabilities.Contains(Capabilities.Offline, StringComparer.Ordinal);

    /// <summary>Deployments that usually take longer, in milliseconds, are tried last.</summary>
    public long? MaxLatencyMs { get; init; }

    /// <summary>Every conversation is classified, also where nothing of the decision hangs on it.</summary>
    public bool ClassifiesAll { get; init; }

    /// <summary>Whose day it is when prices change.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
