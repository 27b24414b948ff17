using Dragoman.Catalog;
using Dragoman.Routing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>The circuit breaker as exchanges meet it.</summary>
public sealed class BreakerTests
{
    private static readonly ForwardingSettings Settings = new()
    {
        Retries = 0,
        Breaker = new BreakerSettings(3, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)),
    };

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Forward_AfterARunOfFailures_LeavesTheDeploymentAloneUntilItsProbe()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        bench.Upstream.SetFault("swift", "500");
        var (failing, other) = (bench.Deployment("swift"), bench.Deployment("sage"));
        var chain = ForwardingBench.Chain(Settings, failing, other);
        for (var i = 0; i < 3; i++)
            (await bench.AskAsync(Ask.Plain, chain)).Walk.ShouldBe([
                "demo/swift server_error",
                "demo/sage success",
            ]);
        failing.State.Breaker.Phase.ShouldBe(BreakerPhase.Open);

        var open = await bench.AskAsync(Ask.Plain, chain);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        var stillOpen = await bench.AskAsync(Ask.Plain, chain);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        var probe = await bench.AskAsync(Ask.Plain, chain);
        var openAgain = await bench.AskAsync(Ask.Plain, chain);
        bench.Upstream.SetFault("swift", null);
        _time.Advance(TimeSpan.FromSeconds(10));
        var recovered = await bench.AskAsync(Ask.Plain, chain);

        open.Walk.ShouldBe(["demo/sage success"]);
        open.Log.Skipped[0].Reason.ShouldContain("circuit breaker");
        stillOpen.Walk.ShouldBe(["demo/sage success"]);
        probe.Walk.ShouldBe(["demo/swift server_error", "demo/sage success"]);
        openAgain.Walk.ShouldBe(["demo/sage success"]);
        recovered.Walk.ShouldBe(["demo/swift success"]);
        failing.State.Breaker.Phase.ShouldBe(BreakerPhase.Closed);
    }

    [Fact]
    public async Task Forward_FiftyAtOnceWhenTheRestIsOver_SendASingleProbe()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var (failing, other) = (bench.Deployment("swift"), bench.Deployment("sage"));
        Open(failing);
        bench.Upstream.SetFault("swift", "silent");
        var chain = ForwardingBench.Chain(Settings, failing, other);

        var running = Enumerable.Range(0, 50).Select(_ => bench.Begin(Ask.Plain, chain)).ToArray();
        await Eventually.TrueAsync(() => running.Count(item => item.IsOver) == 49);

        await Eventually.TrueAsync(() => bench.Upstream.Requests.Count == 50);
        bench.Upstream.Requests.CountOf("swift").ShouldBe(1);
        failing.State.Breaker.Phase.ShouldBe(BreakerPhase.HalfOpen);
        await running.Single(item => !item.IsOver).LeaveAsync();
    }

    [Fact]
    public async Task Forward_AProbeWhoseClientLeaves_LetsTheNextOneProbe()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var failing = bench.Deployment("swift");
        Open(failing);
        bench.Upstream.Script("swift", "silent");
        var probe = bench.Begin(Ask.Plain, ForwardingBench.Chain(Settings, failing));
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Count == 1,
            TimeSpan.FromSeconds(30)
        );
        await probe.LeaveAsync();
        await probe.EndAsync();

        var next = await bench.AskAsync(Ask.Plain, ForwardingBench.Chain(Settings, failing));

        next.Words.ShouldBe(["success"]);
        failing.State.Breaker.Phase.ShouldBe(BreakerPhase.Closed);
    }

    [Fact]
    public async Task Forward_AloneWithAnOpenBreaker_SaysWhenToComeAgain()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var failing = bench.Deployment("swift");
        Open(failing, now: true);

        var finished = await bench.AskAsync(Ask.Plain, ForwardingBench.Chain(Settings, failing));

        finished.Status.ShouldBe(503);
        finished.Header("Retry-After").ShouldBe("10");
        bench.Upstream.Requests.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("400")]
    [InlineData("401")]
    [InlineData("404")]
    [InlineData("429-long")]
    [InlineData("context")]
    [InlineData("filter")]
    public async Task Forward_Refusals_LeaveTheBreakerClosed(string fault)
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var deployment = bench.Deployment("fault-" + fault);

        for (var i = 0; i < 5; i++)
            await bench.AskAsync(Ask.Plain, ForwardingBench.Chain(Settings, deployment));

        deployment.State.Breaker.Phase.ShouldBe(BreakerPhase.Closed);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("reset")]
    [InlineData("not-json")]
    [InlineData("error-in-200")]
    [InlineData("redirect")]
    [InlineData("cut-plain")]
    public async Task Forward_Failures_OpenTheBreaker(string fault)
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var deployment = bench.Deployment("fault-" + fault);

        for (var i = 0; i < 3; i++)
            await bench.AskAsync(Ask.Plain, ForwardingBench.Chain(Settings, deployment));

        deployment.State.Breaker.Phase.ShouldBe(BreakerPhase.Open);
    }

    private void Open(Deployment deployment, bool now = false)
    {
        for (var i = 0; i < 3; i++)
            deployment.State.Breaker.Failed(
                _time.GetUtcNow(),
                3,
                TimeSpan.FromSeconds(30),
                TimeSpan.FromSeconds(10)
            );
        if (!now)
            _time.Advance(TimeSpan.FromSeconds(10));
    }
}
