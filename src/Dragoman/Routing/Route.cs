namespace Dragoman.Routing;

/// <summary>A name that clients ask for, its members and how they are forwarded to.</summary>
internal sealed record Route
{
    public required string Name { get; init; }

    /// <summary>Names of deployments, aliases or models.</summary>
    public required IReadOnlyList<string> Members { get; init; }

    /// <summary>The order among the members.</summary>
    public required IRoutingStrategy Strategy { get; init; }

    /// <summary>Where its members, and whoever stands in for them, must be; null is anywhere.</summary>
    public IReadOnlyList<string>? Regions { get; init; }
    public ForwardingSettings Settings { get; init; } = ForwardingSettings.Default;
}
