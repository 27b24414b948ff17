namespace Dragoman.Catalog;

/// <summary>What a deployment's tokens cost, in US dollars per million tokens. Null means unknown, never free.</summary>
public sealed record PriceSheet
{
    public decimal? Input { get; init; }
    public decimal? Output { get; init; }
    public decimal? CacheRead { get; init; }

    /// <summary>Writing to a cache that lives five minutes.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Writing to a cache that lives one hour.</summary>
    public decimal? CacheWrite1h { get; init; }

    /// <summary>Reasoning tokens; where null they cost what output costs.</summary>
    public decimal? Reasoning { get; init; }
    public decimal? AudioInput { get; init; }
    public decimal? AudioOutput { get; init; }
    public decimal? ImageInput { get; init; }
    public decimal? ImageOutput { get; init; }

    /// <summary>Other prices for the whole request once its input passes a size; ascending.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];

    /// <summary>US dollars per call, whatever its length (search models).</summary>
    public decimal? PerRequest { get; init; }
}

/// <summary>Prices that replace the sheet's for requests with more than <paramref name="AboveInputTokens"/> input tokens.</summary>
public sealed record PriceTier(long AboveInputTokens)
{
    public decimal? Input { get; init; }
    public decimal? Output { get; init; }
    public decimal? CacheRead { get; init; }
    public decimal? CacheWrite { get; init; }
}
