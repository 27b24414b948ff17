using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>Who of a chain is tried, in which order, and what is told when nobody answers.</summary>
public sealed class ChainTests
{
    private const string WithTools =
        """{"model":"x","messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f"}}]}""";
    private const string WithImage =
        """{"model":"x","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}""";
    private const string WithAudio =
        """{"model":"x","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}]}""";
    private const string WithSchema =
        """{"model":"x","messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}}}""";

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Forward_AModelThatIsMissing_GoesLastUntilTheMarkEnds()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        bench.Upstream.SetFault("swift", "404");
        var (missing, other) = (bench.Deployment("swift"), bench.Deployment("sage"));

        var first = await bench.AskAsync(Ask.Plain, missing, other);
        var second = await bench.AskAsync(Ask.Plain, missing, other);
        bench.Upstream.SetFault("sage", "503");
        bench.Upstream.SetFault("swift", null);
        var running = bench.Begin(Ask.Plain, ForwardingBench.Chain(null, missing, other));
        await _time.UntilTimerAsync(Ms(125), Ms(125));
        _time.Advance(Ms(125));
        var third = await running.EndAsync();
        var fourth = await bench.AskAsync(Ask.Plain, missing, other);

        first.Walk.ShouldBe(["demo/swift not_found", "demo/sage success"]);
        second.Walk.ShouldBe(["demo/sage success"]);
        third.Walk.ShouldBe([
            "demo/sage server_error",
            "demo/sage server_error",
            "demo/swift success",
        ]);
        // Its success lifts the mark.
        fourth.Walk.ShouldBe(["demo/swift success"]);
    }

    [Fact]
    public async Task Forward_TheMarkOfAMissingModel_EndsAfterTenMinutes()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        bench.Upstream.Script("swift", "404");
        var (missing, other) = (bench.Deployment("swift"), bench.Deployment("sage"));
        await bench.AskAsync(Ask.Plain, missing, other);

        _time.Advance(TimeSpan.FromMinutes(10));

        (await bench.AskAsync(Ask.Plain, missing, other)).Walk.ShouldBe(["demo/swift success"]);
    }

    [Fact]
    public async Task Forward_ContextTooShort_MovesOnlyToALargerOne()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Plain,
            bench.Deployment("fault-context", context: 8000),
            bench.Deployment("swift", context: 8000),
            bench.Deployment("coder"),
            bench.Deployment("sage", context: 16000)
        );

        finished.Walk.ShouldBe(["demo/fault-context context_length", "demo/sage success"]);
        finished.Log.Skipped.ShouldBe([
            new SkipRecord("demo/swift", "its context of 8000 tokens is not larger"),
            new SkipRecord("demo/coder", "its context is not known to be larger"),
        ]);
    }

    [Fact]
    public async Task Forward_ContextTooShortEverywhere_TellsTheProvidersWords()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Streamed,
            bench.Deployment("fault-context", context: 8000),
            bench.Deployment("swift", context: 4000)
        );

        finished.Status.ShouldBe(400);
        finished.Error().Code().ShouldBe("context_length_exceeded");
        finished.Error().GetProperty("param").GetString().ShouldBe("messages");
        finished.Log.Attempts.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(FallbackOn.Default, "content_filter", 400)]
    [InlineData(FallbackOn.Default | FallbackOn.ContentFilter, "content_filter success", 200)]
    public async Task Forward_AFilteredPrompt_MovesOnOnlyWhereTheChainSaysSo(
        FallbackOn on,
        string words,
        int status
    )
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Plain,
            ForwardingBench.Chain(
                new ForwardingSettings { FallbackOn = on },
                bench.Deployment("fault-filter"),
                bench.Deployment("swift")
            )
        );

        finished.Words.ShouldBe(words.Split(' '));
        finished.Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("500", FallbackOn.Timeout | FallbackOn.RateLimit)]
    [InlineData("401", FallbackOn.Timeout | FallbackOn.RateLimit)]
    [InlineData("404", FallbackOn.Timeout | FallbackOn.RateLimit)]
    [InlineData("429-long", FallbackOn.Timeout | FallbackOn.Error)]
    [InlineData("silent", FallbackOn.RateLimit | FallbackOn.Error)]
    public async Task Forward_AFailureTheChainDoesNotList_EndsTheChain(string fault, FallbackOn on)
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Plain,
            ForwardingBench.Chain(
                new ForwardingSettings { FallbackOn = on, Attempt = TimeSpan.FromSeconds(1) },
                bench.Deployment("fault-" + fault),
                bench.Deployment("swift")
            )
        );

        finished.Log.AnsweredBy.ShouldBeNull();
        bench.Upstream.Requests.CountOf("swift").ShouldBe(0);
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Failed);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(null, 6)]
    public async Task Forward_OverAChainThatFails_MakesNoMoreAttemptsThanItMay(int? max, int made)
    {
        await using var bench = await ForwardingBench.StartAsync();
        var chain = Enumerable.Range(0, 3).Select(_ => bench.Deployment("fault-500")).ToArray();

        var finished = await bench.AskAsync(
            Ask.Plain,
            ForwardingBench.Chain(new ForwardingSettings { MaxAttempts = max }, chain)
        );

        finished.Log.Attempts.Count.ShouldBe(made);
        bench.Upstream.Requests.Count.ShouldBe(made);
        finished.Status.ShouldBe(500);
    }

    [Fact]
    public async Task Forward_WithoutRetries_TriesEachDeploymentOnce()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Plain,
            ForwardingBench.Chain(
                new ForwardingSettings { Retries = 0 },
                bench.Deployment("fault-500"),
                bench.Deployment("fault-reset"),
                bench.Deployment("swift")
            )
        );

        finished.Words.ShouldBe(["server_error", "reset", "success"]);
    }

    [Fact]
    public async Task Forward_WithMoreRetriesThanAllowed_StillTriesTwice()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Plain,
            ForwardingBench.Chain(
                new ForwardingSettings { Retries = 9 },
                bench.Deployment("fault-500")
            )
        );

        finished.Log.Attempts.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(WithTools, "it cannot use tools")]
    [InlineData(WithImage, "it cannot see images")]
    [InlineData(WithAudio, "it cannot hear audio")]
    [InlineData(WithSchema, "it cannot answer by a JSON schema")]
    public async Task Forward_ADeploymentThatCannotServe_IsSkippedWithTheReason(
        string body,
        string reason
    )
    {
        await using var bench = await ForwardingBench.StartAsync();
        var cannot = new ModelCapabilities
        {
            Tools = false,
            Vision = false,
            Audio = false,
            StructuredOutput = false,
        };
        var (first, second) = (bench.Deployment("sage", can: cannot), bench.Deployment("swift"));

        var skipped = await bench.AskAsync(body, first, second);
        var alone = await bench.AskAsync(body, first);
        var served = await bench.AskAsync(Ask.Plain, first);
        var pinned = await bench.AskAsync(
            body,
            ForwardingBench.Chain(null, first) with
            {
                Pinned = true,
            }
        );

        skipped.Walk.ShouldBe(["demo/swift success"]);
        skipped.Log.Skipped.ShouldBe([new SkipRecord("demo/sage", reason)]);
        alone.Status.ShouldBe(503);
        alone.Error().Code().ShouldBe("no_deployment");
        alone.Text.ShouldContain(reason);
        alone.Header("Retry-After").ShouldBeNull();
        served.Walk.ShouldBe(["demo/sage success"]);
        // Who names one deployment is taken at his word.
        pinned.Walk.ShouldBe(["demo/sage success"]);
    }

    [Fact]
    public async Task Forward_APromptFarTooLong_SkipsTheSmallContext()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var body =
            $$"""{"model":"x","messages":[{"role":"user","content":"{{new string('a', 60_000)}}"}]}""";

        var finished = await bench.AskAsync(
            body,
            bench.Deployment("sage", context: 8_000),
            bench.Deployment("coder", context: 10_000)
        );

        finished.Walk.ShouldBe(["demo/coder success"]);
        finished
            .Log.Skipped[0]
            .Reason.ShouldBe("the prompt does not fit its context of 8000 tokens");
    }

    [Theory]
    // What the client can act on wins over what only happened to us, wherever in the chain it was.
    [InlineData("500", "429-long", 429, "rate_limit_exceeded")]
    [InlineData("429-long", "500", 429, "rate_limit_exceeded")]
    [InlineData("404", "500", 404, "model_not_found")]
    [InlineData("401", "500", 500, null)]
    [InlineData("500", "401", 500, null)]
    [InlineData("reset", "401", 502, "upstream_authentication")]
    [InlineData("reset", "503", 503, null)]
    [InlineData("429-long", "context", 400, "context_length_exceeded")]
    [InlineData("500", "400", 400, null)]
    [InlineData("503", "500", 503, null)]
    public async Task Forward_AllFail_TellsTheMostInformativeError(
        string first,
        string second,
        int status,
        string? code
    )
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Plain,
            bench.Deployment("fault-" + first),
            bench.Deployment("fault-" + second)
        );

        finished.Status.ShouldBe(status);
        finished.Error().Code().ShouldBe(code);
    }

    [Fact]
    public async Task Forward_AnErrorInTheCallersDialect_IsRelayedAsItCame()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(Ask.Plain, bench.Deployment("fault-400"));

        finished.Text.ShouldBe(
            """{"error":{"message":"Simulated: a parameter is wrong.","type":"invalid_request_error","param":"temperature","code":null}}"""
        );
    }

    [Fact]
    public async Task Forward_EqualsAtTheHead_AreTakenInTurn()
    {
        await using var bench = await ForwardingBench.StartAsync(chance: new Random(7));
        var (one, two, last) = (
            bench.Deployment("swift"),
            bench.Deployment("coder"),
            bench.Deployment("sage")
        );
        var chain = ForwardingBench.Chain(null, one, two, last) with { BalancedHead = 2 };

        for (var i = 0; i < 40; i++)
            await bench.AskAsync(Ask.Plain, chain);

        bench.Upstream.Requests.CountOf("swift").ShouldBeInRange(8, 32);
        bench.Upstream.Requests.CountOf("coder").ShouldBeInRange(8, 32);
        bench.Upstream.Requests.CountOf("sage").ShouldBe(0);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
