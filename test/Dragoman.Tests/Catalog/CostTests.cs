using Dragoman.Canonical;
using Dragoman.Catalog;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog;

public class CostTests
{
    private static readonly PriceSheet Plain = new()
    {
        Input = 2.50m,
        Output = 10m,
        CacheRead = 1.25m,
    };

    private static readonly PriceSheet Tiered = new()
    {
        Input = 1.25m,
        Output = 10m,
        CacheRead = 0.125m,
        CacheWrite = 2m,
        Tiers =
        [
            new PriceTier(200_000)
            {
                Input = 2.5m,
                Output = 15m,
                CacheRead = 0.25m,
            },
        ],
    };

    public static TheoryData<string, TokenUsage, PriceSheet?, decimal?, CostBasis> Bills =>
        new()
        {
            {
                "buckets are priced once each",
                new()
                {
                    Input = 1000,
                    CacheRead = 2000,
                    Output = 500,
                },
                Plain,
                0.0025m + 0.0025m + 0.005m,
                CostBasis.Computed
            },
            {
                "reasoning costs what output costs",
                new()
                {
                    Input = 1000,
                    Output = 500,
                    Reasoning = 1500,
                },
                Plain,
                0.0025m + 0.02m,
                CostBasis.Computed
            },
            {
                "reasoning has a price of its own",
                new()
                {
                    Input = 0,
                    Output = 500,
                    Reasoning = 1000,
                },
                Plain with
                {
                    Reasoning = 3m,
                },
                0.005m + 0.003m,
                CostBasis.Computed
            },
            {
                "a thinking price covers the whole answer",
                new()
                {
                    Input = 0,
                    Output = 500,
                    Reasoning = 1000,
                },
                Plain with
                {
                    Reasoning = 40m,
                    ReasoningCoversAnswer = true,
                },
                0.06m,
                CostBasis.Computed
            },
            {
                "a thinking price does not touch an answer without thinking",
                new()
                {
                    Input = 0,
                    Output = 500,
                    Reasoning = 0,
                },
                Plain with
                {
                    Reasoning = 40m,
                    ReasoningCoversAnswer = true,
                },
                0.005m,
                CostBasis.Computed
            },
            {
                "at the tier's edge the sheet's own prices hold",
                new()
                {
                    Input = 150_000,
                    CacheRead = 50_000,
                    Output = 1000,
                },
                Tiered,
                0.1875m + 0.00625m + 0.01m,
                CostBasis.Computed
            },
            {
                "past it the whole request costs the tier's",
                new()
                {
                    Input = 150_001,
                    CacheRead = 50_000,
                    Output = 1000,
                },
                Tiered,
                0.3750025m + 0.0125m + 0.015m,
                CostBasis.Computed
            },
            {
                "a price that the tier leaves out grows as its input does",
                new()
                {
                    Input = 200_000,
                    CacheWrite = 1000,
                    Output = 0,
                },
                Tiered,
                0.5m + 0.004m,
                CostBasis.Estimated
            },
            {
                "a cache without prices costs what input costs, at a guess",
                new()
                {
                    CacheRead = 1000,
                    CacheWrite = 1000,
                    Output = 0,
                },
                new PriceSheet { Input = 3m, Output = 15m },
                0.006m,
                CostBasis.Estimated
            },
            {
                "a one-hour write without a price costs what a short one does, at a guess",
                new() { CacheWrite1h = 1000, Output = 0 },
                new PriceSheet { Input = 3m, CacheWrite = 3.75m },
                0.00375m,
                CostBasis.Estimated
            },
            {
                "estimated counts make an estimated cost",
                new()
                {
                    Input = 1000,
                    Output = 0,
                    Estimated = true,
                },
                Plain,
                0.0025m,
                CostBasis.Estimated
            },
            {
                "what the provider says wins",
                new()
                {
                    Input = 1000,
                    ReportedCostUsd = 0.9m,
                    Estimated = true,
                },
                Plain,
                0.9m,
                CostBasis.Reported
            },
            {
                "a reported zero is a cost",
                new() { Input = 1000, ReportedCostUsd = 0m },
                Plain,
                0m,
                CostBasis.Reported
            },
            {
                "what the provider says needs no prices",
                new() { ReportedCostUsd = 0.9m },
                null,
                0.9m,
                CostBasis.Reported
            },
            {
                "a negative report is garble",
                new()
                {
                    Input = 1000,
                    Output = 0,
                    ReportedCostUsd = -1m,
                },
                Plain,
                0.0025m,
                CostBasis.Computed
            },
            {
                "a request fee comes on top",
                new() { Input = 1000, Output = 0 },
                Plain with
                {
                    PerRequest = 0.005m,
                },
                0.0075m,
                CostBasis.Computed
            },
            {
                "free is free",
                new() { Input = 1000, Output = 10 },
                new PriceSheet { Input = 0, Output = 0 },
                0m,
                CostBasis.Computed
            },
            {
                "an unused bucket needs no price",
                new() { Input = 1000, Output = 0 },
                new PriceSheet { Input = 0.02m },
                0.00002m,
                CostBasis.Computed
            },
            {
                "an answer that nobody counted is not free",
                new() { Input = 1000 },
                Plain,
                null,
                CostBasis.Unpriced
            },
            {
                "nor is a prompt",
                new() { Output = 1000 },
                Plain,
                null,
                CostBasis.Unpriced
            },
            {
                "unless all of it is",
                new() { Output = 1000 },
                new PriceSheet { Input = 0, Output = 0 },
                0m,
                CostBasis.Computed
            },
            {
                "a used one does",
                new() { Input = 1000, Output = 1 },
                new PriceSheet { Input = 0.02m },
                null,
                CostBasis.Unpriced
            },
            {
                "audio is not text",
                new() { Input = 1000, AudioInput = 1 },
                Plain,
                null,
                CostBasis.Unpriced
            },
            {
                "unless the vendor says so",
                new()
                {
                    Input = 1000,
                    AudioInput = 1000,
                    ImageInput = 1000,
                    Output = 0,
                },
                Plain with
                {
                    AudioAsText = true,
                    ImageAsText = true,
                },
                0.0075m,
                CostBasis.Computed
            },
            {
                "audio at its own price",
                new() { AudioInput = 1000, AudioOutput = 1000 },
                Plain with
                {
                    AudioInput = 40m,
                    AudioOutput = 80m,
                    AudioAsText = true,
                },
                0.12m,
                CostBasis.Computed
            },
            {
                "no prices, no cost",
                new() { Input = 1000 },
                null,
                null,
                CostBasis.Unpriced
            },
            { "no counts, no cost", new(), Plain, null, CostBasis.Unpriced },
        };

