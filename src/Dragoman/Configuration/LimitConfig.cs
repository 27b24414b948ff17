using Dragoman.Access;

namespace Dragoman.Configuration;

/// <summary>An entry of <c>limits</c>: how fast those in its scope may ask.</summary>
public sealed record LimitConfig
{
    public required string Name { get; init; }

    /// <summary>Whom it applies to; each combination of matched values is counted by itself.</summary>
    public Scope Scope { get; init; } = Scope.Everything;

    /// <summary>Field and number, e.g. <c>requests_per_minute</c> and 60.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Rates { get; init; } = [];

    /// <summary>Requests that may run at once.</summary>
    public int? Concurrent { get; init; }
    public string? Description { get; init; }

    /// <summary>False keeps it without effect.</summary>
    public bool? Active { get; init; }
}
