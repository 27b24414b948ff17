using System.Text.Json.Serialization;

namespace Dragoman.Native;

/// <summary>Prices in US dollars per million tokens unless it says otherwise; null is unknown, never free.</summary>
public sealed record ModelPrices
{
    public decimal? Input { get; init; }
    public decimal? Output { get; init; }
    public decimal? CacheRead { get; init; }

    /// <summary>To a cache that lives five minutes.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>To a cache that lives one hour.</summary>
    [JsonPropertyName("cache_write_1h")]
    public decimal? CacheWrite1h { get; init; }

    /// <summary>Null costs what output costs.</summary>
    public decimal? Reasoning { get; init; }
    public decimal? AudioInput { get; init; }
    public decimal? AudioOutput { get; init; }
    public decimal? ImageInput { get; init; }
    public decimal? ImageOutput { get; init; }

    /// <summary>US dollars per call, whatever its length.</summary>
    public decimal? PerRequest { get; init; }

    /// <summary>US dollars per use of a tool that runs at the vendor, by the tool's name.</summary>
    public IReadOnlyDictionary<string, decimal> ToolFees { get; init; } =
        new Dictionary<string, decimal>(StringComparer.Ordinal);

    /// <summary>Other prices for the whole request once its input passes a size; ascending.</summary>
    public IReadOnlyList<ModelPriceTier> Tiers { get; init; } = [];

    /// <summary>Prices of the vendor's batch service.</summary>
    public ModelServicePrices? Batch { get; init; }

    /// <summary>Prices of <c>service_tier: flex</c>.</summary>
    public ModelServicePrices? Flex { get; init; }

    /// <summary>Prices of <c>service_tier: priority</c>.</summary>
    public ModelServicePrices? Priority { get; init; }

    /// <summary>Announced prices that replace these from <see cref="NextFrom"/> on.</summary>
    public ModelServicePrices? Next { get; init; }
    public DateOnly? NextFrom { get; init; }
}

/// <summary>Prices of another service than the usual one, in US dollars per million tokens.</summary>
public sealed record ModelServicePrices
{
    public decimal? Input { get; init; }
    public decimal? Output { get; init; }
    public decimal? CacheRead { get; init; }
    public decimal? CacheWrite { get; init; }

    [JsonPropertyName("cache_write_1h")]
    public decimal? CacheWrite1h { get; init; }
}

/// <summary>Prices for requests with more than <see cref="AboveInputTokens"/> input tokens, in US dollars per million.</summary>
public sealed record ModelPriceTier
{
    public required long AboveInputTokens { get; init; }
    public decimal? Input { get; init; }
    public decimal? Output { get; init; }
    public decimal? CacheRead { get; init; }
    public decimal? CacheWrite { get; init; }

    [JsonPropertyName("cache_write_1h")]
    public decimal? CacheWrite1h { get; init; }
}
