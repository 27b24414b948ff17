using System.Text;
using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>What of the provider's answer reaches the client: the same bytes, but for usage that only we asked for.</summary>
public sealed class ReplyBytesTests
{
    private const string StreamedWithUsage =
        """{"model":"a-route","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hello there"}]}""";

    [Fact]
    public async Task Forward_APlainAnswer_IsTheProvidersBytes()
    {
        await using var bench = await StartAsync();

        var finished = await bench.AskAsync(Ask.Plain, bench.Deployment("swift"));

        // The simulator answers the same to the same.
        finished.Reply.Bytes.ShouldBe(await DirectAsync(bench, finished));
        finished.Reply.ContentType.ShouldBe("application/json");
        finished.Reply.ContentLength.ShouldBe(finished.Reply.Bytes.Length);
        finished.Header("x-dragoman-model").ShouldBe("demo/swift");
        finished.Header("x-dragoman-attempts").ShouldBe("1");
        finished.Header("x-dragoman-cache").ShouldBe("bypass");
        finished.Header("x-dragoman-overhead-ms").ShouldNotBeNull();
        finished.Header("x-dragoman-changes").ShouldBeNull();
        finished.Header("x-dragoman-cost-usd").ShouldBeNull();
        finished.Log.Attempts[0].Usage!.Estimated.ShouldBeFalse();
        finished.Log.FirstContent.ShouldBeNull();
    }

    [Theory]
    [InlineData("swift")]
    [InlineData("sage")]
    [InlineData("fault-crlf")]
    [InlineData("fault-no-space")]
    [InlineData("fault-split-utf8")]
    [InlineData("fault-half-surrogates")]
    [InlineData("fault-big-chunk")]
    [InlineData("fault-eos")]
    [InlineData("fault-groq-usage")]
    [InlineData("fault-usage-with-choices")]
    public async Task Forward_AStreamWithUsageAsked_IsTheProvidersBytes(string model)
    {
        await using var bench = await StartAsync();

        var finished = await bench.AskAsync(StreamedWithUsage, bench.Deployment(model));

        finished.Reply.Bytes.ShouldBe(await DirectAsync(bench, finished));
        finished.Reply.ContentType.ShouldBe("text/event-stream");
        finished.Reply.ContentLength.ShouldBeNull();
        finished.Header("Cache-Control").ShouldBe("no-cache");
        finished.Header("x-dragoman-model").ShouldBe("demo/" + model);
        finished.Log.FirstContent.ShouldNotBeNull();
        finished.Log.Attempts[0].Usage!.Estimated.ShouldBeFalse();
    }

    [Fact]
    public async Task Forward_AStreamWithUsageNotAsked_LacksTheUsageChunkAlone()
    {
        await using var bench = await StartAsync();

        var finished = await bench.AskAsync(Ask.Streamed, bench.Deployment("swift"));

        var direct = Encoding.UTF8.GetString(await DirectAsync(bench, finished));
        var events = direct.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var usage = events.Single(item =>
            item.Contains("\"prompt_tokens\"", StringComparison.Ordinal)
        );
        usage.ShouldBe(events[^2]);
        finished.Text.ShouldBe(direct.Replace(usage + "\n\n", "", StringComparison.Ordinal));
        finished.Log.Attempts[0].Usage!.TotalOutput!.Value.ShouldBeGreaterThan(0);
        finished.Log.Attempts[0].Usage!.Estimated.ShouldBeFalse();
    }

    [Fact]
    public async Task Forward_UsageNotAskedButInTheLastChunkWithChoices_KeepsThatChunk()
    {
        await using var bench = await StartAsync();

        var finished = await bench.AskAsync(
            Ask.Streamed,
            bench.Deployment("fault-usage-with-choices")
        );

        finished.Text.ShouldContain("\"finish_reason\":\"stop\"");
        finished.Log.Attempts[0].Usage!.Estimated.ShouldBeFalse();
    }

