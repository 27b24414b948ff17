using Dragoman.Routing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Strategies;

public sealed class CostOptimizedStrategyTests : StrategyContract
{
    protected override IRoutingStrategy Strategy => RoutingStrategies.Usual.Find("cost_optimized")!;

    protected override Candidate Unknown(Candidate candidate) => candidate with { Cost = null };

    [Fact]
    public void Order_ByCost_TakesTheCheapestAndOfEqualsTheBetter()
    {
        var ordered = Strategy.Order([
            Made("dear", 0.02m, quality: 90),
            Made("unknown", null, quality: 95),
            Made("cheap", 0.0000084m, quality: 40),
            Made("as-cheap", 0.0000084m, quality: 60),
            Made("free", 0m),
        ]);

        Named.All(ordered).ShouldBe("free as-cheap cheap dear unknown");
        Strategy
            .Explain([.. ordered.Skip(1)], 3)
            .ShouldBe("p/as-cheap at $0.0000084 is the cheapest of 3");
    }
}

public sealed class LatencyOptimizedStrategyTests : StrategyContract
{
    protected override IRoutingStrategy Strategy =>
        RoutingStrategies.Usual.Find("latency_optimized")!;

    protected override Candidate Unknown(Candidate candidate) => candidate with { Latency = null };

    [Fact]
    public void Order_ByLatency_TakesTheFastestAndOfEqualsTheCheaper()
    {
        var ordered = Strategy.Order([
            Made("unknown", 0.001m),
            Made("slow", 0.001m, seconds: 9),
            Made("fast", 0.02m, seconds: 0.35),
            Made("as-fast", 0.01m, seconds: 0.35),
        ]);

        Named.All(ordered).ShouldBe("as-fast fast slow unknown");
        Strategy.Explain(ordered, 4).ShouldBe("p/as-fast in 350 ms is the fastest of 4");
    }
}

public sealed class QualityOptimizedStrategyTests : StrategyContract
{
    protected override IRoutingStrategy Strategy =>
        RoutingStrategies.Usual.Find("quality_optimized")!;

    protected override Candidate Unknown(Candidate candidate) => candidate with { Quality = null };

    [Fact]
    public void Order_DifferencesWithinTheNoise_AreTiesThatThePriceBreaks()
    {
        // 70.6 and 67.6 differ by 3, twice the error of the difference is 5.0; 62 is another class.
        var ordered = Strategy.Order([
            Made("best", 0.05m, quality: 70.6, error: 1.8),
            Made("nearly", 0.03m, quality: 67.6, error: 1.7),
            Made("lesser", 0.001m, quality: 62, error: 1.8),
            Made("unknown", 0.0001m),
        ]);

        Named.All(ordered).ShouldBe("nearly best lesser unknown");
        Strategy
            .Explain(ordered, 4)
            .ShouldBe(
                "p/nearly (quality 67.6 ± 1.7) is as good as the best of 4, p/best (quality 70.6 ± 1.8), and cheaper at $0.03 than $0.05"
            );
    }

    [Fact]
    public void Order_BadlyKnownQuality_NeitherWinsNorTiesByBeingBadlyKnown()
    {
        var ordered = Strategy.Order([
            Made("guessed", 0.001m, quality: 74, error: 8.6),
            Made("measured", 0.05m, quality: 71, error: 0.5),
        ]);

        Named.All(ordered).ShouldBe("measured guessed");
    }
}

public sealed class BalancedStrategyTests : StrategyContract
{
    protected override IRoutingStrategy Strategy => RoutingStrategies.Usual.Find("balanced")!;

    protected override Candidate Unknown(Candidate candidate) => candidate with { Cost = null };

