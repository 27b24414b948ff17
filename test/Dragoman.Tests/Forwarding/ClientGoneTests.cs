using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>The client goes away: the provider is told at once, and what was done is recorded once.</summary>
public sealed class ClientGoneTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("silent", false)]
    [InlineData("silent", true)]
    [InlineData("headers-only", false)]
    [InlineData("headers-only", true)]
    [InlineData("slow-first", true)]
    [InlineData("stall", false)]
    public async Task Forward_ClientGoneBeforeContent_BreaksTheUpstreamOff(
        string fault,
        bool stream
    )
    {
        await using var bench = await ForwardingBench.StartAsync();
        var (waiting, other) = (bench.Deployment("fault-" + fault), bench.Deployment("swift"));
        var running = bench.Begin(
            Ask.For(stream),
            ForwardingBench.Chain(new() { FirstContent = TimeSpan.FromMinutes(1) }, waiting, other)
        );
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.CountOf("fault-" + fault) == 1,
            Generous
        );

        await running.LeaveAsync();

        await bench.Upstream.Requests.UntilAsync(journal => journal.Aborted == 1, Generous);
        var finished = await running.EndAsync();
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Cancelled);
        finished.Words.ShouldBe(["client_gone"]);
        finished.Log.Attempts[0].Usage.ShouldBeNull();
        finished.Text.ShouldBeEmpty();
        bench.Upstream.Requests.CountOf("swift").ShouldBe(0);
        waiting.State.Breaker.Phase.ShouldBe(BreakerPhase.Closed);
    }

    [Fact]
    public async Task Forward_ClientGoneAfterContent_IsRecordedOnceWithAnEstimateOfWhatWasGenerated()
    {
        await using var paced = await PacedBench.StartAsync();
        var deployment = paced.Bench.Deployment(
            "swift",
            prices: new PriceSheet { Input = 1, Output = 4 }
        );
        var running = paced.Begin(
            Ask.Streamed,
            ForwardingBench.Chain(null, deployment, paced.Deployment("sage"))
        );
        await paced.UntilContentAsync(running);

        await running.LeaveAsync();

        await paced.Upstream.Requests.UntilAsync(journal => journal.Aborted == 1, Generous);
        var finished = await running.EndAsync();
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Cancelled);
        finished.Words.ShouldBe(["client_gone"]);
        finished.Log.AnsweredBy.ShouldBe("demo/swift");
        var attempt = finished.Log.Attempts.ShouldHaveSingleItem();
        attempt.Usage!.Estimated.ShouldBeTrue();
        attempt.Usage.Input!.Value.ShouldBeGreaterThan(0);
        attempt.Usage.Output!.Value.ShouldBeInRange(1, 3);
        attempt.CostBasis.ShouldBe(CostBasis.Estimated);
        finished.Text.ShouldNotContain("[DONE]");
        finished.Text.ShouldNotContain("\"error\"");
    }

    [Fact]
    public async Task Forward_ClientGoneWhileARetryIsWaitedFor_MakesNoFurtherAttempt()
    {
        var time = new ManualTime();
        await using var bench = await ForwardingBench.StartAsync(time);
        var running = bench.Begin(
            Ask.Plain,
            ForwardingBench.Chain(null, bench.Deployment("fault-500"), bench.Deployment("swift"))
        );
        await time.UntilTimerAsync(TimeSpan.FromSeconds(0.125), TimeSpan.FromSeconds(0.125));

        await running.LeaveAsync();
        var finished = await running.EndAsync();

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Cancelled);
        finished.Words.ShouldBe(["server_error"]);
        bench.Upstream.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Forward_ClientGoneWhileACoolingDeploymentIsWaitedFor_CallsNobody()
    {
        var time = new ManualTime();
        await using var bench = await ForwardingBench.StartAsync(time);
        var deployment = bench.Deployment("swift");
        deployment.State.Cool(time.GetUtcNow().AddSeconds(3));
        var running = bench.Begin(Ask.Streamed, ForwardingBench.Chain(null, deployment));

        await running.LeaveAsync();
        var finished = await running.EndAsync();

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Cancelled);
        finished.Log.Attempts.ShouldBeEmpty();
        bench.Upstream.Requests.Count.ShouldBe(0);
    }
}
