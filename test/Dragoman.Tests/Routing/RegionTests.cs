using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Tests.Configuration;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

/// <summary>Regions are hard bounds, in first choices and in fallbacks.</summary>
public sealed class RegionTests
{
    private const string House = """
        providers:
          eu-one: { dialect: openai, base_url: "https://one.example/v1", api_keys: [a-key], region: eu }
          us-one: { dialect: openai, base_url: "https://two.example/v1", api_keys: [a-key], region: us }
          no-one: { dialect: openai, base_url: "https://three.example/v1", api_keys: [a-key] }
          house:  { dialect: openai, base_url: "http://127.0.0.1:9/v1" }
        models:
          - { name: in-eu, provider: eu-one, model: m, fallback_models: [in-us, in-house] }
          - { name: in-us, provider: us-one, model: m }
          - { name: in-ch, provider: eu-one, model: n, region: ch }
          - { name: anywhere, provider: no-one, model: m }
          - { name: in-house, provider: house, model: m }
        chains:
          all: { models: [in-us, anywhere, in-house, in-eu, in-ch] }
        """;

    [Theory]
    [InlineData("m", null, "eu-one/m us-one/m no-one/m house/m")]
    [InlineData("m", "eu", "eu-one/m")]
    [InlineData("m", "EU", "eu-one/m")]
    [InlineData("m", "eu,us", "eu-one/m us-one/m")]
    [InlineData("m", "eu,local", "eu-one/m house/m")]
    [InlineData("in-eu", "eu", "eu-one/m")]
    [InlineData("in-eu", "eu,local", "eu-one/m house/m")]
    [InlineData("in-ch", "ch", "eu-one/n")]
    [InlineData("chain:all", "eu,ch", "eu-one/m eu-one/n")]
    [InlineData("only-eu", null, "eu-one/m")]
    [InlineData("only-eu", "eu,us", "eu-one/m")]
    public void Resolve_AWishedRegion_NobodyElseIsInTheChain(
        string name,
        string? wished,
        string chain
    )
    {
        var names = Names("routes: { only-eu: { region: eu, models: [in-us, in-eu, in-house] } }");

        Resolve(names, name, wished).ShouldBe(chain);
    }

    [Theory]
    [InlineData("m", null, "eu-one/m house/m")]
    [InlineData("m", "us", null)]
    [InlineData("m", "eu,us", "eu-one/m")]
    [InlineData("in-us", null, null)]
    [InlineData("in-us", "us", null)]
    [InlineData("auto", null, "eu-one/m house/m")]
    public void Resolve_AConfiguredRegion_IsNarrowedAndNeverWidened(
        string name,
        string? wished,
        string? chain
    ) => Resolve(Names("defaults: { region: [eu, local] }"), name, wished).ShouldBe(chain);

    [Theory]
    [InlineData("only-eu", null)]
    [InlineData("all-of-them", "eu")]
    public void Instead_OfABoundedDecision_KeepsItsBounds(string name, string? wished)
    {
        var names = Names(
            """
            routes:
              only-eu: { region: eu, models: [in-us, in-eu] }
              all-of-them: { models: [in-us, in-eu] }
            """
        );
        var exchange = Asked.Exchange(name, new Wishes { Regions = wished?.Split(',') });
        var former = names.Resolve(exchange).Decision.ShouldNotBeNull();

        var decision = names.Instead("chain:all", exchange, former).Decision.ShouldNotBeNull();

        Asked.Chain(decision).ShouldBe("eu-one/m");
    }

    [Fact]
    public void Instead_OfAnAgentsDecision_KeepsWhatTheAgentMayNot()
    {
        var names = Names(
            """
            agents:
              hermit: { model: in-house, capabilities: [offline] }
            """
        );
        var exchange = Asked.Exchange("agent:hermit");
        var former = names.Resolve(exchange).Decision.ShouldNotBeNull();

        var decision = names.Instead("chain:all", exchange, former).Decision.ShouldNotBeNull();

        Asked.Chain(decision).ShouldBe("house/m");
    }

    [Fact]
    public void Resolve_ARouteNamedAsAFallback_KeepsItsOwnBounds()
    {
        var names = Names("routes: { only-eu: { region: eu, models: [in-us, in-eu] } }");
        var wishes = new Wishes { Fallback = ["only-eu"] };

        var (decision, _) = names.Resolve(Asked.Exchange("anywhere", wishes));

        Asked.Chain(decision!).ShouldBe("no-one/m eu-one/m");
    }

