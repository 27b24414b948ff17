using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>What ends a stream that has begun: a typed error, never a normal end; and what is free before it has begun.</summary>
public sealed class BrokenStreamTests
{
    [Theory]
    [InlineData("cut", "stream_cut")]
    [InlineData("cut-clean", "stream_cut")]
    [InlineData("truncated-json", "stream_cut")]
    [InlineData("error-mid-stream", "stream_error")]
    [InlineData("error-event", "stream_error")]
    [InlineData("error-after-finish", "stream_error")]
    [InlineData("huge-line", "stream_error")]
    public async Task Forward_AStreamThatBreaksAfterContent_EndsWithATypedErrorAndIsRecordedBroken(
        string fault,
        string code
    )
    {
        await using var paced = await PacedBench.StartAsync();
        var deployment = paced.Deployment("fault-" + fault);

        var finished = await paced.AskAsync(
            Ask.Streamed,
            ForwardingBench.Chain(null, deployment, paced.Deployment("swift"))
        );

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Broken);
        finished.Log.Status.ShouldBe(200);
        finished.Log.AnsweredBy.ShouldBe("demo/fault-" + fault);
        var error = finished.Error();
        error.Code().ShouldBe(code);
        error.GetProperty("message").GetString()!.ShouldStartWith("demo/fault-" + fault);
        finished.Events().Length.ShouldBeGreaterThan(2);
        finished.Text.ShouldNotContain("[DONE]");
        finished
            .Events()
            .Count(data => JsonDocument.Parse(data).RootElement.TryGetProperty("error", out _))
            .ShouldBe(1);
        paced.Upstream.Requests.CountOf("swift").ShouldBe(0);
        // What was generated is billed as well as can be told.
        var usage = finished.Log.Attempts[0].Usage!;
        usage.Estimated.ShouldBe(fault != "error-after-finish" || usage.Estimated);
        usage.Output!.Value.ShouldBeGreaterThan(0);
        deployment.State.Breaker.Phase.ShouldBe(BreakerPhase.Closed);
    }

    [Fact]
    public async Task Forward_ContentBeforeTheBreak_ReachedTheClientWhole()
    {
        await using var paced = await PacedBench.StartAsync();

        var finished = await paced.AskAsync(
            Ask.Streamed,
            ForwardingBench.Chain(null, paced.Deployment("fault-cut-clean"))
        );

        var text = Ask.ContentOf(finished.Events()[..^1]);
        text.Length.ShouldBeGreaterThan(10);
        "This is a simulated answer. Your message begins with: Hello there".ShouldStartWith(text);
    }

    [Fact]
    public async Task Forward_AHalfChunkAtTheCut_IsNamedInTheRecord()
    {
        await using var paced = await PacedBench.StartAsync();

        var finished = await paced.AskAsync(
            Ask.Streamed,
            ForwardingBench.Chain(null, paced.Deployment("fault-truncated-json"))
        );

        finished.Log.Changes.ShouldBe(["skipped:malformed_chunk"]);
        finished.Text.ShouldNotContain("\"choi\n");
    }

    [Fact]
    public async Task Forward_ALineOverSixteenMegabytes_IsAClearError()
    {
        await using var paced = await PacedBench.StartAsync();

        var finished = await paced.AskAsync(
            Ask.Streamed,
            ForwardingBench.Chain(null, paced.Deployment("fault-huge-line"))
        );

        finished.Error().GetProperty("message").GetString()!.ShouldContain("16 MB");
        finished.Reply.Bytes.Length.ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public async Task Forward_ALongLineBelowTheLimit_PassesWhole()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(Ask.Streamed, bench.Deployment("fault-big-chunk"));

        finished.Content().Count(letter => letter == 'b').ShouldBeGreaterThanOrEqualTo(1024 * 1024);
    }

    [Theory]
    [InlineData("data: [DONE]\n\n")]
    [InlineData("")]
    public async Task Forward_NothingButAMalformedFinish_IsEmpty(string last)
    {
        await using var bench = await ForwardingBench.StartAsync();
        using var upstream = new ScriptedUpstream(
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":[0}}\n\n"
                + last
        );

        var finished = await bench.AskAsync(
            Ask.Streamed,
            bench.Deployment("any", bench.Provider(baseUrl: upstream.BaseUrl))
        );

        finished.Words.ShouldAllBe(word => word == "empty");
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Failed);
        finished.Log.Status.ShouldBe(502);
    }

    [Fact]
    public async Task Forward_OneOfSeveralChoicesStillOpenAtTheCut_IsBroken()
    {
        await using var bench = await ForwardingBench.StartAsync();
        using var upstream = new ScriptedUpstream(
            """
            data: {"choices":[{"index":0,"delta":{"content":"a"}}]}

            data: {"choices":[{"index":1,"delta":{"content":"b"}}]}

            data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}


            """
        );

        var finished = await bench.AskAsync(
            """{"model":"x","stream":true,"n":2,"messages":[]}""",
            bench.Deployment("any", bench.Provider(baseUrl: upstream.BaseUrl))
        );

        finished.Words.ShouldBe(["stream_cut"]);
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Broken);
        finished.Text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task Forward_AFailureBeforeContentOnTheSoleDeployment_IsRetriedAndTheRoleIsToldOnce()
    {
        await using var bench = await ForwardingBench.StartAsync();
        bench.Upstream.Script("swift", "role-only");

        var finished = await bench.AskAsync(Ask.Streamed, bench.Deployment("swift"));

        finished.Words.ShouldBe(["empty", "success"]);
        finished
            .Events()
            .Count(data => data.Contains("\"role\":\"assistant\"", StringComparison.Ordinal))
            .ShouldBe(1);
        finished
            .Content()
            .ShouldBe("This is a simulated answer. Your message begins with: Hello there");
        finished.Text.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Forward_AFailureBeforeContentWithAnotherBehind_LeavesNoTrace()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Streamed,
            bench.Deployment("fault-role-only"),
            bench.Deployment("swift")
        );

        finished.Text.ShouldNotContain("fault-role-only");
        finished.Header("x-dragoman-model").ShouldBe("demo/swift");
        finished.Header("x-dragoman-attempts").ShouldBe("3");
    }

    [Theory]
    [InlineData(
        """data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prom"""
    )]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]]\n\n")]
    public async Task Forward_ACutInsideTheChunkThatFinishes_IsNoEnd(string last)
    {
        using var upstream = new ScriptedUpstream(
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n" + last
        );
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Streamed,
            bench.Deployment("m", bench.Provider(baseUrl: upstream.BaseUrl))
        );

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Broken);
        finished.Text.ShouldNotContain("[DONE]");
        finished.Error().Code().ShouldBe("stream_cut");
    }
}
