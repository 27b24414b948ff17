using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Native;
using Dragoman.TestKit;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Usage;

public sealed class GatewayStatsTests
{
    private static readonly TokenUsage Tokens = new() { Input = 1_000, Output = 500 };

    private readonly ManualTime _time = new();
    private readonly Dictionary<string, PriceSheet> _prices = new(StringComparer.Ordinal)
    {
        ["a/dear"] = new() { Input = 2, Output = 4 },
    };
    private readonly GatewayStats _stats;

    public GatewayStatsTests() =>
        _stats = new GatewayStats(_time, name => _prices.GetValueOrDefault(name));

    [Fact]
    public void Observe_Rescue_CountsWhatItAdded()
    {
        _stats.Observe(Rescued("a/dear", answerCost: 9_000_000));

        var chain = Report(StatsGrouping.Chain).By!.ShouldHaveSingleItem();
        chain.Chain.ShouldBe("mine");
        chain.SinceStart.Calls.ShouldBe(1);
        chain.SinceStart.Successes.ShouldBe(1);
        chain.SinceStart.Rescues.ShouldBe(1);
        chain.SinceStart.AddedLatencyMs.ShouldBe(700);
        // 0.009 for the answer, against 1,000 × 2 + 500 × 4 millionths at the first member.
        chain.SinceStart.AddedCost.ShouldBe(0.005m);
        chain.SinceStart.UnpricedRescues.ShouldBe(0);
    }

    [Fact]
    public void Observe_RescueOfAMemberWithoutPrices_LeavesTheAddedCostUnknown()
    {
        _stats.Observe(Rescued("a/free", answerCost: 9_000_000));
        _stats.Observe(Rescued("a/dear", answerCost: null));

        var figures = Report(StatsGrouping.None).SinceStart;
        figures.Rescues.ShouldBe(2);
        figures.AddedCost.ShouldBeNull();
        figures.UnpricedRescues.ShouldBe(2);
    }

    [Fact]
    public void Observe_Attempts_CountForTheirModelsAndProviders()
    {
        _stats.Observe(Rescued("a/dear", answerCost: 1_000));

        var models = Report(StatsGrouping.Model).By!.ToDictionary(row => row.Model!);
        models["a/dear"].SinceStart.Failures.ShouldBe(1);
        models["a/dear"].SinceStart.Timeouts.ShouldBe(1);
        models["a/dear"].SinceStart.TotalCost.ShouldBe(0);
        models["b/swift"].SinceStart.Successes.ShouldBe(1);
        models["b/swift"].SinceStart.TotalTokens.ShouldBe(1_500);
        models["b/swift"].SinceStart.TotalCost.ShouldBe(0.000001m);
        models["b/swift"].SinceStart.AverageFirstTokenMs.ShouldBe(50);
        Report(StatsGrouping.Provider)
            .By!.Select(row => row.Provider)
            .ShouldBe(["a", "b"], ignoreOrder: true);
        new StatsReport(_stats, StatsGrouping.Model, "b").By!.ShouldHaveSingleItem();
    }

    [Fact]
    public void Read_AnHourLater_ForgetsInTheLastHourOnly()
    {
        _stats.Observe(UsageRecords.Usual(1));
        _time.Advance(TimeSpan.FromMinutes(58));
        _stats.Observe(UsageRecords.Usual(2));

        Report(StatsGrouping.None).LastHour.Calls.ShouldBe(2);
        _time.Advance(TimeSpan.FromMinutes(10));
        Report(StatsGrouping.None).LastHour.Calls.ShouldBe(1);
        // A slot that comes round again begins anew.
        _time.Advance(TimeSpan.FromMinutes(55));
        _stats.Observe(UsageRecords.Usual(3));
        Report(StatsGrouping.None).LastHour.Calls.ShouldBe(1);
        Report(StatsGrouping.None).SinceStart.Calls.ShouldBe(3);
    }

    [Fact]
    public void Observe_NamesWithoutEnd_AreCountedTogetherPastTheBound()
    {
        for (var i = 0; i < GatewayStats.MostNames + 50; i++)
            _stats.Observe(UsageRecords.Bare(i) with { Chain = $"chain {i}" });

        var rows = Report(StatsGrouping.Chain).By!;
        rows.Count.ShouldBe(GatewayStats.MostNames + 1);
        rows[0].Chain.ShouldBe(GatewayStats.Other);
        rows[0].SinceStart.Calls.ShouldBe(50);
    }

    [Fact]
    public void Percentile_OfAThousandDurations_IsRightToATwentieth()
    {
        var histogram = new LatencyHistogram();
        for (var ms = 1; ms <= 1_000; ms++)
            histogram.Add(TimeSpan.FromMilliseconds(ms));

        histogram.Percentile(0.50)!.Value.ShouldBe(500, 25);
        histogram.Percentile(0.95)!.Value.ShouldBe(950, 48);
        histogram.Percentile(0.99)!.Value.ShouldBe(990, 50);
        histogram.Add(TimeSpan.FromDays(1));
        histogram.Add(TimeSpan.Zero);
        histogram.Percentile(1)!.Value.ShouldBeGreaterThan(500_000);
        histogram.Percentile(0)!.Value.ShouldBe(1);
        new LatencyHistogram().Percentile(0.5).ShouldBeNull();
    }

    [Fact]
    public void Observe_KnownNames_AllocatesNothing()
    {
        var record = Rescued("b/swift", answerCost: 1_000);
        _stats.Observe(record);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
            _stats.Observe(record);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000);
    }

    private StatsReport Report(StatsGrouping by) => new(_stats, by);

    private static UsageRecord Rescued(string first, long? answerCost) =>
        UsageRecords.Usual(1) with
        {
            Chain = "mine",
            Attempts =
            [
                new AttemptRecord
                {
                    Deployment = first,
                    Outcome = "attempt_timeout",
                    Duration = TimeSpan.FromMilliseconds(690),
                },
                new AttemptRecord
                {
                    Deployment = "b/swift",
                    Outcome = "success",
                    StartedAfter = TimeSpan.FromMilliseconds(700),
                    Duration = TimeSpan.FromMilliseconds(200),
                    FirstContent = TimeSpan.FromMilliseconds(50),
                    Usage = Tokens,
                    CostNanoUsd = answerCost,
                },
            ],
        };
}
