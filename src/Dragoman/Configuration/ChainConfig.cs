using Dragoman.Routing.Conditions;

namespace Dragoman.Configuration;

/// <summary>What is said about a named fallback chain.</summary>
public sealed record ChainConfig
{
    public required string Name { get; init; }
    public IReadOnlyList<string> Models { get; init; } = [];
    public int? MaxAttempts { get; init; }

    /// <summary><c>timeout</c>, <c>rate_limit</c>, <c>error</c>, <c>content_filter</c>.</summary>
    public IReadOnlyList<string>? RetryOn { get; init; }
    public string? Description { get; init; }

    /// <summary>Every member gets the whole conversation; default true.</summary>
    public bool? PreserveContext { get; init; }

    /// <summary>The requests it is for; null is all.</summary>
    internal Condition? When { get; init; }
    public bool? Active { get; init; }
}
