using Dragoman.Exchanges;
using Dragoman.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

/// <summary>Whatever the house, the strategy and the wishes: nobody is in a chain who may not be.</summary>
public sealed class HardWishesTests
{
    private static readonly string[] Vendors =
    [
        "openai",
        "anthropic",
        "mistral",
        "groq",
        "google",
        "deepseek",
        "together",
    ];

    private static readonly string[] Required = ["tools", "vision", "long_context", "code"];

    [Fact]
    public void Resolve_AnyHouseAndWishes_HardOnesHold()
    {
        var chance = new Random(4711);
        var (chains, refused) = (0, 0);
        for (var house = 0; house < 12; house++)
        {
            var names = Asked.Demo(House(chance));
            for (var i = 0; i < 150; i++)
            {
                var exchange = Asked.Exchange(
                    Name(chance, names),
                    Wish(chance),
                    chance.Next(3) == 0 ? chance.Next(1, 5_000) : null
                );
                var (decision, error) = names.Resolve(exchange);
                if (decision is null)
                {
                    error.ShouldNotBeNull();
                    refused++;
                    continue;
                }
                chains++;
                Check(decision, exchange);
                if (exchange.Wishes.Fallback is null)
                    Said(names.Resolve(exchange).Decision!).ShouldBe(Said(decision));
            }
        }
        chains.ShouldBeGreaterThan(500);
        refused.ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("agent:hermit")]
    public void Resolve_OfflineIsRequired_NothingOfTheRequestLeavesTheHouse(string name)
    {
        var names = Asked.Demo(
            """
            providers:
              openai: { api_keys: [k] }
              house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1" }
            models:
              - { name: llama, provider: house, model: llama-3.3-70b-instruct }
            agents:
              hermit: { model: auto, capabilities: [offline] }
            """
        );
        var wishes = new Wishes
        {
            RequiredCapabilities = name == "auto" ? ["offline"] : [],
            Context = ContextStrategy.Summarized,
        };

        var decision = names.Resolve(Asked.Exchange(name, wishes)).Decision.ShouldNotBeNull();

        // Its summary would be made elsewhere otherwise.
        decision.LocalOnly.ShouldBeTrue();
        decision.Chain.ShouldAllBe(static deployment => deployment.Local);
    }

    private static void Check(RoutingDecision decision, Exchange exchange)
    {
        var wishes = exchange.Wishes;
        var request = RoutedRequest.Of(exchange);
        decision.Chain.ShouldNotBeEmpty();
        decision.Chain.Select(static one => one.Name).ShouldBeUnique();
        decision.BalancedHead.ShouldBeInRange(1, decision.Chain.Count);
        foreach (var deployment in decision.Chain)
        {
            if (wishes.LocalOnly is true)
                deployment.Local.ShouldBeTrue();
            if (wishes.MaxCostUsd is { } most)
                request
                    .EstimateAtMost.Of(deployment)
                    .ShouldNotBeNull()
                    .ShouldBeLessThanOrEqualTo(most);
            new ModelAbilities(deployment).WhyNot(wishes.RequiredCapabilities).ShouldBeNull();
        }
    }

    /// <summary>The same request, the same state: the same decision.</summary>
    private static string Said(RoutingDecision decision) =>
        $"{Asked.Chain(decision)} ({decision.Reason})";

    private static string House(Random chance)
    {
        var vendors = Vendors.Where(_ => chance.Next(2) == 0).DefaultIfEmpty("openai");
        return $$"""
            providers:
              house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1" }
              {{string.Join("\n  ", vendors.Select(static name => $"{name}: {{ api_keys: [k] }}"))}}
            models:
              - { name: llama, provider: house, model: llama-3.3-70b-instruct, cost_per_1k_input: 0, cost_per_1k_output: 0 }
              - { name: unknown, provider: house, model: what-is-it }
            routes:
              mixed: { models: [llama, unknown, demo/sage, {{vendors.First()}}/x] }
            """;
    }

    private static string Name(Random chance, NameResolver names)
    {
        var strategies = names.Table.Strategies.Names;
        return chance.Next(6) switch
        {
            0 => "auto",
            1 => "auto:" + strategies.ElementAt(chance.Next(strategies.Count)),
            2 => "mixed",
            3 => "llama",
            4 => "demo/sage",
            _ => "chain:high_quality",
        };
    }

    private static Wishes Wish(Random chance) =>
        new()
        {
            LocalOnly = chance.Next(4) == 0 ? true : null,
            PreferLocal = chance.Next(4) == 0 ? true : null,
            PreferLowLatency = chance.Next(4) == 0 ? true : null,
            MaxLatencyMs = chance.Next(4) == 0 ? chance.Next(1, 20_000) : null,
            MaxCostUsd = chance.Next(2) == 0 ? chance.Next(0, 50_000) / 1_000_000m : null,
            ComputesFallback = chance.Next(2) == 0,
            Strategy = chance.Next(3) == 0 ? "quality_optimized" : null,
            TaskType = chance.Next(3) == 0 ? "code" : null,
            RequiredCapabilities =
                chance.Next(3) == 0 ? [Required[chance.Next(Required.Length)]] : [],
            Fallback = chance.Next(5) == 0 ? [] : null,
        };
}
