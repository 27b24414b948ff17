using Dragoman.Catalog;

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

    /// <summary>What <c>auto</c> means; null leaves it to the configured providers.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Preferred among equals.</summary>
    public string? DefaultProvider { get; init; }
    public RouteStrategy Strategy { get; init; }

    /// <summary>Deployments' own and computed fallbacks are used.</summary>
    public bool Fallback { get; init; } = true;
    public bool PreferLocal { get; init; }
    public bool LocalOnly { get; init; }
}
