using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Faults of a plain answer, and of its usage.</summary>
public sealed class PlainFaultTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("cut-plain")]
    [InlineData("cut")]
    public async Task Cut_Plain_IsShorterThanItsContentLength(string fault)
    {
        using var response = await _client.ChatAsync("fault-" + fault);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        var got = 0;
        await Should.ThrowAsync<IOException>(async () =>
        {
            for (int read; (read = await body.ReadAsync(buffer)) > 0; )
                got += read;
        });

        ((long)got).ShouldBeInRange(1, response.Content.Headers.ContentLength!.Value - 1);
    }

    [Fact]
    public async Task TruncatedJson_Plain_LooksWhole()
    {
        using var response = await _client.ChatAsync("fault-truncated-json");
        var body = await response.Content.ReadAsByteArrayAsync();

        response.Content.Headers.ContentLength.ShouldBe(body.Length);
        Should.Throw<JsonException>(() => JsonNode.Parse(body));
    }

    [Theory]
    [InlineData("stall", true)]
    [InlineData("slow-first", false)]
    [InlineData("silent", false)]
    [InlineData("headers-only", true)]
    public async Task Endless_Plain_NeverEnds(string fault, bool headers)
    {
        await using var host = await SimulatorHost.StartAsync();
        using var client = new SimulatorClient(host);
        using var leaving = new CancellationTokenSource();
        var call = client.ChatAsync("fault-" + fault, cancel: leaving.Token);
        if (headers)
            (await call.WaitAsync(Patience)).IsSuccessStatusCode.ShouldBeTrue();
        await host.Requests.UntilAsync(journal => journal.Open == 1, Patience);
        host.Requests.Aborted.ShouldBe(0);
        if (!headers)
            call.IsCompleted.ShouldBeFalse();

        await leaving.CancelAsync();
        if (headers)
            (await call).Dispose();
        await host.Requests.UntilAsync(journal => journal.Aborted == 1, Patience);
        if (!headers)
            await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task SlowPlain_TakesItsTime()
    {
        await using var host = await SimulatorHost.StartAsync(
            new() { SlowPlain = TimeSpan.FromMilliseconds(150) }
        );
        using var client = new SimulatorClient(host);
        var clock = Stopwatch.StartNew();
        var answer = await client.AnswerAsync("fault-slow-plain");

        clock.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(130);
        answer["choices"].ShouldNotBeNull();
        clock.Restart();
        (await client.StreamTextAsync("fault-slow-plain")).ShouldEndWith("data: [DONE]\n\n");
        clock.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(130);
    }

    [Fact]
    public async Task NoUsage_TellsNoneThoughAsked()
    {
        (await _client.AnswerAsync("fault-no-usage"))
            .AsObject()
            .ContainsKey("usage")
            .ShouldBeFalse();
        (await StreamedAsync("no-usage", asked: true)).ShouldAllBe(chunk =>
            !chunk.AsObject().ContainsKey("usage") && chunk["choices"]!.AsArray().Count == 1
        );
    }

    [Fact]
    public async Task UsageWithChoices_IsInTheFinishingChunk()
    {
        var chunks = await StreamedAsync("usage-with-choices", asked: false);

        chunks[^1]["choices"]![0]!["finish_reason"]!.GetValue<string>().ShouldBe("stop");
        chunks[^1]["usage"]!["total_tokens"]!.GetValue<int>().ShouldBeGreaterThan(0);
        chunks.SkipLast(1).ShouldAllBe(chunk => chunk["usage"] == null);
    }

    [Fact]
    public async Task UsageEveryChunk_GrowsAndEndsWithAWholeMessage()
    {
        var stream = await _client.StreamTextAsync("fault-usage-every-chunk");
        var chunks = SimulatorClient.Chunks(stream);
        var counts = chunks
            .Select(chunk => chunk["usage"]!["completion_tokens"]!.GetValue<int>())
            .ToList();

        stream.ShouldNotContain("[DONE]");
        stream.ShouldContain("\r\n\r\n");
        counts.ShouldBe(counts.Order());
        counts[0].ShouldBeLessThan(counts[^1]);
        chunks[^1]["object"]!.GetValue<string>().ShouldBe("chat.completion.done");
        chunks[^1]["choices"]![0]!["message"]!["content"]!
            .GetValue<string>()
            .ShouldBe(SimulatorClient.Joined(chunks));
    }

    [Fact]
    public async Task GroqUsage_IsInItsOwnObject()
    {
        var chunks = await StreamedAsync("groq-usage", asked: false);

        chunks[^1]["x_groq"]!["usage"]!["total_tokens"]!.GetValue<int>().ShouldBeGreaterThan(0);
        chunks.ShouldAllBe(chunk => !chunk.AsObject().ContainsKey("usage"));
    }

    [Fact]
    public async Task ReasoningOutside_IsOnlyInTheTotal()
    {
        var usage = (await _client.AnswerAsync("fault-reasoning-outside"))["usage"]!;
        var reasoning = usage["completion_tokens_details"]!["reasoning_tokens"]!.GetValue<int>();

        reasoning.ShouldBeGreaterThan(0);
        usage["total_tokens"]!
            .GetValue<int>()
            .ShouldBe(
                usage["prompt_tokens"]!.GetValue<int>()
                    + usage["completion_tokens"]!.GetValue<int>()
                    + reasoning
            );
    }

    [Fact]
    public async Task ReportedCost_InThreeShapes_IsTheSameMoney()
    {
        var dollars = (await _client.AnswerAsync("fault-reported-cost"))["usage"]![
            "cost"
        ]!.GetValue<decimal>();
        var ticks = (await _client.AnswerAsync("fault-reported-ticks"))["usage"]![
            "cost_in_usd_ticks"
        ]!.GetValue<long>();
        var parts = (await _client.AnswerAsync("fault-reported-cost-object"))["usage"]!["cost"]!;
        var streamed = (await StreamedAsync("reported-cost", asked: true))[^1]["usage"]![
            "cost"
        ]!.GetValue<decimal>();

        dollars.ShouldBeGreaterThan(0);
        (ticks / 10_000_000_000m).ShouldBe(dollars);
        parts["total_cost"]!.GetValue<decimal>().ShouldBe(dollars);
        streamed.ShouldBe(dollars);
    }

    private async Task<IReadOnlyList<JsonNode>> StreamedAsync(string fault, bool asked) =>
        SimulatorClient.Chunks(
            await _client.StreamTextAsync(
                "fault-" + fault,
                more: asked ? ",\"stream_options\":{\"include_usage\":true}" : ""
            )
        );
}