    [Theory]
    // three times the money for two points
    [InlineData("a", "b", 60, 0.01, 5, 62, 0.03, 5)]
    // three times the money for ten points
    [InlineData("b", "a", 60, 0.01, 5, 70, 0.03, 5)]
    // at a hundredth of a cent money hardly matters
    [InlineData("b", "a", 60, 0.00001, 5, 62, 0.00003, 5)]
    // free does not make up for bad
    [InlineData("b", "a", 30, 0, 5, 60, 0.01, 5)]
    // slower by far for one point
    [InlineData("a", "b", 60, 0.01, 2, 61, 0.01, 60)]
    public void Order_WeighsQualityAgainstMoneyAndTime(
        string first,
        string second,
        double quality,
        double cost,
        double seconds,
        double otherQuality,
        double otherCost,
        double otherSeconds
    )
    {
        var ordered = Strategy.Order([
            Made("a", (decimal)cost, seconds, quality),
            Made("b", (decimal)otherCost, otherSeconds, otherQuality),
        ]);

        Named.All(ordered).ShouldBe($"{first} {second}");
    }

    [Fact]
    public void Order_ADearModel_ComesBehindWhatIsNotAndBeforeTheUnknown()
    {
        var ordered = Strategy.Order([
            Made("unpriced", null, 1, 99),
            Made("dear", 0.06m, 1, 99, input: 5.01m),
            Made("unmeasured", 0.01m, 1),
            Made("usual", 0.05m, 1, 40, input: 5),
        ]);

        Named.All(ordered).ShouldBe("usual dear unmeasured unpriced");
    }

    [Fact]
    public void Order_UnknownSpeed_CountsAsSlow()
    {
        var ordered = Strategy.Order([
            Made("unknown", 0.01m, null, 60),
            Made("slow", 0.01m, 20, 60.5),
            Made("fast", 0.01m, 1, 60),
        ]);

        Named.All(ordered).ShouldBe("fast unknown slow");
    }
}

public sealed class LocalFirstStrategyTests : StrategyContract
{
    protected override IRoutingStrategy Strategy => RoutingStrategies.Usual.Find("local_first")!;

    protected override Candidate? Unknown(Candidate candidate) => null;

    [Fact]
    public void Order_Local_BeforeWhatIsBetterElsewhere()
    {
        var ordered = Strategy.Order([
            Made("far", 0.001m, 1, 95),
            Made("unmeasured", null, null, null, local: true),
            Made("near", 0m, 9, 30, local: true),
        ]);

        Named.All(ordered).ShouldBe("near unmeasured far");
        Strategy
            .Explain(ordered, 3)
            .ShouldBe("p/near is local, quality 30 ± 1, one of 2 such among 3");
    }
}

public sealed class PriorityStrategyTests : StrategyContract
{
    protected override IRoutingStrategy Strategy => RoutingStrategies.Usual.Find("priority")!;

    protected override Candidate? Unknown(Candidate candidate) => null;

    [Fact]
    public void Order_ByPriority_TakesLowerNumbersFirst()
    {
        var ordered = Strategy.Order([
            Made("b", priority: 50),
            Made("c", priority: 100),
            Made("a", priority: 5),
            Made("d", priority: 100),
        ]);

        Named.All(ordered).ShouldBe("a b c d");
        Strategy.Explain(ordered, 4).ShouldBe("p/a has priority 5, the first of 4");
    }
}

public sealed class CapabilityMatchStrategyTests : StrategyContract
{
    protected override IRoutingStrategy Strategy =>
        RoutingStrategies.Usual.Find("capability_match")!;

    protected override Candidate Unknown(Candidate candidate) => candidate with { Missing = 3 };

    [Fact]
    public void Order_WhoIsKnownToHaveMost_ComesFirst()
    {
        var ordered = Strategy.Order([
            Made("best", 0.01m, quality: 95, missing: 1),
            Made("able", 0.02m, quality: 50),
            Made("abler", 0.02m, quality: 60),
        ]);

        Named.All(ordered).ShouldBe("abler able best");
        Strategy
            .Explain(ordered, 3)
            .ShouldBe(
                "p/abler is known to have all that is needed, and is best among 2 such of 3 (quality 60 ± 1, $0.02)"
            );
    }
}

internal static class Named
{
    public static string All(IEnumerable<Candidate> candidates) =>
        string.Join(' ', candidates.Select(static candidate => candidate.Deployment.Model));
}