    [Fact]
    public async Task Forward_ManyChoices_StreamsAllOfThem()
    {
        await using var bench = await StartAsync();

        var finished = await bench.AskAsync(
            """{"model":"x","stream":true,"n":3,"messages":[{"role":"user","content":"Hi"}]}""",
            bench.Deployment("swift")
        );

        finished
            .Events()
            .Count(data => data.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal))
            .ShouldBe(3);
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
    }

    [Theory]
    [InlineData("fault-no-done")]
    [InlineData("fault-usage-every-chunk")]
    public async Task Forward_AStreamWithoutItsEnd_IsGivenOne(string model)
    {
        await using var bench = await StartAsync();

        var finished = await bench.AskAsync(StreamedWithUsage, bench.Deployment(model));

        var direct = Encoding.UTF8.GetString(await DirectAsync(bench, finished));
        direct.ShouldNotContain("[DONE]");
        finished.Text.ShouldBe(direct + "data: [DONE]\n\n");
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
    }

    [Fact]
    public async Task Forward_AMalformedChunkAmidASoundStream_IsSkippedAndNamed()
    {
        await using var bench = await StartAsync();

        var finished = await bench.AskAsync(
            Ask.Streamed,
            bench.Deployment("fault-malformed-chunk")
        );

        finished.Log.Changes.ShouldBe(["skipped:malformed_chunk"]);
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
        finished.Text.ShouldNotContain("[{]");
        finished
            .Content()
            .ShouldBe("This is a simulated answer. Your message begins with: Hello there");
    }

    [Fact]
    public async Task Forward_CommentsBeforeContent_AreHeldBackAndThoseAfterAreRelayed()
    {
        await using var bench = await StartAsync();

        var finished = await bench.AskAsync(Ask.Streamed, bench.Deployment("fault-comments"));

        finished.Text.ShouldStartWith("data: ");
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
        finished.Text.ShouldEndWith("data: [DONE]\n\n");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forward_WithoutUsage_EstimatesAndSaysSo(bool stream)
    {
        await using var bench = await StartAsync();
        var deployment = bench.Deployment(
            "fault-no-usage",
            prices: new PriceSheet { Input = 1, Output = 4 }
        );

        var finished = await bench.AskAsync(Ask.For(stream), deployment);

        var usage = finished.Log.Attempts[0].Usage!;
        usage.Estimated.ShouldBeTrue();
        usage.Input!.Value.ShouldBeInRange(1, 20);
        // 13 words and two signs.
        usage.Output!.Value.ShouldBeInRange(8, 30);
        finished.Log.Attempts[0].CostBasis.ShouldBe(CostBasis.Estimated);
    }

    [Theory]
    [InlineData("swift", CostBasis.Computed)]
    [InlineData("fault-reported-cost", CostBasis.Reported)]
    [InlineData("fault-reported-ticks", CostBasis.Reported)]
    [InlineData("fault-reported-cost-object", CostBasis.Reported)]
    public async Task Forward_WithAPrice_TellsTheCostOfAPlainAnswer(string model, CostBasis basis)
    {
        await using var bench = await StartAsync();
        // What the simulator says it charges.
        var prices = new PriceSheet { Input = 1, Output = 4 };

        var plain = await bench.AskAsync(Ask.Plain, bench.Deployment(model, prices: prices));
        var streamed = await bench.AskAsync(Ask.Streamed, bench.Deployment(model, prices: prices));

        var usage = JsonDocument.Parse(plain.Text).RootElement.GetProperty("usage");
        var nanos =
            usage.GetProperty("prompt_tokens").GetInt64() * 1000
            + usage.GetProperty("completion_tokens").GetInt64() * 4000;
        plain.Log.Attempts[0].CostNanoUsd.ShouldBe(nanos);
        plain.Log.Attempts[0].CostBasis.ShouldBe(basis);
        decimal.Parse(
                plain.Header("x-dragoman-cost-usd")!,
                System.Globalization.CultureInfo.InvariantCulture
            )
            .ShouldBe(nanos / 1_000_000_000m);
        streamed.Log.Attempts[0].CostNanoUsd.ShouldBe(nanos);
        streamed.Header("x-dragoman-cost-usd").ShouldBeNull();
    }

    /// <summary>The provider's clock stands still, so that it says the same time twice.</summary>
    private static Task<ForwardingBench> StartAsync() =>
        ForwardingBench.StartAsync(options: new() { TimeProvider = new ManualTime() });

    /// <summary>The answer to the same bytes, asked without a gateway between.</summary>
    private static async Task<byte[]> DirectAsync(ForwardingBench bench, FinishedExchange finished)
    {
        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
        using var client = new HttpClient();
        using var content = new ByteArrayContent(bench.Upstream.Requests.Last[^1].Body.ToArray());
        using var response = await client.PostAsync(
            new Uri(bench.Upstream.BaseUrl + "/chat/completions"),
            content
        );
        return await response.Content.ReadAsByteArrayAsync();
    }
}
