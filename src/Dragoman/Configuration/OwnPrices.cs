using System.Collections.Frozen;
using System.Globalization;
using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>Reads the <c>prices</c> of a row of the user's own catalog. They stand in place of all prices that were known: half a sheet of another's would be wrong beside one's own.</summary>
internal static class OwnPrices
{
    private const decimal Most = 1_000_000;

    /// <summary>How many times a price may differ from the known one before the unit is doubted.</summary>
    private const decimal Doubtful = 20;

    public static PriceSheet Read(ConfigSection section, PriceSheet? known)
    {
        var sheet = Sheet(section) with
        {
            Tiers =
            [
                .. section
                    .Items("tiers")
                    .Select(Tier)
                    .OfType<PriceTier>()
                    .OrderBy(static tier => tier.AboveInputTokens),
            ],
            PerRequest = section.Number("perRequest", 0, Most),
            ToolFees =
                section.NumbersByName("toolFees", 0, Most)
                ?? FrozenDictionary<string, decimal>.Empty,
            ReasoningCoversAnswer = section.Flag("reasoningCoversAnswer") ?? false,
            AudioAsText = section.Flag("audioAsText") ?? false,
            ImageAsText = section.Flag("imageAsText") ?? false,
            Batch = Service(section, "batch"),
            Flex = Service(section, "flex"),
            Priority = Service(section, "priority"),
        };
        if (section.Section("next") is { } next)
        {
            var from = next.Text("from");
            sheet = sheet with { Next = Sheet(next) };
            if (
                DateOnly.TryParseExact(
                    from,
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var day
                )
            )
                sheet = sheet with { NextFrom = day };
            else
                next.Mistakes.Add(next.Path + ".from", "Must be a date such as 2027-01-31.");
            next.Done();
        }
        section.Done();
        Doubt(section, "input", sheet.Input, known?.Input);
        Doubt(section, "output", sheet.Output, known?.Output);
        return sheet;
    }

    private static PriceSheet Sheet(ConfigSection section) =>
        new()
        {
            Input = section.Number("input", 0, Most),
            Output = section.Number("output", 0, Most),
            CacheRead = section.Number("cacheRead", 0, Most),
            CacheWrite = section.Number("cacheWrite", 0, Most),
            CacheWrite1h = section.Number("cacheWrite1h", 0, Most),
            Reasoning = section.Number("reasoning", 0, Most),
            AudioInput = section.Number("audioInput", 0, Most),
            AudioOutput = section.Number("audioOutput", 0, Most),
            ImageInput = section.Number("imageInput", 0, Most),
            ImageOutput = section.Number("imageOutput", 0, Most),
        };

    private static PriceSheet? Service(ConfigSection section, string name)
    {
        if (section.Section(name) is not { } service)
            return null;
        var sheet = Sheet(service);
        service.Done();
        return sheet;
    }

    private static PriceTier? Tier(ConfigSection section)
    {
        var above = section.Whole("aboveInputTokens", 1, 1_000_000_000);
        var tier = new PriceTier(above ?? 0)
        {
            Input = section.Number("input", 0, Most),
            Output = section.Number("output", 0, Most),
            CacheRead = section.Number("cacheRead", 0, Most),
            CacheWrite = section.Number("cacheWrite", 0, Most),
            CacheWrite1h = section.Number("cacheWrite1h", 0, Most),
        };
        section.Done();
        if (above is not null)
            return tier;
        section.Mistakes.Add(section.Path, "A tier needs aboveInputTokens.");
        return null;
    }

    private static void Doubt(ConfigSection section, string name, decimal? said, decimal? known)
    {
        if (said is not > 0 || known is not > 0)
            return;
        if (said / known is > Doubtful or < 1 / Doubtful)
            section.Mistakes.Warn(
                section.Path + "." + name,
                FormattableString.Invariant(
                    $"{said} is more than {Doubtful} times off the catalog's {known}. The unit is US dollars per 1,000,000 tokens."
                )
            );
    }
}
