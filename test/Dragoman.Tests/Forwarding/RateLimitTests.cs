using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>What is made of a provider that says that it is busy, for how long, and what other exchanges make of that.</summary>
public sealed class RateLimitTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("429-once", 1000)]
    [InlineData("429-ms", 200)]
    [InlineData("429-retryinfo", 1000)]
    public async Task Forward_AShortRetryAfter_IsWaitedForOnTheSameDeployment(string fault, int ms)
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        bench.Upstream.Script("swift", fault);
        var (busy, other) = (bench.Deployment("swift"), bench.Deployment("sage"));

        var running = bench.Begin(Ask.Plain, ForwardingBench.Chain(null, busy, other));
        await _time.UntilTimerAsync(Ms(ms), Ms(ms));

        busy.State.IsCooling(_time.GetUtcNow()).ShouldBeTrue();
        _time.Advance(Ms(ms - 1));
        bench.Upstream.Requests.Count.ShouldBe(1);
        _time.Advance(Ms(1));
        var finished = await running.EndAsync();
        finished.Walk.ShouldBe(["demo/swift rate_limited", "demo/swift success"]);
        busy.State.IsCooling(_time.GetUtcNow()).ShouldBeFalse();
    }

    [Fact]
    public async Task Forward_RetryAfterAsADate_IsWaitedFor()
    {
        // The simulator's clock is the same, so that the date is too.
        await using var bench = await ForwardingBench.StartAsync(
            _time,
            new() { TimeProvider = _time }
        );
        bench.Upstream.Script("swift", "429-date");

        var running = bench.Begin(Ask.Plain, Chain(bench.Deployment("swift")));
        await _time.UntilTimerAsync(Ms(1900), Ms(2100));
        _time.Advance(Ms(2100));

        (await running.EndAsync()).Words.ShouldBe(["rate_limited", "success"]);
    }

    [Fact]
    public async Task Forward_ALongRetryAfter_CoolsForThatLongAndMovesOnAtOnce()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        bench.Upstream.SetFault("swift", "429-long");
        var (busy, other) = (bench.Deployment("swift"), bench.Deployment("sage"));
        var chain = ForwardingBench.Chain(null, busy, other);

        var first = await bench.AskAsync(Ask.Plain, chain);
        var second = await bench.AskAsync(Ask.Plain, chain);

        first.Walk.ShouldBe(["demo/swift rate_limited", "demo/sage success"]);
        (busy.State.CoolsUntil - _time.GetUtcNow()).ShouldBe(TimeSpan.FromSeconds(60));
        second.Walk.ShouldBe(["demo/sage success"]);
        second.Log.Skipped.ShouldBe([
            new SkipRecord("demo/swift", "cooling down after a rate limit or an overload"),
        ]);
        bench.Upstream.Requests.CountOf("swift").ShouldBe(1);
        bench.Upstream.SetFault("swift", null);
        _time.Advance(TimeSpan.FromSeconds(60));
        var third = await bench.AskAsync(Ask.Plain, chain);
        third.Walk.ShouldBe(["demo/swift success"]);
    }

    [Fact]
    public async Task Forward_AloneWithALongRetryAfter_TellsTheClientHowLong()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var deployment = bench.Deployment("fault-429-long");

        var first = await bench.AskAsync(Ask.Streamed, deployment);

        first.Status.ShouldBe(429);
        first.Header("Retry-After").ShouldBe("60");
        first.Error().Code().ShouldBe("rate_limit_exceeded");
        first.Reply.Text.ShouldContain("Simulated: too many requests.");
    }

    [Fact]
    public async Task Forward_ASilentRateLimit_IsRetriedOnceThenCoolsForGrowingSeconds()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        bench.Upstream.SetFault("swift", "429-silent");
        var (busy, other) = (bench.Deployment("swift"), bench.Deployment("sage"));
        var rests = new List<double>();

        for (var i = 0; i < 6; i++)
        {
            var running = bench.Begin(Ask.Plain, ForwardingBench.Chain(null, busy, other));
            await _time.UntilTimerAsync(Ms(250), Ms(250));
            _time.Advance(Ms(250));
            var finished = await running.EndAsync();
            finished.Walk.ShouldBe([
                "demo/swift rate_limited",
                "demo/swift rate_limited",
                "demo/sage success",
            ]);
            rests.Add((busy.State.CoolsUntil - _time.GetUtcNow()).TotalSeconds);
            _time.Advance(TimeSpan.FromSeconds(rests[^1]));
        }

        rests.ShouldBe([2, 4, 8, 16, 30, 30]);
    }

    [Fact]
    public async Task Forward_SilentRateLimitsOfManyAtOnce_CoolAsOneDoes()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var deployment = bench.Deployment("fault-429-silent");
        var running = Enumerable
            .Range(0, 20)
            .Select(_ => bench.Begin(Ask.Plain, Chain(deployment)))
            .ToArray();
        await bench.Upstream.Requests.UntilAsync(
            journal => journal.Count == 20 && journal.Open == 0,
            TimeSpan.FromSeconds(30)
        );
        while (!running.All(item => item.IsOver))
        {
            _time.Advance(Ms(50));
            await Task.Delay(5);
        }

        (deployment.State.CoolsUntil - _time.GetUtcNow()).ShouldBeLessThanOrEqualTo(
            TimeSpan.FromSeconds(2)
        );
        bench.Upstream.Requests.Count.ShouldBeLessThanOrEqualTo(40);
    }

    [Fact]
    public async Task Forward_ASilentRateLimitAndNobodyElse_TellsTheClientWhenToComeAgain()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);

        var running = bench.Begin(Ask.Plain, Chain(bench.Deployment("fault-429-silent")));
        await _time.UntilTimerAsync(Ms(250), Ms(250));
        _time.Advance(Ms(250));
        var finished = await running.EndAsync();

        finished.Status.ShouldBe(429);
        finished.Header("Retry-After").ShouldBe("2");
    }

    [Fact]
    public async Task Forward_EverythingCooling_Is429WithTheSoonestRetryAfter()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var (one, two) = (bench.Deployment("swift"), bench.Deployment("sage"));
        one.State.Cool(_time.GetUtcNow().AddSeconds(90));
        two.State.Cool(_time.GetUtcNow().AddSeconds(40.5));
        two.State.TryProbe().ShouldBeTrue();

        var finished = await bench.AskAsync(Ask.Plain, one, two);

        finished.Status.ShouldBe(429);
        finished.Header("Retry-After").ShouldBe("41");
        finished.Error().Code().ShouldBe("deployments_resting");
        finished.Log.Attempts.ShouldBeEmpty();
        finished.Log.Skipped.Select(skip => skip.Deployment).ShouldBe(["demo/swift", "demo/sage"]);
        finished.Header("x-dragoman-attempts").ShouldBe("0");
    }

    [Fact]
    public async Task Forward_FiftyAtOnceOnASoleDeploymentThatCoolsForLong_MakeOneCall()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        bench.Upstream.SetFault("swift", "silent");
        var deployment = bench.Deployment("swift");
        deployment.State.Cool(_time.GetUtcNow().AddSeconds(60));

        var running = Enumerable
            .Range(0, 50)
            .Select(_ => bench.Begin(Ask.Plain, Chain(deployment)))
            .ToArray();
        await Eventually.TrueAsync(() => running.Count(item => item.IsOver) == 49);
        await Eventually.TrueAsync(() => bench.Upstream.Requests.Count > 0);

        bench.Upstream.Requests.Count.ShouldBe(1);
        running.Where(item => item.IsOver).ShouldAllBe(item => item.Reply.Status == 429);
        var probe = running.Single(item => !item.IsOver);
        await probe.LeaveAsync();
        (await probe.EndAsync()).Log.Outcome.ShouldBe(ExchangeOutcome.Cancelled);
    }

    [Fact]
    public async Task Forward_AProbeOfACoolingDeploymentThatSucceeds_LiftsTheCooling()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var deployment = bench.Deployment("swift");
        deployment.State.Cool(_time.GetUtcNow().AddSeconds(60));

        var first = await bench.AskAsync(Ask.Plain, deployment);

        first.Words.ShouldBe(["success"]);
        deployment.State.IsCooling(_time.GetUtcNow()).ShouldBeFalse();
    }

    [Fact]
    public async Task Forward_AProbeThatStreams_LiftsTheCoolingWithItsFirstContent()
    {
        await using var bench = await PacedBench.StartAsync(_time);
        var deployment = bench.Deployment("swift");
        deployment.State.Cool(_time.GetUtcNow().AddSeconds(60));

        var probe = bench.Begin(Ask.Streamed, Chain(deployment));
        await bench.UntilContentAsync(probe);

        probe.IsOver.ShouldBeFalse();
        deployment.State.IsCooling(_time.GetUtcNow()).ShouldBeFalse();

        // What it says of itself since then is not taken back by the end of that stream.
        deployment.State.Cool(_time.GetUtcNow().AddSeconds(60));
        (await bench.EndAsync(probe)).Words.ShouldBe(["success"]);
        deployment.State.IsCooling(_time.GetUtcNow()).ShouldBeTrue();
    }

    [Fact]
    public async Task Forward_AProbeOfACoolingDeploymentThatFails_LetsTheNextOneProbe()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var deployment = bench.Deployment("fault-429-long");
        deployment.State.Cool(_time.GetUtcNow().AddSeconds(60));

        await bench.AskAsync(Ask.Plain, deployment);
        await bench.AskAsync(Ask.Plain, deployment);

        bench.Upstream.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Forward_FiftyThatWaitForASoleDeploymentThatIsBusyStill_DoNotAllFindItOut()
    {
        await using var bench = await ForwardingBench.StartAsync(
            _time,
            chance: new FirstComesFirst()
        );
        bench.Upstream.SetFault("swift", "429-long");
        var deployment = bench.Deployment("swift");
        deployment.State.Cool(_time.GetUtcNow().AddSeconds(3));
        var running = Enumerable
            .Range(0, 50)
            .Select(_ => bench.Begin(Ask.Plain, Chain(deployment)))
            .ToArray();

        _time.Advance(Ms(3000));
        var first = await running[0].EndAsync();
        _time.Advance(Ms(250));
        foreach (var item in running[1..])
        {
            var finished = await item.EndAsync();
            finished.Status.ShouldBe(429);
            finished.Header("Retry-After").ShouldBe("60");
            finished.Log.Attempts.ShouldBeEmpty();
        }

        first.Status.ShouldBe(429);
        bench.Upstream.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Forward_FiftyAtOnceOnASoleDeploymentThatComesBack_AllGetTheirAnswer()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var deployment = bench.Deployment("swift");
        deployment.State.Cool(_time.GetUtcNow().AddSeconds(3));

        var running = Enumerable
            .Range(0, 50)
            .Select(_ => bench.Begin(Ask.Plain, Chain(deployment)))
            .ToArray();
        await _time.UntilTimerAsync(Ms(3000), Ms(3000));
        _time.Advance(Ms(3000));

        foreach (var item in running)
            (await item.EndAsync()).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Forward_AServerErrorThatNamesATime_IsHeardAsARateLimitIs()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var deployment = bench.Deployment("fault-429-retryinfo");

        var running = bench.Begin(Ask.Plain, Chain(deployment));
        await _time.UntilTimerAsync(Ms(1000), Ms(1000));
        _time.Advance(Ms(1000));
        var finished = await running.EndAsync();

        finished.Words.ShouldBe(["rate_limited", "rate_limited"]);
        finished.Header("Retry-After").ShouldBe("1");
        (deployment.State.CoolsUntil - _time.GetUtcNow()).ShouldBe(TimeSpan.FromSeconds(1));
    }

    /// <summary>No jitter for the first, the longest for all others.</summary>
    private sealed class FirstComesFirst : Random
    {
        private bool _wasAsked;

        public override double NextDouble()
        {
            var jitter = _wasAsked ? 0.99 : 0;
            _wasAsked = true;
            return jitter;
        }
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static RoutingDecision Chain(Deployment deployment) =>
        ForwardingBench.Chain(null, deployment);

    [Fact]
    public async Task Forward_ARefusalThatBreaksOff_CountsByItsStatusAndHeaders()
    {
        using var upstream = new ScriptedUpstream(
            "{",
            "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 99\r\n\r\n"
        );
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Plain,
            bench.Deployment("m", bench.Provider(baseUrl: upstream.BaseUrl))
        );

        finished.Words.ShouldBe(["rate_limited"]);
        finished.Status.ShouldBe(429);
        finished.Header("Retry-After").ShouldBe("60");
    }

    [Fact]
    public async Task Forward_AContextOverflowToldAsARateLimit_DoesNotBidTheClientTryAgain()
    {
        using var upstream = new ScriptedUpstream(
            """{"error":{"message":"The input token count exceeds the maximum number of tokens allowed","code":429}}""",
            "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        );
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Plain,
            bench.Deployment("m", bench.Provider(baseUrl: upstream.BaseUrl))
        );

        finished.Words.ShouldBe(["context_length"]);
        finished.Status.ShouldBe(400);
    }
}
