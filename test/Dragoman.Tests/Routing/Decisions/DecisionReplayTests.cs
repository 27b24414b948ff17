using System.Text;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Routing.Decisions;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Decisions;

/// <summary>What is kept of a decision is enough to find it again, and to ask what would have been.</summary>
public sealed class DecisionReplayTests
{
    private const string House = """
        providers:
          openai: { api_keys: [k] }
          anthropic: { api_keys: [k] }
          mistral: { api_keys: [k] }
          house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1" }
        models:
          - { name: llama, provider: house, model: llama-3.3-70b-instruct, cost_per_1k_input: 0, cost_per_1k_output: 0, priority: 7 }
        routes:
          mixed: { strategy: cost_optimized, models: [llama, openai/gpt-4o-mini, anthropic/claude-haiku-4-5] }
        """;

    private static readonly string[] Prompts =
    [
        "hi",
        "Write a lock-free queue in Rust and prove that it is linearizable.",
        "Schreib ein Gedicht über den Herbst.",
        "Summarize: the council met on Tuesday and voted for the tram.",
    ];

    [Fact]
    public void Record_OfAnyDecision_GivesTheDecisionAgain()
    {
        var names = Asked.Demo(House);
        var chance = new Random(5);
        var replay = new DecisionReplay(RoutingStrategies.Usual);
        var weighed = 0;
        foreach (var prompt in Prompts)
        foreach (var strategy in RoutingStrategies.Usual.Choosing)
        foreach (var name in (string[])["auto:" + strategy, "mixed", "llama"])
        {
            var wishes = new Wishes
            {
                PreferLocal = chance.Next(3) == 0 ? true : null,
                PreferLowLatency = chance.Next(3) == 0 ? true : null,
                MaxLatencyMs = chance.Next(3) == 0 ? chance.Next(500, 20_000) : null,
                ComputesFallback = true,
            };
            var decision = names
                .Resolve(Asked.Exchange(name, wishes, prompt: prompt))
                .Decision.ShouldNotBeNull();

            var json = Encoding.UTF8.GetString(decision.Record.ShouldNotBeNull().ToJson());
            var record = DecisionRecord.FromJson(json).ShouldNotBeNull();

            replay
                .Chain(new DecisionChange(), record)
                .ShouldNotBeNull()
                .Models.ShouldBe(record.Chain, json);
            record.Chain.ShouldBe(decision.Chain.Select(static one => one.PublicName));
            foreach (var weighing in record.Weighings)
            {
                weighed++;
                replay.Again(weighing).ShouldBe(weighing.Chosen, json);
            }
        }
        weighed.ShouldBeGreaterThan(80);
    }

    [Fact]
    public void Record_OfAWeightOfZero_KeepsIt()
    {
        var names = Asked.Demo(
            House + "\ndefaults: { weights: { cost: 0, health: 0, latency: 0.5 } }"
        );
        var decision = names.Resolve(Asked.Exchange("auto", prompt: Prompts[1])).Decision!;

        var json = Encoding.UTF8.GetString(decision.Record!.ToJson());
        var kept = DecisionRecord.FromJson(json)!.Weighings.ShouldHaveSingleItem();

        kept.Weights.ShouldBe(new StrategyWeights(1, 0, 0.5, 0), json);
        new DecisionReplay(RoutingStrategies.Usual).Again(kept).ShouldBe(kept.Chosen, json);
    }

    [Fact]
    public void Resolve_TheSameRequestAndState_GivesTheSameDecision()
    {
        var names = Asked.Demo(House);
        foreach (var prompt in Prompts)
        {
            var first = names.Resolve(Asked.Exchange("auto", prompt: prompt)).Decision!;
            var second = names.Resolve(Asked.Exchange("auto", prompt: prompt)).Decision!;

            Asked.Chain(second).ShouldBe(Asked.Chain(first));
            second.Reason.ShouldBe(first.Reason);
            Encoding
                .UTF8.GetString(second.Record!.ToJson())
                .ShouldBe(Encoding.UTF8.GetString(first.Record!.ToJson()));
        }
    }

