using Dragoman.Canonical;

namespace Dragoman.Catalog;

/// <summary>
/// One usage priced bucket by bucket. Where a price is missing but another bounds it, that one stands in and the bill is
/// <see cref="Guessed"/>: cache reads and writes fall back to the input price (a read never costs more; a write may), a one-hour
/// write to the five-minute price, and what a tier leaves out follows its input price (<see cref="Rates"/>).
/// </summary>
internal readonly ref struct Bill
{
    private const decimal TokensPerUnit = 1_000_000m;

    public Bill(PriceSheet sheet, TokenUsage usage)
    {
        var rates = new Rates(sheet, usage.TotalInput ?? 0);
        var text = rates.Of(static s => s.Input, static t => t.Input);
        var read = rates.Of(static s => s.CacheRead, static t => t.CacheRead).OrGuess(text);
        var write = rates.Of(static s => s.CacheWrite, static t => t.CacheWrite).OrGuess(text);
        var write1h = rates
            .Of(static s => s.CacheWrite1h, static t => t.CacheWrite1h)
            .OrGuess(write);
        var answer = rates.Of(static s => s.Output, static t => t.Output);
        var reasoning = rates.Of(static s => s.Reasoning == s.Output ? null : s.Reasoning);
        if (reasoning.PerMillion is null)
            reasoning = answer;
        else if (rates.Usual.ReasoningCoversAnswer && usage.Reasoning > 0)
            answer = reasoning;
        var audio = rates.Of(static s => s.AudioInput);
        if (audio.PerMillion is null && rates.Usual.AudioAsText)
            audio = text;
        var image = rates.Of(static s => s.ImageInput);
        if (image.PerMillion is null && rates.Usual.ImageAsText)
            image = text;

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
        Charge(usage.AudioOutput, rates.Of(static s => s.AudioOutput), ref micro, ref guessed);
        Charge(usage.ImageOutput, rates.Of(static s => s.ImageOutput), ref micro, ref guessed);

        // A side that nobody counted is not free, unless all of it is; answers that are no tokens (embeddings) have no price.
        if (usage.TotalInput is null && text.PerMillion != 0)
            micro = null;
        if (usage.TotalOutput is null && answer.PerMillion > 0)
            micro = null;
        Total = micro / TokensPerUnit + (sheet.PerRequest ?? rates.Usual.PerRequest ?? 0m);
        Guessed = guessed;
    }

    /// <summary>US dollars; null where a bucket that holds tokens has no price, or a side that has one was not counted.</summary>
    public decimal? Total { get; }

    /// <summary>A price stood in for one that is not known.</summary>
    public bool Guessed { get; }

    private static void Charge(long? tokens, Rate rate, ref decimal? sum, ref bool guessed)
    {
        if (tokens is not > 0)
            return;
        sum += tokens * rate.PerMillion;
        guessed |= rate.IsGuess;
    }
}
