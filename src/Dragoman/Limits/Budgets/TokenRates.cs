using Dragoman.Catalog;

namespace Dragoman.Limits.Budgets;

/// <summary>
/// What an attempt costs by the length of its answer: a straight line, in whole numbers rounded up, so that what is set aside is
/// never less than what it stands for.
/// </summary>
/// <param name="BaseNanoUsd">What it costs before the first token of an answer.</param>
/// <param name="PicoUsdPerToken">What each token adds.</param>
internal readonly record struct TokenRates(long BaseNanoUsd, long PicoUsdPerToken)
{
    private const long PicosPerNano = 1000;

    /// <summary>Pico-dollars a token for a dollar a million.</summary>
    private const decimal PicosOfPerMillion = 1_000_000m;

    public bool IsFree => BaseNanoUsd == 0 && PicoUsdPerToken == 0;

    /// <summary>By a price sheet; null where it does not say what is needed.</summary>
    /// <param name="prices">The sheet of the day.</param>
    /// <param name="promptTokens">The most that the prompt is thought to be.</param>
    /// <param name="answers">There is an answer in tokens (embeddings have none).</param>
    public static TokenRates? Of(PriceSheet prices, long promptTokens, bool answers)
    {
        var rates = new Catalog.Rates(prices, promptTokens);
        var input = rates.Of(static s => s.Input, static t => t.Input).PerMillion;
        var output = rates.Of(static s => s.Output, static t => t.Output).PerMillion;
        var thought = rates.Of(static s => s.Reasoning).PerMillion;
        if (thought > output)
            output = thought;
        if (input is null || (answers && output is null))
            return null;
        return Of(
            input.Value,
            answers ? output!.Value : 0,
            promptTokens,
            prices.PerRequest ?? rates.Usual.PerRequest ?? 0
        );
    }

    /// <param name="input">Dollars per million tokens of the prompt.</param>
    /// <param name="output">Dollars per million tokens of the answer.</param>
    /// <param name="promptTokens">The most that the prompt is thought to be.</param>
    /// <param name="perRequest">Dollars whatever the length.</param>
    public static TokenRates Of(
        decimal input,
        decimal output,
        long promptTokens,
        decimal perRequest = 0
    ) =>
        new(
            Whole(
                input * promptTokens * PicosOfPerMillion / PicosPerNano
                    + perRequest * Cost.NanosPerUsd
            ),
            Whole(output * PicosOfPerMillion)
        );

    /// <summary>Nano-dollars of an answer of so many tokens.</summary>
    public long At(long tokens) =>
        // Nearly always; the wide numbers are ten times slower.
        tokens <= int.MaxValue
        && PicoUsdPerToken <= int.MaxValue
        && BaseNanoUsd < long.MaxValue / 2
            ? BaseNanoUsd + (tokens * PicoUsdPerToken + (PicosPerNano - 1)) / PicosPerNano
            : Clamp(
                BaseNanoUsd + ((Int128)tokens * PicoUsdPerToken + (PicosPerNano - 1)) / PicosPerNano
            );

    /// <summary>Tokens of answer that so much money is enough for; less than none where it is not enough for the prompt.</summary>
    public long Affordable(long nanoUsd)
    {
        if (IsFree)
            return long.MaxValue;
        if (nanoUsd < BaseNanoUsd)
            return -1;
        return PicoUsdPerToken == 0 ? long.MaxValue
            : nanoUsd - BaseNanoUsd < long.MaxValue / PicosPerNano
                ? (nanoUsd - BaseNanoUsd) * PicosPerNano / PicoUsdPerToken
            : Clamp((Int128)(nanoUsd - BaseNanoUsd) * PicosPerNano / PicoUsdPerToken);
    }

    private static long Clamp(Int128 value) => value > long.MaxValue ? long.MaxValue : (long)value;

    private static long Whole(decimal value) =>
        value >= long.MaxValue ? long.MaxValue : (long)Math.Ceiling(value);
}
