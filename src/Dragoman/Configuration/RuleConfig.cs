using Dragoman.Catalog;
using Dragoman.Routing.Conditions;

namespace Dragoman.Configuration;

/// <summary>What is said about a routing rule.</summary>
public sealed record RuleConfig
{
    /// <summary>Where it stands, e.g. <c>rules[2]</c>.</summary>
    public required string Path { get; init; }
    public required string Name { get; init; }

    /// <summary>Lower comes first; default 100.</summary>
    public int? Priority { get; init; }

    /// <summary>Null is always.</summary>
    internal Condition? When { get; init; }
    public string? Target { get; init; }
    public string? Chain { get; init; }
    public string? Strategy { get; init; }
    public DeploymentParameters? Parameters { get; init; }
    public bool? Active { get; init; }
}
