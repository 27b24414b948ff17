using Dragoman.Administration;
using Dragoman.Exchanges;
using Dragoman.Routing.Decisions;
using Dragoman.TestKit;
using Dragoman.Tests.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Administration;

/// <summary>Rules are tried on the requests that they would really have been asked about.</summary>
public sealed class DecisionSimulatorTests
{
    private const string House = """
        chains: { both: { models: [demo/swift, demo/sage] } }
        routes: { steady: { strategy: quality_optimized, models: [demo/swift, demo/sage] } }
        """;

    [Theory]
    [InlineData("chain:both", 0)]
    [InlineData("demo/swift", 0)]
    [InlineData("auto", 1)]
    [InlineData("steady", 1)]
    public void Take_ARuleForAll_FiresWhereItReallyWould(string name, int fired)
    {
        const string Rule = "- { name: all, target: demo/coder }";
        // The wish has something weighed whatever the name is.
        var asked = Asked.Exchange(
            name,
            new Wishes { PreferLocal = true, ComputesFallback = true }
        );
        var decision = Asked.Demo(House).Resolve(asked).Decision.ShouldNotBeNull();
        var names = Asked.Demo(House + "\nrules: [{ name: all, target: demo/coder }]");
        var ruled = names.Resolve(asked).Decision.ShouldNotBeNull();
        (ruled.Rule == "all").ShouldBe(fired == 1);

        var simulator = new DecisionSimulator(
            names,
            new DecisionChange(),
            SimulatedRules.Read(Rule, names)
        );
        simulator.Take(
            UsageRecords.Usual(1) with
            {
                Route = name,
                Decision = decision.Record.ShouldNotBeNull(),
            }
        );
        var report = simulator.Report();

        report.Rules.ShouldHaveSingleItem().Fired.ShouldBe(fired);
        report.Changed.ShouldBe(fired);
        report.Replayed.ShouldBe(1);
    }
}