    [Fact]
    public void Resolve_NobodyInside_SaysWhy()
    {
        var (decision, error) = Names()
            .Resolve(Asked.Exchange("in-us", new Wishes { Regions = ["eu"] }));

        decision.ShouldBeNull();
        error!.Message.ShouldContain(
            "us-one/m (it is in the region us, and only eu may serve this)"
        );
        Names()
            .Resolve(Asked.Exchange("anywhere", new Wishes { Regions = ["eu"] }))
            .Error!.Message.ShouldContain("its region is unknown");
    }

    [Fact]
    public void Resolve_OddRegionsOfAnotherClient_ChangeNothingForThisOne()
    {
        var names = Names();
        // Nobody is in a region of that name, and nobody in none.
        foreach (
            string[] odd in (string[][])
                [
                    ["eu,us"],
                    ["eu;us"],
                    [";;;"],
                    [],
                ]
        )
            names
                .Resolve(Asked.Exchange("auto", new Wishes { Regions = odd }))
                .Decision.ShouldBeNull();

        Resolve(names, "auto", "eu,us").ShouldBe("eu-one/m us-one/m");
        Resolve(names, "auto", null).ShouldNotBeNull();
    }

    [Fact]
    public void Resolve_ThousandsOfHousesAndWishes_NobodyLeavesItsRegion()
    {
        var chance = new Random(815);
        string[] regions = ["eu", "us", "ch", "local"];
        string[] asked = ["m", "in-eu", "in-us", "auto", "chain:all", "bound", "auto:priority"];
        var served = 0;
        for (var house = 0; house < 10; house++)
        {
            var (operators, routes) = (Some(), Some());
            var names = Names(
                (
                    operators is null
                        ? ""
                        : $"defaults: {{ region: [{string.Join(',', operators)}] }}\n"
                )
                    + $"routes: {{ bound: {{ models: [in-us, anywhere, in-house, in-eu, in-ch], strategy: {Pick(["least_busy", "priority", "balanced"])}{(routes is null ? "" : $", region: [{string.Join(',', routes)}]")} }} }}"
            );
            for (var i = 0; i < 100; i++)
            {
                var (name, wished) = (Pick(asked), Some());
                var wishes = new Wishes
                {
                    Regions = wished,
                    ComputesFallback = chance.Next(2) == 0,
                    Fallback = chance.Next(4) == 0 ? ["in-house", "in-us", "bound"] : null,
                };
                var (decision, error) = names.Resolve(Asked.Exchange(name, wishes));
                if (decision is null)
                {
                    error.ShouldNotBeNull();
                    continue;
                }
                served++;
                foreach (var deployment in decision.Chain)
                foreach (var bound in new[] { operators, wished, name == "bound" ? routes : null })
                    bound?.ShouldContain(region =>
                        region == deployment.Region || (region == "local" && deployment.Local)
                    );
            }
        }
        served.ShouldBeGreaterThan(200);

        string[]? Some() =>
            chance.Next(3) == 0
                ? null
                : [.. regions.Where(_ => chance.Next(2) == 0).DefaultIfEmpty("eu")];

        string Pick(string[] of) => of[chance.Next(of.Length)];
    }

    [Theory]
    [InlineData("defaults: { region: [] }")]
    [InlineData("routes: { r: { models: [openai/gpt-4o], region: { a: b } } }")]
    public void Report_NoRegionOfARegion_IsAMistake(string text) =>
        TestSources.Report(text).IsApplied.ShouldBeFalse();

    private static NameResolver Names(string text = "")
    {
        using var sources = new TestSources();
        sources.Write(House + "\n" + text);
        using var snapshots = sources.Snapshots();
        var report = snapshots.Reload();
        report.IsApplied.ShouldBeTrue(string.Join('\n', report.Mistakes));
        return snapshots.Current.Names;
    }

    private static string? Resolve(NameResolver names, string name, string? wished)
    {
        var wishes = new Wishes { Regions = wished?.Split(',') };
        return names.Resolve(Asked.Exchange(name, wishes)).Decision is { } decision
            ? Asked.Chain(decision)
            : null;
    }
}
