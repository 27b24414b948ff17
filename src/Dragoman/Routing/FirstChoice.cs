using Dragoman.Canonical;
using Dragoman.Routing.Balancing;

namespace Dragoman.Routing;

/// <summary>What a name gave before any fallback: how its deployments stand to each other, and why they were taken.</summary>
internal sealed record FirstChoice
{
    public required string Reason { get; init; }

    /// <summary>The strategy that ordered them; null where none was asked.</summary>
    public IRoutingStrategy? Strategy { get; init; }

    /// <summary>One deployment was named.</summary>
    public bool Pinned { get; init; }

    /// <summary>How many at the head are equals.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>How those equals are taken; null is in turn.</summary>
    public IBalancer? Balancer { get; init; }

    /// <summary>They are a route's or chain's members, which are its fallbacks too.</summary>
    public bool HasMembers { get; init; }

    /// <summary>Whose members they are: the route's or chain's name.</summary>
    public string? ChainName { get; init; }

    /// <summary>Names of fallbacks that the deployments were given.</summary>
    public IReadOnlyList<string> OwnFallbacks { get; init; } = [];

    /// <summary>The gateway chose, and with the first those that are tried after it.</summary>
    public bool Computed { get; init; }

    /// <summary>Another request of the same name may be decided otherwise.</summary>
    public bool OfThisRequest { get; init; }
    public ForwardingSettings Settings { get; init; } = ForwardingSettings.Default;
    public GatewayError? Error { get; init; }

    public static FirstChoice Failed(GatewayError error) => new() { Reason = "", Error = error };
}
