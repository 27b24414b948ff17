using System.Collections.Frozen;

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

    /// <summary>An answer that was reasoned about costs <see cref="Reasoning"/> throughout, its text included (Qwen's "thinking" prices).</summary>
    public bool ReasoningCoversAnswer { get; init; }
    public decimal? AudioInput { get; init; }
    public decimal? AudioOutput { get; init; }
    public decimal? ImageInput { get; init; }
    public decimal? ImageOutput { get; init; }

    /// <summary>The vendor says that audio tokens of the prompt cost what its text costs.</summary>
    public bool AudioAsText { get; init; }

    /// <summary>The vendor says that image tokens of the prompt cost what its text costs.</summary>
    public bool ImageAsText { get; init; }

    /// <summary>Other prices for the whole request once its input passes a size; ascending.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];

    /// <summary>US dollars per call, whatever its length (search models).</summary>
    public decimal? PerRequest { get; init; }

    /// <summary>US dollars per use of a tool that runs at the vendor, by the tool's name. No reply counts such uses in a common way, so <see cref="Cost"/> leaves them out.</summary>
    public IReadOnlyDictionary<string, decimal> ToolFees { get; init; } =
        FrozenDictionary<string, decimal>.Empty;

    /// <summary>Prices of the vendor's batch service.</summary>
    public PriceSheet? Batch { get; init; }

    /// <summary>Prices of <c>service_tier: flex</c>.</summary>
    public PriceSheet? Flex { get; init; }

    /// <summary>Prices of <c>service_tier: priority</c>.</summary>
    public PriceSheet? Priority { get; init; }

    /// <summary>The sheet that a service's prices depart from: what they leave out follows from it; null on a sheet that stands alone.</summary>
    internal PriceSheet? Usual { get; init; }

    /// <summary>Announced prices that replace these from <see cref="NextFrom"/> on.</summary>
    public PriceSheet? Next { get; init; }
    public DateOnly? NextFrom { get; init; }

    /// <summary>The sheet in force on <paramref name="day"/>.</summary>
    public PriceSheet On(DateOnly day) => Next is not null && day >= NextFrom ? Next : this;

    /// <summary>The sheet for the service tier that a reply says it was served with; null where that tier's prices are unknown.</summary>
    public PriceSheet? For(string? serviceTier) =>
        serviceTier switch
        {
            "flex" => Flex,
            "priority" => Priority,
            "batch" => Batch,
            _ => this,
        };
}

/// <summary>Prices that replace the sheet's for requests with more than <paramref name="AboveInputTokens"/> input tokens.</summary>
public sealed record PriceTier(long AboveInputTokens)
{
    public decimal? Input { get; init; }
    public decimal? Output { get; init; }
    public decimal? CacheRead { get; init; }
    public decimal? CacheWrite { get; init; }
    public decimal? CacheWrite1h { get; init; }
}
