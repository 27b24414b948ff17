using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Native;
using Dragoman.Routing;

namespace Dragoman;

/// <summary>All configuration, validated and immutable. A reload builds a new one and swaps one reference; an exchange keeps the one it began with.</summary>
public sealed class GatewaySnapshot
{
    /// <summary>Providers by name.</summary>
    public required IReadOnlyDictionary<string, Provider> Providers { get; init; }

    /// <summary>Deployments that configuration lists, by name.</summary>
    public IReadOnlyDictionary<string, Deployment> Deployments { get; init; } =
        new Dictionary<string, Deployment>(StringComparer.Ordinal);

    /// <summary>Answers which deployments a name means.</summary>
    public required NameResolver Names { get; init; }

    /// <summary>Answers what models there are.</summary>
    internal ModelFinder Models { get; init; } = ModelFinder.OfNothing;

    /// <summary>The same, as steps see it.</summary>
    public required SnapshotParts Parts { get; init; }

    /// <summary>Counts up with every reload.</summary>
    public required int Version { get; init; }
}
