using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing;

namespace Dragoman.Configuration;

/// <summary>What holds where a request, route or deployment says nothing.</summary>
public sealed record DefaultsConfig
{
    /// <summary>What <c>auto</c> means; <c>auto</c> itself, or null, leaves the choice to the gateway.</summary>
    public string? Model { get; init; }

    /// <summary>A strategy's name, e.g. <c>cost_optimized</c>; default <c>balanced</c>.</summary>
    public string? Strategy { get; init; }

    /// <summary>How much quality, cost, latency and health count where a strategy weighs them; null is the house's own measure.</summary>
    public StrategyWeights? Weights { get; init; }

    /// <summary>Every conversation is classified, also where nothing of the decision hangs on it: accounts by task then cover all; default false.</summary>
    public bool? Classify { get; init; }

    /// <summary>Preferred among equals.</summary>
    public string? Provider { get; init; }

    /// <summary>Deployments' and computed fallbacks are used; default true.</summary>
    public bool? Fallback { get; init; }
    public bool? PreferLocal { get; init; }
    public bool? LocalOnly { get; init; }

    /// <summary>Only deployments of these regions may serve anything, <c>local</c> being the house; null is anywhere.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>Deployments that usually take longer, in milliseconds, are tried last.</summary>
    public long? MaxLatencyMs { get; init; }

    /// <summary>What is sent of conversations that are too long; default all, or nothing.</summary>
    public ContextPolicy? Context { get; init; }
    public DeploymentParameters? Parameters { get; init; }
}
