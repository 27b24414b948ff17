using Dragoman.Canonical;

namespace Dragoman.Catalog;

/// <summary>
/// One usage priced bucket by bucket. Where a price is missing but another bounds it, that one stands in and the bill is
/// <see cref="Guessed"/>: cache reads and writes fall back to the input price (a read never costs more; a write may), a one-hour
/// write to the five-minute price, and a tier that leaves a price out scales the sheet's own by its input price.
/// </summary>
internal readonly ref struct Bill
{
    private const decimal TokensPerUnit = 1_000_000m;

    public Bill(PriceSheet sheet, TokenUsage usage)
    {
        var tier = TierOf(sheet, usage.TotalInput ?? 0);
        var scale =
            tier?.Input is { } tierInput && sheet.Input is { } input and > 0
                ? tierInput / input
                : (decimal?)null;

        var text = new Price(tier is null ? sheet.Input : tier.Input);
        var read = Tiered(tier, tier?.CacheRead, sheet.CacheRead, scale).OrGuess(text);
        var write = Tiered(tier, tier?.CacheWrite, sheet.CacheWrite, scale).OrGuess(text);
        var write1h = Tiered(tier, tier?.CacheWrite1h, sheet.CacheWrite1h, scale).OrGuess(write);
        var answer = new Price(tier is null ? sheet.Output : tier.Output);
        var reasoning =
            sheet.Reasoning is null || sheet.Reasoning == sheet.Output
                ? answer
                : Tiered(tier, null, sheet.Reasoning, scale);
        if (sheet.ReasoningCoversAnswer && usage.Reasoning > 0)
            answer = reasoning;
        var audio =
            sheet.AudioInput is null && sheet.AudioAsText
                ? text
                : Tiered(tier, null, sheet.AudioInput, scale);
        var image =
            sheet.ImageInput is null && sheet.ImageAsText
                ? text
                : Tiered(tier, null, sheet.ImageInput, scale);

        decimal? micro = 0m;
        var guessed = false;
        Charge(usage.Input, text, ref micro, ref guessed);
        Charge(usage.CacheRead, read, ref micro, ref guessed);
        Charge(usage.CacheWrite, write, ref micro, ref guessed);
        Charge(usage.CacheWrite1h, write1h, ref micro, ref guessed);
        Charge(usage.AudioInput, audio, ref micro, ref guessed);
        Charge(usage.ImageInput, image, ref micro, ref guessed);
        Charge(usage.Output, answer, ref micro, ref guessed);
        Charge(usage.Reasoning, reasoning, ref micro, ref guessed);
        Charge(usage.AudioOutput, new Price(sheet.AudioOutput), ref micro, ref guessed);
        Charge(usage.ImageOutput, new Price(sheet.ImageOutput), ref micro, ref guessed);
        Total = micro / TokensPerUnit + (sheet.PerRequest ?? 0m);
        Guessed = guessed;
    }

    /// <summary>US dollars; null where a bucket that holds tokens has no price.</summary>
    public decimal? Total { get; }

    /// <summary>A price stood in for one that is not known.</summary>
    public bool Guessed { get; }

    private static PriceTier? TierOf(PriceSheet sheet, long inputTokens)
    {
        PriceTier? chosen = null;
        for (var i = 0; i < sheet.Tiers.Count; i++)
        {
            if (inputTokens > sheet.Tiers[i].AboveInputTokens)
                chosen = sheet.Tiers[i];
        }
        return chosen;
    }

    private static Price Tiered(
        PriceTier? tier,
        decimal? tierPrice,
        decimal? sheetPrice,
        decimal? scale
    ) =>
        tier is null ? new Price(sheetPrice)
        : tierPrice is not null ? new Price(tierPrice)
        : new Price(sheetPrice * scale, Guess: true);

    private static void Charge(long? tokens, Price price, ref decimal? sum, ref bool guessed)
    {
        if (tokens is not > 0)
            return;
        sum += tokens * price.PerMillion;
        guessed |= price.Guess;
    }

    private readonly record struct Price(decimal? PerMillion, bool Guess = false)
    {
        public Price OrGuess(Price other) =>
            PerMillion is null ? other with { Guess = true } : this;
    }
}
