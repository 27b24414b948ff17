using Dragoman.Routing;

namespace Dragoman.Configuration;

/// <summary>What is said about a name that clients can ask for.</summary>
public sealed record RouteConfig
{
    public required string Name { get; init; }

    /// <summary>A strategy's name, among them <c>weighted</c>, <c>round_robin</c>, <c>least_busy</c>, <c>latency</c> and <c>rate_limit_headroom</c>; null takes the default strategy.</summary>
    public string? Strategy { get; init; }

    /// <summary>How much each thing counts among its members; who names them wants them weighed, not taken in turn.</summary>
    public StrategyWeights? Weights { get; init; }

    /// <summary>Only deployments of these regions may serve it, <c>local</c> being the house; null is anywhere.</summary>
    public IReadOnlyList<string>? Regions { get; init; }
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Further attempts at one deployment: 0 or 1.</summary>
    public int? Retries { get; init; }

    /// <summary><c>error</c> or <c>continue</c>.</summary>
    public string? Recover { get; init; }
    public TimeoutsConfig? Timeouts { get; init; }
    public BreakerConfig? Breaker { get; init; }
}

/// <summary>Deadlines of a route.</summary>
public sealed record TimeoutsConfig
{
    public TimeSpan? Connect { get; init; }
    public TimeSpan? FirstContent { get; init; }
    public TimeSpan? Idle { get; init; }
    public TimeSpan? Attempt { get; init; }
    public TimeSpan? Total { get; init; }
}

/// <summary>When the circuit breakers of a route's deployments open.</summary>
public sealed record BreakerConfig
{
    public int? Failures { get; init; }
    public TimeSpan? Window { get; init; }
    public TimeSpan? Open { get; init; }
}
