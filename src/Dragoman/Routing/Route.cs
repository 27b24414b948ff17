namespace Dragoman.Routing;

/// <summary>A name that clients ask for, its members and how they are forwarded to.</summary>
internal sealed record Route
{
    public required string Name { get; init; }

    /// <summary>Names of deployments, aliases or models.</summary>
    public required IReadOnlyList<string> Members { get; init; }
    public required RouteStrategy Strategy { get; init; }
    public ForwardingSettings Settings { get; init; } = ForwardingSettings.Default;
}

/// <summary>The order among a route's members.</summary>
internal enum RouteStrategy
{
    /// <summary>All are equals and taken in turn.</summary>
    Balanced,

    /// <summary>By their priority, then as they are listed.</summary>
    Priority,
}
