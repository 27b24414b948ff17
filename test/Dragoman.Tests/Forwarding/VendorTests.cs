using System.Text;
using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>Clients of OpenAI's dialect before vendors that bend it.</summary>
public sealed class VendorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forward_WhatTheVendorRefuses_IsLeftOutAndNamed(bool stream)
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            $$"""{"model":"a-route","stream":{{(stream ? "true" : "false")}},"max_completion_tokens":50,"seed":3,"logit_bias":{"1":1},"messages":[{"role":"user","content":"Hello there"}]}""",
            bench.Deployment("swift", Mistral(bench))
        );

        finished.Status.ShouldBe(200);
        var sent = Sent(bench);
        sent.GetProperty("max_tokens").GetInt32().ShouldBe(50);
        sent.GetProperty("random_seed").GetInt32().ShouldBe(3);
        sent.TryGetProperty("logit_bias", out _).ShouldBeFalse();
        sent.TryGetProperty("stream_options", out _).ShouldBeFalse();
        finished.Log.Changes.ShouldBe([
            "translated:max_completion_tokens=max_tokens",
            "translated:seed=random_seed",
            "dropped:logit_bias",
        ]);
    }

    [Fact]
    public async Task Forward_WhatTheVendorTakes_GoesAsItIs()
    {
        await using var bench = await ForwardingBench.StartAsync();
        const string body =
            """{ "messages":[{"role":"user","content":"Gr\u00fc\u00dfe"}], "max_tokens" : 50, "safe_prompt":true, "model":"a-route" }""";

        var finished = await bench.AskAsync(body, bench.Deployment("swift", Mistral(bench)));

        finished.Status.ShouldBe(200);
        Encoding
            .UTF8.GetString(bench.Upstream.Requests.Last[0].Body.Span)
            .ShouldBe(body.Replace("a-route", "swift", StringComparison.Ordinal));
        finished.Log.Changes.ShouldBeEmpty();
    }

    private static Provider Mistral(ForwardingBench bench) =>
        bench.Provider("mistral", type: ProviderTypes.Default.Find("mistral"));

    private static JsonElement Sent(ForwardingBench bench) =>
        JsonDocument.Parse(bench.Upstream.Requests.Last[0].Body).RootElement;
}
