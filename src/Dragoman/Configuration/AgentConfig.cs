using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Configuration;

/// <summary>What is said about an agent.</summary>
public sealed record AgentConfig
{
    public required string Id { get; init; }

    /// <summary>Whom it asks; null is <c>auto</c>.</summary>
    public string? Model { get; init; }
    public string? Chain { get; init; }
    public IReadOnlyList<string>? FallbackModels { get; init; }
    public string? Strategy { get; init; }
    public DeploymentParameters? Parameters { get; init; }
    public string? SystemPrompt { get; init; }
    public ContextPolicy? Context { get; init; }

    /// <summary>Capabilities under their first names.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>US dollars that one call may cost by its estimate.</summary>
    public decimal? MaxCostUsd { get; init; }
    public bool? LocalOnly { get; init; }
    public string? Description { get; init; }
    public bool? Active { get; init; }
}
