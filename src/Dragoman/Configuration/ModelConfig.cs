using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>What is said about one deployment.</summary>
public sealed record ModelConfig
{
    /// <summary>Where it stands in the file, e.g. <c>models[2]</c>.</summary>
    public required string Path { get; init; }
    public required string Name { get; init; }
    public required string Provider { get; init; }

    /// <summary>The id that goes upstream; null takes <see cref="Name"/>.</summary>
    public string? Model { get; init; }

    /// <summary><c>source: local</c> is true, <c>source: cloud</c> false.</summary>
    public bool? Local { get; init; }

    /// <summary>Where it works, e.g. <c>eu</c>; null takes its provider's.</summary>
    public string? Region { get; init; }

    /// <summary>How often it is taken among equals by the strategy <c>weighted</c>; null is 1.</summary>
    public int? Weight { get; init; }
    public int? Priority { get; init; }
    public TimeSpan? Timeout { get; init; }

    /// <summary>US dollars per 1,000 tokens.</summary>
    public decimal? CostPer1kInput { get; init; }

    /// <summary>US dollars per 1,000 tokens.</summary>
    public decimal? CostPer1kOutput { get; init; }
    public string? ApiKeyEnv { get; init; }
    public long? ContextWindow { get; init; }

    /// <summary>Capabilities it is said to have, under their first names.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>It is what <c>auto</c> means where <c>defaults.model</c> names nothing.</summary>
    public bool? IsDefault { get; init; }
    public IReadOnlyList<string> FallbackModels { get; init; } = [];
    public DeploymentParameters? Parameters { get; init; }
}
