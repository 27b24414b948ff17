using Dragoman.Routing;
using Dragoman.Routing.Decisions;
using Dragoman.Routing.Strategies;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

/// <summary>What a weighing makes of difficulty, weights and caches.</summary>
public sealed class WeighingTests
{
    private static readonly Candidate Small = Of("a/small", cost: 0.0002m, quality: 45);
    private static readonly Candidate Strong = Of("b/strong", cost: 0.01m, quality: 82);

    [Theory]
    [InlineData(0.05, "a/small")]
    [InlineData(0.9, "b/strong")]
    public void Balanced_ByDifficulty_SpendsMoreOnWhatIsHard(double difficulty, string expected) =>
        First(Hard(Small, difficulty), Hard(Strong, difficulty)).ShouldBe(expected);

    [Fact]
    public void Balanced_WhoFailsLately_ComesBehindItsLike()
    {
        var twin = Of("c/twin", cost: 0.0002m, quality: 45);

        First(Small with { ErrorShare = 0.5 }, twin).ShouldBe("c/twin");
    }

    [Theory]
    [InlineData(1, "a/small")]
    [InlineData(0, "b/strong")]
    public void Balanced_ByTheWeightOfMoney_Turns(double thrift, string expected) =>
        First(
                new BalancedStrategy(new StrategyWeights(Thrift: thrift)),
                Hard(Small, 0.3),
                Hard(Strong, 0.3)
            )
            .ShouldBe(expected);

    [Fact]
    public void Run_WhoHoldsTheConversation_KeepsIt()
    {
        var holder = Of("c/holder", cost: 0.0002m, quality: 40) with
        {
            Held = new HeldCache(5_000, 0.0011m),
        };

        First(Small, holder).ShouldBe("c/holder");
        Weigh(Small, holder)
            .ShouldContain(
                "stays with c/holder, whose cache holds about 5000 tokens, $0.0011 saved"
            );
    }

    [Fact]
    public void Run_WhereMovingSavesMore_ItMoves()
    {
        var holder = Of("c/holder", cost: 0.0009m, quality: 40) with
        {
            Held = new HeldCache(5_000, 0.0011m),
        };

        First(Small, holder).ShouldBe("a/small");
        Weigh(Small, holder).ShouldContain("it leaves c/holder and the 5000 tokens in its cache");
    }

    [Fact]
    public void Run_AHolderOfUnknownPrice_DoesNotWinOverAKnownOne()
    {
        var holder = Of("c/holder", cost: null, quality: 90) with
        {
            Held = new HeldCache(5_000, null),
        };

        First(new QualityOptimizedStrategy(), Small, holder).ShouldBe("c/holder");
        First(new CostOptimizedStrategy(), Small, holder).ShouldBe("a/small");
    }

    private static Candidate Hard(Candidate candidate, double difficulty) =>
        candidate with
        {
            Difficulty = difficulty,
        };

    private static string First(params Candidate[] candidates) =>
        First(new BalancedStrategy(), candidates);

    private static string First(IRoutingStrategy strategy, params Candidate[] candidates) =>
        Of(strategy, candidates).Run().Chosen[0].Name;

    private static string Weigh(params Candidate[] candidates)
    {
        var weighing = Of(new BalancedStrategy(), candidates);
        return weighing.Explain(weighing.Run());
    }

    private static Weighing Of(IRoutingStrategy strategy, Candidate[] candidates) =>
        new()
        {
            Strategy = strategy,
            Candidates = candidates,
            Among = candidates.Length,
        };

    private static Candidate Of(string name, decimal? cost, double quality) =>
        new CandidateRecord
        {
            Model = name,
            CostUsd = cost,
            Quality = quality,
            LatencyMs = 900,
        }.ToCandidate(task: null, difficulty: null);
}
