using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>A stream without content for 15 seconds gets its 200 and comments; what fails after that is told in it.</summary>
public sealed class KeepAliveTests
{
    private const string KeepAlive = ": keep-alive\n\n";

    private static readonly ForwardingSettings Patient = new()
    {
        FirstContent = TimeSpan.FromMinutes(4),
        Attempt = TimeSpan.FromMinutes(4),
    };

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("silent")]
    [InlineData("headers-only")]
    [InlineData("slow-first")]
    public async Task Forward_FifteenSecondsWithoutContent_KeepsTheLine(string fault)
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var running = await BeginAsync(bench, Ask.Streamed, "fault-" + fault);

        await UntilKeptAliveAsync(running, times: 1);
        running.Reply.Status.ShouldBe(200);
        running.Reply.ContentType.ShouldBe("text/event-stream");
        await UntilKeptAliveAsync(running, times: 2);
        await UntilKeptAliveAsync(running, times: 3);
        _time.Advance(TimeSpan.FromMinutes(5));
        var finished = await running.EndAsync();

        finished.Words.ShouldBe(["first_content_timeout"]);
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Failed);
        finished.Log.Status.ShouldBe(200);
        finished.Error().Code().ShouldBe("first_content_timeout");
        finished.Text.ShouldNotContain("[DONE]");
        finished.Reply.Aborted.ShouldBeTrue();
    }

    [Fact]
    public async Task Forward_AnAnswerAfterKeepAlives_FollowsThem()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var running = await BeginAsync(bench, Ask.Streamed, "fault-silent", "swift");
        await UntilKeptAliveAsync(running, times: 1);

        _time.Advance(TimeSpan.FromMinutes(4));
        var finished = await running.EndAsync();

        finished.Walk.ShouldBe(["demo/fault-silent first_content_timeout", "demo/swift success"]);
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
        finished.Text.ShouldStartWith(KeepAlive);
        finished.Text.ShouldEndWith("data: [DONE]\n\n");
        finished
            .Content()
            .ShouldBe("This is a simulated answer. Your message begins with: Hello there");
    }

    [Fact]
    public async Task Forward_ARefusalAfterKeepAlives_IsToldInTheStreamInTheProvidersWords()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var running = await BeginAsync(bench, Ask.Streamed, "fault-silent", "fault-400");
        await UntilKeptAliveAsync(running, times: 1);
        _time.Advance(TimeSpan.FromMinutes(4));
        var finished = await running.EndAsync();

        finished.Status.ShouldBe(200);
        finished
            .Error()
            .GetProperty("message")
            .GetString()
            .ShouldBe("Simulated: a parameter is wrong.");
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Failed);
    }

    [Theory]
    [InlineData(Operation.Chat, Ask.Plain)]
    [InlineData(Operation.Embeddings, """{"model":"x","input":"a","stream":true}""")]
    public async Task Forward_ACallThatIsNoStream_IsNotKeptAlive(Operation operation, string body)
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        bench.Upstream.SetFault("embed", "silent");
        var running = bench.Begin(
            body,
            ForwardingBench.Chain(Patient, bench.Deployment("embed")),
            operation
        );
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Count == 1,
            TimeSpan.FromSeconds(30)
        );

        _time.Advance(TimeSpan.FromMinutes(3.9));
        running.Reply.HasStarted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMinutes(0.2));
        var finished = await running.EndAsync();

        finished.Status.ShouldBe(504);
        finished.Reply.ContentType.ShouldBe("application/json");
    }

    [Fact]
    public async Task Forward_AnEmbeddingsCallThatSaysStream_IsNotKeptAliveWhileItWaitsForARetry()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        bench.Upstream.Script("embed", "silent", "429");
        var running = bench.Begin(
            """{"model":"x","input":"a","stream":true}""",
            ForwardingBench.Chain(
                new ForwardingSettings { Attempt = TimeSpan.FromSeconds(14.5) },
                bench.Deployment("embed"),
                bench.Deployment("embed")
            ),
            Operation.Embeddings
        );
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Count == 1,
            TimeSpan.FromSeconds(30)
        );
        _time.Advance(TimeSpan.FromSeconds(14.6));
        await _time.UntilTimerAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        var finished = await running.EndAsync();

        finished.Words.ShouldBe(["attempt_timeout", "rate_limited", "success"]);
        finished.Reply.ContentType.ShouldBe("application/json");
    }

    [Fact]
    public async Task Forward_ClientGoneAmongKeepAlives_BreaksTheUpstreamOff()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var running = await BeginAsync(bench, Ask.Streamed, "fault-silent");
        await UntilKeptAliveAsync(running, times: 1);

        await running.LeaveAsync();

        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Aborted == 1,
            TimeSpan.FromSeconds(30)
        );
        (await running.EndAsync()).Log.Outcome.ShouldBe(ExchangeOutcome.Cancelled);
    }

    /// <summary>
    /// Moves the clock in small steps until that many comments came, and sees that none came too early. In one step it could
    /// pass between the moment a wait is reckoned and the moment it begins.
    /// </summary>
    private async Task UntilKeptAliveAsync(RunningExchange running, int times)
    {
        var expected = string.Concat(Enumerable.Repeat(KeepAlive, times));
        while (running.Reply.Text != expected)
        {
            running.IsOver.ShouldBeFalse();
            expected.ShouldStartWith(running.Reply.Text);
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(1);
        }
        _time.GetElapsedTime(0).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(15 * times));
    }

    private static async Task<RunningExchange> BeginAsync(
        ForwardingBench bench,
        string body,
        params string[] models
    )
    {
        var chain = models.Select(model => bench.Deployment(model)).ToArray();
        var running = bench.Begin(body, ForwardingBench.Chain(Patient, chain));
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Count == 1,
            TimeSpan.FromSeconds(30)
        );
        return running;
    }
}
