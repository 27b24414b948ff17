using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>The deadlines of API.md as exchanges meet them, on a clock that is moved by hand.</summary>
public sealed class DeadlineTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Forward_APlainCallWithoutAFirstByte_IsNotCutBeforeTheAttemptIsOver()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var running = bench.Begin(
            Ask.Plain,
            ForwardingBench.Chain(
                new ForwardingSettings
                {
                    FirstContent = TimeSpan.FromSeconds(1),
                    Idle = TimeSpan.FromSeconds(1),
                },
                bench.Deployment("fault-silent"),
                bench.Deployment("swift")
            )
        );
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Count == 1,
            TimeSpan.FromSeconds(30)
        );

        _time.Advance(TimeSpan.FromSeconds(119.9));
        running.IsOver.ShouldBeFalse();
        bench.Upstream.Requests.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        var finished = await running.EndAsync();

        finished.Walk.ShouldBe(["demo/fault-silent attempt_timeout", "demo/swift success"]);
        finished.Log.Attempts[0].Error.ShouldBe("no answer within 120 s");
    }

    [Fact]
    public async Task Forward_ASilentStreamWithAnotherBehind_IsGivenUpAfterTenSeconds()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var running = bench.Begin(
            Ask.Streamed,
            ForwardingBench.Chain(
                null,
                bench.Deployment("fault-slow-first"),
                bench.Deployment("swift")
            )
        );
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Count == 1,
            TimeSpan.FromSeconds(30)
        );

        _time.Advance(TimeSpan.FromSeconds(9.9));
        bench.Upstream.Requests.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        var finished = await running.EndAsync();

        // The pings that kept coming are no content.
        finished.Walk.ShouldBe([
            "demo/fault-slow-first first_content_timeout",
            "demo/swift success",
        ]);
        finished.Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Forward_AReasoningOrLocalModel_IsGivenLongerToSpeak(bool reasons, bool local)
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var slow = bench.Deployment(
            "fault-silent",
            can: new ModelCapabilities { Reasoning = reasons },
            local: local
        );
        var running = bench.Begin(
            Ask.Streamed,
            ForwardingBench.Chain(null, slow, bench.Deployment("swift"))
        );
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Count == 1,
            TimeSpan.FromSeconds(30)
        );

        _time.Advance(TimeSpan.FromSeconds(299));
        running.IsOver.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));
        var finished = await running.EndAsync();

        finished.Walk.ShouldBe(["demo/fault-silent first_content_timeout", "demo/swift success"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forward_TheTotal_StandsOverEverything(bool stream)
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var settings = new ForwardingSettings
        {
            Total = TimeSpan.FromSeconds(5),
            FirstContent = TimeSpan.FromSeconds(4),
            Attempt = TimeSpan.FromSeconds(4),
        };
        var running = bench.Begin(
            Ask.For(stream),
            ForwardingBench.Chain(
                settings,
                bench.Deployment("fault-silent"),
                bench.Deployment("fault-silent"),
                bench.Deployment("swift")
            )
        );
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Count == 1,
            TimeSpan.FromSeconds(30)
        );
        _time.Advance(TimeSpan.FromSeconds(4.1));
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Count == 2,
            TimeSpan.FromSeconds(30)
        );
        _time.Advance(TimeSpan.FromSeconds(1));
        var finished = await running.EndAsync();

        finished.Log.Attempts[1].Outcome.ShouldBe("total_timeout");
        finished.Log.Attempts.Count.ShouldBe(2);
        finished.Status.ShouldBe(504);
        bench.Upstream.Requests.CountOf("swift").ShouldBe(0);
    }

    [Fact]
    public async Task Forward_ARetryThatWouldEndAfterTheTotal_IsNotWaitedFor()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);

        var finished = await bench.AskAsync(
            Ask.Plain,
            ForwardingBench.Chain(
                new ForwardingSettings { Total = TimeSpan.FromSeconds(0.5) },
                bench.Deployment("fault-429"),
                bench.Deployment("swift")
            )
        );

        finished.Walk.ShouldBe(["demo/fault-429 rate_limited", "demo/swift success"]);
    }

    [Fact]
    public async Task Forward_AStreamThatGoesOnForLong_IsNotCutByFirstContentOrAttempt()
    {
        await using var paced = await PacedBench.StartAsync(_time);
        var running = paced.Begin(
            Ask.Streamed,
            ForwardingBench.Chain(
                new ForwardingSettings
                {
                    FirstContent = TimeSpan.FromSeconds(5),
                    Attempt = TimeSpan.FromSeconds(5),
                    Idle = TimeSpan.FromSeconds(20),
                },
                paced.Deployment("swift")
            )
        );
        await paced.UntilContentAsync(running);

        // Fifteen seconds between any two of its deltas, more than a minute in all.
        for (var i = 0; i < 6; i++)
        {
            var length = running.Reply.Bytes.Length;
            _time.Advance(TimeSpan.FromSeconds(15));
            await paced.NextAsync(running);
            await running.Reply.UntilAsync(text => text.Length > length);
        }
        var finished = await paced.EndAsync(running);

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
    }

    [Fact]
    public async Task Forward_AStreamThatFallsSilent_IsBrokenAfterTheIdleTime()
    {
        await using var paced = await PacedBench.StartAsync(_time);
        var running = paced.Begin(
            Ask.Streamed,
            ForwardingBench.Chain(
                new ForwardingSettings { Idle = TimeSpan.FromSeconds(20) },
                paced.Deployment("swift"),
                paced.Deployment("sage")
            )
        );
        await paced.UntilContentAsync(running);

        _time.Advance(TimeSpan.FromSeconds(19.9));
        running.IsOver.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.2));
        var finished = await running.EndAsync();

        finished.Walk.ShouldBe(["demo/swift idle_timeout"]);
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Broken);
        finished.Error().Code().ShouldBe("idle_timeout");
        finished.Error().GetProperty("message").GetString()!.ShouldContain("20 s");
    }

    [Fact]
    public async Task Forward_AClientThatReadsSlowly_IsNotTakenForASilentProvider()
    {
        await using var paced = await PacedBench.StartAsync(_time);
        var running = paced.Begin(
            Ask.Streamed,
            ForwardingBench.Chain(
                new ForwardingSettings { Idle = TimeSpan.FromSeconds(20) },
                paced.Deployment("swift")
            )
        );
        await paced.UntilContentAsync(running);
        running.Reply.StopReading();
        await paced.NextAsync(running);
        await Eventually.TrueAsync(() => running.Reply.IsHeldUp);

        _time.Advance(TimeSpan.FromSeconds(100));
        running.IsOver.ShouldBeFalse();
        running.Reply.ReadOn();
        var finished = await paced.EndAsync(running);

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
        finished.Words.ShouldBe(["success"]);
    }

    [Fact]
    public async Task Forward_TheTotalInAStream_BreaksItWithATypedError()
    {
        await using var paced = await PacedBench.StartAsync(_time);
        var running = paced.Begin(
            Ask.Streamed,
            ForwardingBench.Chain(
                new ForwardingSettings { Total = TimeSpan.FromSeconds(30) },
                paced.Deployment("swift")
            )
        );
        await paced.UntilContentAsync(running);

        _time.Advance(TimeSpan.FromSeconds(31));
        var finished = await running.EndAsync();

        finished.Words.ShouldBe(["total_timeout"]);
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Broken);
        finished.Error().Code().ShouldBe("total_timeout");
    }

    [Fact]
    public async Task Forward_APlainAnswerThatStallsHalfWay_IsCutByTheAttempt()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Plain,
            ForwardingBench.Chain(
                new ForwardingSettings { Attempt = TimeSpan.FromSeconds(0.5) },
                bench.Deployment("fault-stall")
            )
        );

        finished.Words.ShouldBe(["attempt_timeout"]);
        finished.Status.ShouldBe(504);
        finished.Error().Code().ShouldBe("attempt_timeout");
        // The upstream's connection is given up with it.
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Aborted == 1,
            TimeSpan.FromSeconds(30)
        );
    }
}
