using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>What holds where a request, route or deployment says nothing.</summary>
public sealed record DefaultsConfig
{
    /// <summary>What <c>auto</c> means; <c>auto</c> itself, or null, leaves the choice to the gateway.</summary>
    public string? Model { get; init; }

    /// <summary>A strategy's name, e.g. <c>cost_optimized</c>; default <c>balanced</c>.</summary>
    public string? Strategy { get; init; }

    /// <summary>Preferred among equals.</summary>
    public string? Provider { get; init; }

    /// <summary>Deployments' and computed fallbacks are used; default true.</summary>
    public bool? Fallback { get; init; }
    public bool? PreferLocal { get; init; }
    public bool? LocalOnly { get; init; }

    /// <summary>Deployments that usually take longer, in milliseconds, are tried last.</summary>
    public long? MaxLatencyMs { get; init; }
    public DeploymentParameters? Parameters { get; init; }
}