    [Theory]
    [MemberData(nameof(Bills))]
    public void Of_Usage_IsPricedByTheSheet(
        string because,
        TokenUsage usage,
        PriceSheet? prices,
        decimal? usd,
        CostBasis basis
    )
    {
        var cost = Cost.Of(usage, prices);
        (cost?.Usd).ShouldBe(usd, because);
        (cost?.Basis ?? CostBasis.Unpriced).ShouldBe(basis, because);
    }

    [Fact]
    public void Of_NoUsage_IsUnpriced() => Cost.Of(null, Plain).ShouldBeNull();

    [Fact]
    public void Of_WithoutReport_AllocatesNothing()
    {
        var usage = new TokenUsage
        {
            Input = 300_000,
            CacheRead = 5,
            Output = 10,
        };
        _ = Cost.Of(usage, Tiered);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            _ = Cost.Of(usage, Tiered)?.ToNanoUsd();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1.234567890", 1_234_567_890)]
    [InlineData("0.0000000005", 0)] // half to even
    [InlineData("0.0000000015", 2)]
    [InlineData("0.0000000025", 2)]
    [InlineData("0.00000000251", 3)]
    [InlineData("9223372036.854775807", long.MaxValue)]
    [InlineData("79228162514264337593543950335", long.MaxValue)]
    public void ToNanoUsd_AnyAmount_IsRoundedHalfToEvenAndNeverOverflows(string usd, long nanos) =>
        new Cost(decimal.Parse(usd), CostBasis.Computed).ToNanoUsd().ShouldBe(nanos);
}
