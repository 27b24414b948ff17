using Dragoman.Canonical;

namespace Dragoman.Configuration;

/// <summary>What is said about one provider account.</summary>
public sealed record ProviderConfig
{
    public required string Name { get; init; }

    /// <summary>A known kind of provider; null takes the one of the same name.</summary>
    public string? Type { get; init; }

    /// <summary>The dialect of a provider of no known kind.</summary>
    public string? Dialect { get; init; }
    public string? BaseUrl { get; init; }
    public IReadOnlyList<SecretText> ApiKeys { get; init; } = [];

    /// <summary>Name of the environment variable that holds the key.</summary>
    public string? ApiKeyEnv { get; init; }
    public bool? Local { get; init; }

    /// <summary>An address in the house is meant: one that is entered through the API needs it said.</summary>
    public bool? AllowPrivate { get; init; }

    /// <summary>Where it works, e.g. <c>eu</c>.</summary>
    public string? Region { get; init; }
    public bool? OnlyListed { get; init; }

    /// <summary>Settings of this kind of provider, e.g. <c>organization</c>, which becomes a header, or <c>location</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];
}