    [Fact]
    public void Under_TwoDeploymentsOfOneModel_AreToldApart()
    {
        var names = Asked.Demo(
            """
            models:
              - { name: tiny, provider: demo, model: swift, context_window: 600, cost_per_1k_input: 0.0001, cost_per_1k_output: 0.0004 }
            """
        );
        var record = names.Resolve(Asked.Exchange("auto")).Decision!.Record!;

        foreach (var weighing in record.Weighings)
            Replay.Under(new DecisionChange(), record, weighing).ShouldNotBeEmpty();
    }

    [Fact]
    public void Under_OtherPrices_TheCheapestIsAnother()
    {
        var (decision, weighing) = Decided("auto:cost_optimized");
        var cheapest = weighing.Chosen[0];
        var change = new DecisionChange
        {
            Prices = new Dictionary<string, ChangedPrice>(StringComparer.Ordinal)
            {
                [cheapest] = new(1_000, 1_000),
            },
        };

        var chosen = Replay.Under(change, decision, weighing).ShouldNotBeNull();

        chosen[0].Model.ShouldNotBe(cheapest);
        chosen[0].Model.ShouldBe(weighing.Chosen[1]);
    }

    [Fact]
    public void Under_APriceThatIsUnknown_IsNotFree()
    {
        var (decision, weighing) = Decided("auto:cost_optimized");
        var change = new DecisionChange
        {
            Prices = new Dictionary<string, ChangedPrice>(StringComparer.Ordinal)
            {
                [weighing.Chosen[0]] = new(null, 1),
            },
        };

        Replay.Under(change, decision, weighing)!.First().Model.ShouldNotBe(weighing.Chosen[0]);
    }

    [Fact]
    public void Under_OtherWeights_MoneyStopsCounting()
    {
        var (decision, weighing) = Decided("auto");
        var best = weighing
            .Candidates.Where(static one => !one.Dear && one.CostUsd is not null)
            .MaxBy(static one => one.Quality - one.QualityError)!;

        var chosen = Replay.Under(
            new DecisionChange
            {
                Weights = new StrategyWeights(1, Thrift: 0, Latency: 0, Health: 0),
            },
            decision,
            weighing
        );

        chosen![0].Model.ShouldBe(best.Model);
    }

    [Fact]
    public void Under_WithoutAProvider_ChoosesAmongTheRest()
    {
        var (decision, weighing) = Decided("auto");
        var provider = weighing.Chosen[0].Split('/')[0];

        Replay
            .Under(
                new DecisionChange
                {
                    Without = new HashSet<string>(StringComparer.Ordinal) { provider },
                },
                decision,
                weighing
            )!
            .ShouldAllBe(one => !one.Model.StartsWith(provider + "/", StringComparison.Ordinal));
    }

    [Fact]
    public void Under_APriceThatIsNoLongerDear_MayBeChosenUnasked()
    {
        var (decision, weighing) = Decided("auto");
        var dear = weighing.Candidates[0];
        var named = new DecisionChange
        {
            Prices = new Dictionary<string, ChangedPrice>(StringComparer.Ordinal)
            {
                [dear.Model] = new(0.01m, 0.02m),
            },
        };

        DecisionReplay.Priced(dear with { Dear = true }, named, decision).Dear.ShouldBeFalse();
        DecisionReplay
            .Priced(
                dear with
                {
                    Dear = true,
                },
                named with
                {
                    Prices = new DecisionChange().Prices,
                },
                decision
            )
            .Dear.ShouldBeTrue();
    }

    [Fact]
    public void Chain_WithoutTheOneThatWasNamed_IsThoseBehindIt()
    {
        var record = Asked
            .Demo(House)
            .Resolve(Asked.Exchange("llama", new Wishes { ComputesFallback = true }))
            .Decision!.Record.ShouldNotBeNull();
        var change = new DecisionChange
        {
            Without = new HashSet<string>(StringComparer.Ordinal) { "house" },
        };

        var chain = Replay.Chain(change, record).ShouldNotBeNull();

        chain.Models.ShouldBe(record.Chain.Skip(1));
        chain.Models.ShouldNotBeEmpty();
        chain.Reason.ShouldNotBeNull().ShouldStartWith("balanced");
    }

    private static DecisionReplay Replay { get; } = new(RoutingStrategies.Usual);

    private static (DecisionRecord Decision, WeighingRecord Weighing) Decided(string name)
    {
        var record = Asked.Demo(House).Resolve(Asked.Exchange(name)).Decision!.Record!;
        return (record, record.Weighings[0]);
    }
}
