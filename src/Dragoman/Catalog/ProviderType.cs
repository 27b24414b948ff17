namespace Dragoman.Catalog;

/// <summary>A known kind of provider: an entry of <c>Catalog/providers.json</c>. A vendor's quirks live here, never in the dialect.</summary>
public sealed record ProviderType
{
    public required string Name { get; init; }

    /// <summary>Other names people use for it, e.g. <c>grok</c> for xai.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public required string Dialect { get; init; }

    /// <summary>Where the vendor is found; null where every account has an address of its own.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The path that a base URL without one gets.</summary>
    public string DefaultPath { get; init; } = "/v1";

    /// <summary>Environment variables that may hold the key, the first set one wins.</summary>
    public IReadOnlyList<string> KeyVariables { get; init; } = [];

    /// <summary>Answers without a key (servers in the house).</summary>
    public bool KeyOptional { get; init; }

    /// <summary>The provider's name in the price catalog; null takes <see cref="Name"/>.</summary>
    public string? CatalogName { get; init; }

    /// <summary>Accepts <c>stream_options.include_usage</c>; false means that asking would fail.</summary>
    public bool StreamOptions { get; init; } = true;

    /// <summary>Its <c>reasoning_tokens</c> are not part of its <c>completion_tokens</c> (xAI).</summary>
    public bool ReasoningOutsideCompletion { get; init; }

    /// <summary>The provider bills each request on top of its tokens or reports its own cost in <c>usage</c>.</summary>
    public bool ReportsCost { get; init; }
}
