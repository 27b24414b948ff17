using Dragoman.Exchanges;
using Dragoman.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

/// <summary>What clients and operators wish over a strategy's order.</summary>
public sealed class WishedOrderTests
{
    // Answers of 500 tokens take swift 1.3 s and coder 3.5 s, of 2,000 sage 34 s; nothing is known of the house.
    private const string House = """
        providers: { house: { dialect: openai, base_url: "http://203.0.113.1:8000/v1" } }
        models: [{ name: far, provider: house, model: x, priority: 1 }]
        routes:
          ladder: { strategy: priority, models: [far, demo/sage, demo/coder, demo/swift] }
          turns: { models: [demo/sage, demo/coder, demo/swift, far] }
        chains: { mine: { models: [demo/sage, demo/swift] } }
        """;

    [Theory]
    [InlineData("ladder", "house/x demo/sage demo/coder demo/swift")]
    [InlineData("ladder", "demo/swift demo/coder demo/sage house/x", true)]
    [InlineData("ladder", "demo/sage demo/coder demo/swift house/x", null, true)]
    [InlineData("ladder", "house/x demo/coder demo/swift demo/sage", null, null, 5_000)]
    [InlineData("ladder", "house/x demo/swift demo/sage demo/coder", null, null, 2_000)]
    [InlineData("ladder", "demo/coder demo/swift house/x demo/sage", null, true, 5_000)]
    [InlineData("chain:mine", "demo/sage demo/swift")]
    [InlineData("chain:mine", "demo/swift demo/sage", true)]
    // who names one gets that one
    [InlineData("demo/sage", "demo/sage", true, null, 1)]
    public void Resolve_AWish_IsASortOverTheStrategys(
        string name,
        string chain,
        bool? fastest = null,
        bool? local = null,
        int? most = null
    )
    {
        var decision = Resolve(
            name,
            new Wishes
            {
                PreferLowLatency = fastest,
                PreferLocal = local,
                MaxLatencyMs = most,
            }
        );

        Asked.Chain(decision).ShouldBe(chain);
    }

    [Theory]
    [InlineData("chain:both")]
    [InlineData("ranked")]
    public void Resolve_AnOperatorsTimeLimit_IsHeldAgainstWhatIsSeenNow(string name)
    {
        var names = Asked.Demo(
            """
            defaults: { max_latency_ms: 2000 }
            providers:
              one: { dialect: openai, base_url: "https://one.example/v1", api_keys: [a-key] }
              two: { dialect: openai, base_url: "https://two.example/v1", api_keys: [a-key] }
            models:
              - { name: a, provider: one, model: m, priority: 1 }
              - { name: b, provider: two, model: n, priority: 2 }
            chains: { both: { models: [a, b] } }
            routes: { ranked: { strategy: priority, models: [a, b] } }
            """
        );
        var exchange = Asked.Exchange(name);
        var before = names.Resolve(exchange).Decision!;
        Asked.Chain(before).ShouldBe("one/m two/n");

        for (var i = 0; i < 5; i++)
            before
                .Chain[0]
                .State.Figures.Answered(
                    TimeSpan.FromSeconds(9),
                    TimeSpan.FromSeconds(10),
                    20,
                    null,
                    exchange.StartedAt
                );

        Asked.Chain(names.Resolve(Asked.Exchange(name)).Decision!).ShouldBe("two/n one/m");
    }

    [Fact]
    public void Resolve_AWishThatChangedTheOrder_IsTold()
    {
        Resolve("ladder", new Wishes { PreferLowLatency = true })
            .Reason.ShouldBe(
                "route ladder, priority: house/x has priority 1, the first of 4; as wished the fastest first: demo/swift (1.3 s)"
            );
        Resolve("ladder", new Wishes { MaxLatencyMs = 5_000 })
            .Reason.ShouldEndWith("; as wished 1 slower than 5000 ms last");
        Resolve("chain:mine", new Wishes { PreferLocal = true }).Reason.ShouldBe("chain mine");
    }

    [Theory]
    [InlineData(4, null, null, null)]
    [InlineData(1, true, null, null)]
    [InlineData(3, null, true, null)]
    [InlineData(3, null, null, 5_000)]
    [InlineData(2, null, true, 5_000)]
    public void Resolve_EqualsInTurn_StayEqualsWhereNoWishTellsThemApart(
        int heads,
        bool? fastest,
        bool? local,
        int? most
    ) =>
        Resolve(
            "turns",
            new Wishes
            {
                PreferLowLatency = fastest,
                PreferLocal = local,
                MaxLatencyMs = most,
            }
        )
            .BalancedHead.ShouldBe(heads);

    [Fact]
    public void Resolve_DefaultsMaxLatency_HoldsWhereTheRequestSaysNothing()
    {
        const string Text = House + "\ndefaults: { max_latency_ms: 2000 }";

        Asked
            .Chain(Resolve("ladder", Wishes.None, Text))
            .ShouldBe("house/x demo/swift demo/sage demo/coder");
        Asked
            .Chain(Resolve("ladder", new Wishes { MaxLatencyMs = 60_000 }, Text))
            .ShouldBe("house/x demo/sage demo/coder demo/swift");
    }

    [Theory]
    [InlineData("cost_optimized", "demo/coder demo/swift demo/sage house/x")]
    [InlineData("latency_optimized", "demo/swift demo/coder demo/sage house/x")]
    [InlineData("quality_optimized", "demo/sage demo/coder demo/swift house/x")]
    [InlineData("priority", "house/x demo/sage demo/coder demo/swift")]
    public void Resolve_AWishedStrategy_OrdersTheRoute(string strategy, string chain)
    {
        var decision = Resolve("turns", new Wishes { Strategy = strategy });

        Asked.Chain(decision).ShouldBe(chain);
        decision.Strategy.ShouldBe(strategy);
        decision.Reason.ShouldStartWith($"route turns, {strategy}: ");
        decision.BalancedHead.ShouldBe(1);
    }

    [Fact]
    public void Resolve_ATaskThatTheClientNames_TellsWhichQualityCounts()
    {
        Asked
            .Chain(
                Resolve("turns", new Wishes { Strategy = "quality_optimized", TaskType = "coding" })
            )
            .ShouldStartWith("demo/coder demo/sage");
        Resolve("auto:quality_optimized", new Wishes { TaskType = "code" }, "")
            .Reason.ShouldBe(
                "auto, quality_optimized: demo/coder (quality 78 ± 2 at code) is as good as the best of 3, demo/sage (quality 80 ± 2 at code), and cheaper at $0.000421 than $0.07"
            );
    }

    [Fact]
    public void Resolve_AnUnknownStrategy_IsAnErrorThatListsThem()
    {
        var error = Asked
            .Demo()
            .Resolve(Asked.Exchange("auto", new Wishes { Strategy = "cost_optimised" }))
            .Error!;

        error.Status.ShouldBe(400);
        error.Param.ShouldBe("strategy");
        error.Message.ShouldContain("Known are: balanced, capability_match, cost_optimized");
        error.Message.ShouldContain("Did you mean 'cost_optimized'?");
    }

    private static RoutingDecision Resolve(string name, Wishes wishes, string house = House) =>
        Asked.Demo(house).Resolve(Asked.Exchange(name, wishes)).Decision!;
}
