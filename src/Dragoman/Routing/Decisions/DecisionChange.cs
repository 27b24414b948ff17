namespace Dragoman.Routing.Decisions;

/// <summary>Other circumstances to look at recorded decisions under; what is null stays as it was recorded.</summary>
public sealed record DecisionChange
{
    /// <summary>Another strategy for all that one decided.</summary>
    public string? Strategy { get; init; }

    /// <summary>Other weights, where the strategy weighs.</summary>
    public StrategyWeights? Weights { get; init; }

    /// <summary>Other prices, by <c>provider/model</c>.</summary>
    public IReadOnlyDictionary<string, ChangedPrice> Prices { get; init; } =
        new Dictionary<string, ChangedPrice>(StringComparer.Ordinal);

    /// <summary>Models that are not there, <c>provider/model</c> or a provider's name.</summary>
    public IReadOnlySet<string> Without { get; init; } =
        new HashSet<string>(StringComparer.Ordinal);
}

/// <summary>US dollars per million tokens; null is unknown, never free.</summary>
/// <param name="Input">Of the prompt.</param>
/// <param name="Output">Of the answer.</param>
/// <param name="CacheRead">Of the prompt from a cache; null takes <paramref name="Input"/>.</param>
public sealed record ChangedPrice(decimal? Input, decimal? Output, decimal? CacheRead = null);
