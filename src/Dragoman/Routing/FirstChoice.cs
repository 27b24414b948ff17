using Dragoman.Canonical;

namespace Dragoman.Routing;

/// <summary>What a name gave before any fallback: how its deployments stand to each other, and why they were taken.</summary>
internal sealed record FirstChoice
{
    public required string Reason { get; init; }

    /// <summary>The strategy that ordered them; null where none was asked.</summary>
    public string? Strategy { get; init; }

    /// <summary>One deployment was named.</summary>
    public bool Pinned { get; init; }

    /// <summary>All of them are equals.</summary>
    public bool Balanced { get; init; }

    /// <summary>They are a route's or chain's members, which are its fallbacks too.</summary>
    public bool HasMembers { get; init; }

    /// <summary>Whose members they are: the route's or chain's name.</summary>
    public string? ChainName { get; init; }

    /// <summary>Names of fallbacks that the deployments were given.</summary>
    public IReadOnlyList<string> OwnFallbacks { get; init; } = [];

    /// <summary>The gateway chose, so it may choose the fallbacks too.</summary>
    public bool Computed { get; init; }
    public ForwardingSettings Settings { get; init; } = ForwardingSettings.Default;
    public GatewayError? Error { get; init; }

    public static FirstChoice Failed(GatewayError error) => new() { Reason = "", Error = error };
}
