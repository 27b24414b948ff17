using Dragoman.Routing.Conditions;

namespace Dragoman.Routing;

/// <summary>A named list of deployments to try in order.</summary>
internal sealed record FallbackChain
{
    public required string Name { get; init; }

    /// <summary>Names of deployments, aliases or models.</summary>
    public required IReadOnlyList<string> Members { get; init; }

    /// <summary>The requests it is for; null is all.</summary>
    public Condition? When { get; init; }
    public ForwardingSettings Settings { get; init; } = ForwardingSettings.Default;

    /// <summary>False refuses those who ask for it.</summary>
    public bool Active { get; init; } = true;
}
