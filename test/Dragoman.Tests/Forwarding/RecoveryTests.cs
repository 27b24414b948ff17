using System.Text;
using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.Dialects.Sse;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary><c>recover: continue</c>: the next deployment carries a broken stream on, or the client is told.</summary>
public sealed class RecoveryTests
{
    private const string Body =
        """{"model":"x","stream":true,"messages":[{"role":"user","content":"Tell me of the sea in 40 words"}]}""";

    private static readonly ForwardingSettings Continue = new()
    {
        Recover = StreamRecovery.Continue,
    };

    public static TheoryData<string> Breaks => ["cut", "cut-clean", "error-mid-stream"];

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Forward_BrokenStreamToPrefillingDeployment_IsCarriedOnWithoutASeam(
        string fault
    )
    {
        await using var bench = await ForwardingBench.StartAsync();
        var whole = await WholeAsync(bench);

        var finished = await bench.AskAsync(
            Body,
            ForwardingBench.Chain(
                Continue,
                bench.Deployment("fault-" + fault),
                Prefilling(bench, "swift")
            )
        );

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
        TextOf(finished.Text).ShouldBe(whole);
        Count(finished.Text, ": dragoman.recovery\n\n").ShouldBe(1);
        Count(finished.Text, "\"role\":\"assistant\"").ShouldBe(1);
        Count(finished.Text, "data: [DONE]\n\n").ShouldBe(1);
        finished.Log.Attempts.Count.ShouldBe(2);
        finished.Log.Changes.ShouldBe(["recovered:demo/swift"]);
        finished.Log.AnsweredBy.ShouldBe("demo/swift");
        // Both are paid: the broken one by our estimate of what was seen of it.
        finished.Log.Attempts.ShouldAllBe(attempt => attempt.Usage != null);
        finished.Log.Attempts[0].Usage!.Estimated.ShouldBeTrue();
        using var sent = JsonDocument.Parse(bench.Upstream.Requests.Last[^1].BodyText);
        var last = sent.RootElement.GetProperty("messages")[1];
        last.GetProperty("role").GetString().ShouldBe("assistant");
        whole.ShouldStartWith(last.GetProperty("content").GetString()!);
    }

    [Fact]
    public async Task Forward_BrokenStreamToDeploymentWithoutPrefill_IsStartedAgainAndSpliced()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var whole = await WholeAsync(bench);

        var finished = await bench.AskAsync(
            Body,
            ForwardingBench.Chain(
                Continue,
                bench.Deployment("fault-cut"),
                bench.Deployment("swift")
            )
        );

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
        TextOf(finished.Text).ShouldBe(whole);
        Count(finished.Text, ": dragoman.recovery\n\n").ShouldBe(1);
        Count(finished.Text, "\"role\":\"assistant\"").ShouldBe(1);
        using var sent = JsonDocument.Parse(bench.Upstream.Requests.Last[^1].BodyText);
        sent.RootElement.GetProperty("messages").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Forward_SecondStartThatSaysSomethingElse_EndsWithATypedError()
    {
        await using var bench = await ForwardingBench.StartAsync();
        bench.Upstream.SetFault("swift", "cut");

        var finished = await bench.AskAsync(
            Body,
            ForwardingBench.Chain(Continue, bench.Deployment("swift"), bench.Deployment("sage"))
        );

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Broken);
        finished
            .Log.Attempts.Select(attempt => attempt.Outcome)
            .ShouldBe(["stream_cut", "diverged"]);
        finished.Text.ShouldNotContain("[DONE]");
        ErrorOf(finished.Text).ShouldNotBeNull();
    }

    [Fact]
    public async Task Forward_RecoveryThatBreaksToo_IsCarriedOnByTheNext()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var whole = await WholeAsync(bench);

        bench.Upstream.SetFault("fault-none", "cut-clean");

        var finished = await bench.AskAsync(
            Body,
            ForwardingBench.Chain(
                Continue,
                bench.Deployment("fault-cut"),
                Prefilling(bench, "fault-none"),
                Prefilling(bench, "swift")
            )
        );

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
        TextOf(finished.Text).ShouldBe(whole);
        Count(finished.Text, ": dragoman.recovery\n\n").ShouldBe(2);
        finished.Log.Attempts.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Forward_BrokenToolCall_IsNotCarriedOn()
    {
        await using var bench = await ForwardingBench.StartAsync();

        const string body =
            """{"model":"x","stream":true,"tool_choice":"required","tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object","properties":{"where":{"type":"string"}},"required":["where"]}}}],"messages":[{"role":"user","content":"Use the tool look"}]}""";

        var finished = await bench.AskAsync(
            body,
            ForwardingBench.Chain(
                Continue,
                bench.Deployment("fault-cut"),
                Prefilling(bench, "swift")
            )
        );

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Broken);
        finished.Log.Attempts.Count.ShouldBe(1);
        finished.Text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task Forward_NobodyLeftToCarryOn_EndsWithATypedError()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Body,
            ForwardingBench.Chain(Continue, bench.Deployment("fault-cut"))
        );

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Broken);
        finished.Text.ShouldNotContain("[DONE]");
        ErrorOf(finished.Text).ShouldNotBeNull();
    }

    [Fact]
    public async Task Forward_BrokenStreamOnARouteThatDoesNotAskForRecovery_EndsWithATypedError()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Body,
            bench.Deployment("fault-cut"),
            Prefilling(bench, "swift")
        );

        finished.Log.Outcome.ShouldBe(ExchangeOutcome.Broken);
        finished.Log.Attempts.Count.ShouldBe(1);
        ErrorOf(finished.Text).ShouldNotBeNull();
    }

    private static Deployment Prefilling(ForwardingBench bench, string model) =>
        bench.Deployment(model, can: new ModelCapabilities { AssistantPrefill = true });

    private static async Task<string> WholeAsync(ForwardingBench bench) =>
        TextOf((await bench.AskAsync(Body, bench.Deployment("swift"))).Text);

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string TextOf(string stream)
    {
        var text = new StringBuilder();
        foreach (var chunk in Chunks(stream))
        {
            if (
                chunk.TryGetProperty("choices", out var choices)
                && choices.GetArrayLength() > 0
                && choices[0].GetProperty("delta").TryGetProperty("content", out var content)
            )
                text.Append(content.GetString());
        }
        return text.ToString();
    }

    private static string? ErrorOf(string stream)
    {
        var last = Chunks(stream)[^1];
        return last.TryGetProperty("error", out var error)
            ? error.GetProperty("message").GetString()
            : null;
    }

    private static List<JsonElement> Chunks(string stream)
    {
        var chunks = new List<JsonElement>();
        foreach (var part in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var sse = SseEvent.Parse(Encoding.UTF8.GetBytes(part));
            if (sse.HasData && !sse.IsDone)
                chunks.Add(JsonElement.Parse(sse.Data));
        }
        return chunks;
    }
}
