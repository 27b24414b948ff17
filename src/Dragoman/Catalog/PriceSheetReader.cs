using System.Globalization;
using System.Text.Json;

namespace Dragoman.Catalog;

/// <summary>Reads the <c>prices</c> of a catalog row.</summary>
internal static class PriceSheetReader
{
    public static PriceSheet Read(JsonElement prices)
    {
        var sheet = new PriceSheet
        {
            Input = JsonFacts.Number(prices, "input"u8),
            Output = JsonFacts.Number(prices, "output"u8),
            CacheRead = JsonFacts.Number(prices, "cacheRead"u8),
            CacheWrite = JsonFacts.Number(prices, "cacheWrite"u8),
            CacheWrite1h = JsonFacts.Number(prices, "cacheWrite1h"u8),
            Reasoning = JsonFacts.Number(prices, "reasoning"u8),
            ReasoningCoversAnswer = JsonFacts.Flag(prices, "reasoningCoversAnswer"u8) ?? false,
            AudioInput = JsonFacts.Number(prices, "audioInput"u8),
            AudioOutput = JsonFacts.Number(prices, "audioOutput"u8),
            ImageInput = JsonFacts.Number(prices, "imageInput"u8),
            ImageOutput = JsonFacts.Number(prices, "imageOutput"u8),
            AudioAsText = JsonFacts.Flag(prices, "audioAsText"u8) ?? false,
            ImageAsText = JsonFacts.Flag(prices, "imageAsText"u8) ?? false,
            Tiers = prices.TryGetProperty("tiers"u8, out var tiers) ? Tiers(tiers) : [],
            PerRequest = JsonFacts.Number(prices, "perRequest"u8),
        };
        if (prices.TryGetProperty("toolFees"u8, out var fees))
            sheet = sheet with { ToolFees = Fees(fees) };
        sheet = sheet with
        {
            Batch = Service(prices, "batch"u8, sheet),
            Flex = Service(prices, "flex"u8, sheet),
            Priority = Service(prices, "priority"u8, sheet),
        };
        if (!prices.TryGetProperty("next"u8, out var next))
            return sheet;
        return sheet with
        {
            Next = Read(next),
            NextFrom = DateOnly.ParseExact(
                next.GetProperty("from"u8).GetString()!,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture
            ),
        };
    }

    private static PriceSheet? Service(
        JsonElement prices,
        ReadOnlySpan<byte> name,
        PriceSheet usual
    ) => prices.TryGetProperty(name, out var nested) ? Read(nested) with { Usual = usual } : null;

    private static List<PriceTier> Tiers(JsonElement list)
    {
        List<PriceTier> tiers = new(list.GetArrayLength());
        foreach (var tier in list.EnumerateArray())
            tiers.Add(
                new PriceTier(tier.GetProperty("aboveInputTokens"u8).GetInt64())
                {
                    Input = JsonFacts.Number(tier, "input"u8),
                    Output = JsonFacts.Number(tier, "output"u8),
                    CacheRead = JsonFacts.Number(tier, "cacheRead"u8),
                    CacheWrite = JsonFacts.Number(tier, "cacheWrite"u8),
                    CacheWrite1h = JsonFacts.Number(tier, "cacheWrite1h"u8),
                }
            );
        return tiers;
    }

    private static Dictionary<string, decimal> Fees(JsonElement fees)
    {
        Dictionary<string, decimal> byTool = new(StringComparer.Ordinal);
        foreach (var fee in fees.EnumerateObject())
            byTool[fee.Name] = fee.Value.GetDecimal();
        return byTool;
    }
}
