using Dragoman.Catalog;
using Dragoman.Routing;
using Dragoman.Routing.Balancing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Balancing;

/// <summary>The order among equals.</summary>
public sealed class BalancersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Names =>
        [.. RoutingSlice.Balancers.Select(static balancer => balancer.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Order_Any_KeepsEverybodyAndIsTheSameForTheSameTurnsAndState(string name)
    {
        var equals = Many(5);
        equals[1].State.Figures.Begin();
        var (one, other) = (new BalancingTurn(), new BalancingTurn());
        for (var i = 0; i < 50; i++)
        {
            var first = Ordered(name, equals, one);
            first.ShouldBe(Ordered(name, equals, other));
            first.ShouldBe(equals, ignoreOrder: true);
            Balancer(name).Explain(first, Now).ShouldContain(first[0].PublicName);
        }
    }

    [Fact]
    public void RoundRobin_TakesEachInItsTurn()
    {
        var equals = Many(3);
        var turn = new BalancingTurn();

        Firsts("round_robin", equals, turn, 6).ShouldBe("a b c a b c");
        Ordered("round_robin", equals, turn).Select(static d => d.Model).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void Weighted_TakesEachAsOftenAsItsWeightSaysAndInterleaves()
    {
        Deployment[] equals = [One("a", 5), One("b", 1), One("c", 1)];

        Firsts("weighted", equals, new BalancingTurn(), 7).ShouldBe("a a b a c a a");
    }

    [Fact]
    public void Weighted_AWeightOfNothing_IsOnlyAStandIn()
    {
        Deployment[] equals = [One("a", 0), One("b", 1)];
        var turn = new BalancingTurn();

        Firsts("weighted", equals, turn, 4).ShouldBe("b b b b");
        Ordered("weighted", equals, turn)[^1].Model.ShouldBe("a");
        Firsts("weighted", [One("a", 0), One("b", 0)], turn, 2).Split(' ').ShouldBeUnique();
    }

    [Fact]
    public void LeastBusy_TakesWhoHasTheFewestCallsUnderWayAndTurnsAmongEquals()
    {
        var equals = Many(3);
        Begin(equals[0], 2);
        var turn = new BalancingTurn();

        Firsts("least_busy", equals, turn, 6).ShouldBe("b b c b b c");
        Begin(equals[1], 1);
        Firsts("least_busy", equals, turn, 3).ShouldBe("c c c");
        Balancer("least_busy")
            .Explain(Ordered("least_busy", equals, turn), Now)
            .ShouldBe("x/c has 0 in flight, the fewest of 3");
    }

    [Fact]
    public void Latency_OfTwoDrawn_TakesTheQuickerAndNeverTheSlowest()
    {
        Deployment[] equals = [Timed("a", 1), Timed("b", 2), Timed("c", 9)];
        var firsts = Firsts("latency", equals, new BalancingTurn(), 300).Split(' ');

        firsts.ShouldNotContain("c");
        firsts.Count(static one => one == "a").ShouldBeGreaterThan(150);
        firsts.ShouldContain("b");
    }

    [Fact]
    public void Latency_AQuickOneWithMuchUnderWay_GivesWay()
    {
        Deployment[] equals = [Timed("a", 1), Timed("b", 2)];
        Begin(equals[0], 3);

        Firsts("latency", equals, new BalancingTurn(), 4).ShouldBe("b b b b");
    }

    [Fact]
    public void Latency_AFailure_CountsAsSlowAndIsForgotten()
    {
        Deployment[] equals = [Timed("a", 1), Timed("b", 2)];
        equals[0].State.Figures.Failed(TimeSpan.FromMilliseconds(1), Now);
        var turn = new BalancingTurn();

        Firsts("latency", equals, turn, 2).ShouldBe("b b");
        Ordered("latency", equals, turn, Now.AddMinutes(2))[0].Model.ShouldBe("a");
    }

    [Fact]
    public void RateLimitHeadroom_TakesWhoHasMostLeft_AndUnknownIsMiddling()
    {
        Deployment[] equals = [One("a"), One("b"), One("c")];
        Told(equals[0], 0.03);
        Told(equals[2], 0.9);
        var turn = new BalancingTurn();

        Ordered("rate_limit_headroom", equals, turn)
            .Select(static d => d.Model)
            .ShouldBe(["c", "b", "a"]);
        Told(equals[2], 0.4);
        Ordered("rate_limit_headroom", equals, turn)[0].Model.ShouldBe("b");
    }

    [Fact]
    public void Order_FewThings_AllocatesNothing()
    {
        foreach (var balancer in RoutingSlice.Balancers)
        {
            var (equals, turn) = (Many(4), new BalancingTurn());
            for (var i = 0; i < 8; i++)
                balancer.Order(equals, turn, Now);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                balancer.Order(equals, turn, Now);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0, balancer.Name);
        }
    }

    private static IBalancer Balancer(string name) =>
        RoutingSlice.Balancers.Single(balancer => balancer.Name == name);

    private static Deployment[] Ordered(
        string name,
        Deployment[] equals,
        BalancingTurn turn,
        DateTimeOffset? now = null
    )
    {
        Deployment[] ordered = [.. equals];
        Balancer(name).Order(ordered, turn, now ?? Now);
        return ordered;
    }

    private static string Firsts(string name, Deployment[] equals, BalancingTurn turn, int times) =>
        string.Join(
            ' ',
            Enumerable.Range(0, times).Select(_ => Ordered(name, equals, turn)[0].Model)
        );

    private static Deployment[] Many(int count) =>
        [.. Enumerable.Range(0, count).Select(static i => One(((char)('a' + i)).ToString()))];

    private static Deployment One(string model, int weight = 1) =>
        new()
        {
            Name = model,
            Model = model,
            Weight = weight,
            Provider = new Provider
            {
                Name = "x",
                Type = new ProviderType { Name = "x", Dialect = "openai" },
                Dialect = "openai",
                BaseUrl = new Uri("http://127.0.0.1:9/v1"),
                Keys = KeyPool.None(),
            },
            State = new DeploymentState("x/" + model),
        };

    private static Deployment Timed(string model, double seconds)
    {
        var deployment = One(model);
        var first = TimeSpan.FromSeconds(seconds);
        deployment.State.Figures.Answered(first, first, 1, null, Now);
        return deployment;
    }

    private static void Begin(Deployment deployment, int calls)
    {
        for (var i = 0; i < calls; i++)
            deployment.State.Figures.Begin();
    }

    private static void Told(Deployment deployment, double left) =>
        deployment.State.Figures.Told(0, new RateAllowance(left, null), Now);
}
