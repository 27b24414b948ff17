using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>What becomes of a provider's keys when it refuses them.</summary>
public sealed class KeyTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("401", "unauthorized")]
    [InlineData("402", "payment_required")]
    [InlineData("quota", "quota")]
    [InlineData("403", "forbidden")]
    public async Task Forward_ARefusedKey_RestsForTenMinutesAndTheNextOneIsUsedAtOnce(
        string fault,
        string word
    )
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        // A pool of two begins with its second key.
        bench.Upstream.SetKeyFault("k2", fault);
        var deployment = bench.Deployment("swift", bench.Provider(keys: ["k1", "k2"]));

        var first = await bench.AskAsync(Ask.Plain, deployment);
        for (var i = 0; i < 4; i++)
            (await bench.AskAsync(Ask.Plain, deployment)).Words.ShouldBe(["success"]);
        bench.Upstream.SetKeyFault("k2", null);
        _time.Advance(TimeSpan.FromMinutes(10));
        await bench.AskAsync(Ask.Plain, deployment);
        await bench.AskAsync(Ask.Plain, deployment);

        first.Words.ShouldBe([word, "success"]);
        first.Log.Attempts.Select(attempt => attempt.Key).ShouldBe([2, 1]);
        var keys = bench.Upstream.Requests.Last.Select(request => request.ApiKey).ToArray();
        keys[..6].ShouldBe(["k2", "k1", "k1", "k1", "k1", "k1"]);
        keys[6..].ShouldBe(["k1", "k2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Forward_AKeyRefusedForOneModel_ServesAnother()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var provider = bench.Provider(keys: ["k1"]);
        bench.Upstream.SetFault("swift", "403");
        await bench.AskAsync(Ask.Plain, bench.Deployment("swift", provider));

        var other = await bench.AskAsync(Ask.Plain, bench.Deployment("sage", provider));
        var same = await bench.AskAsync(Ask.Plain, bench.Deployment("swift", provider));

        other.Words.ShouldBe(["success"]);
        same.Log.Attempts.ShouldBeEmpty();
        same.Log.Skipped[0].Reason.ShouldBe("every key of its provider was refused");
        same.Status.ShouldBe(503);
        bench.Upstream.Requests.CountOf("swift").ShouldBe(1);
    }

    [Fact]
    public async Task Forward_EveryKeyRefused_GoesToTheNextDeployment()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        bench.Upstream.SetFault("swift", "401");
        var first = bench.Deployment("swift", bench.Provider("one", keys: ["k1", "k2", "k3"]));
        var second = bench.Deployment("sage", bench.Provider("two", keys: ["other"]));

        var finished = await bench.AskAsync(Ask.Plain, first, second);
        var next = await bench.AskAsync(Ask.Plain, first, second);
        var last = await bench.AskAsync(Ask.Plain, first, second);

        // Never more than two attempts at one deployment; the third key has its turn in the next exchange.
        finished.Walk.ShouldBe([
            "one/swift unauthorized",
            "one/swift unauthorized",
            "two/sage success",
        ]);
        next.Walk.ShouldBe(["one/swift unauthorized", "two/sage success"]);
        last.Walk.ShouldBe(["two/sage success"]);
    }

    [Theory]
    [InlineData("401")]
    [InlineData("402")]
    [InlineData("403")]
    public async Task Forward_OnlyAnsweredByRefusalsOfOurKey_TellsItAsOurFaultWithoutTheProvidersWords(
        string fault
    )
    {
        await using var bench = await ForwardingBench.StartAsync(_time);

        var finished = await bench.AskAsync(
            Ask.Plain,
            bench.Deployment("fault-" + fault, bench.Provider(keys: ["sk-secret"]))
        );

        finished.Status.ShouldBe(502);
        finished.Error().Code().ShouldBe("upstream_authentication");
        finished.Text.ShouldNotContain("Simulated");
        finished.Text.ShouldContain($"HTTP {fault}");
        finished.Text.ShouldNotContain("sk-secret");
    }

    [Fact]
    public async Task Forward_AProviderWithoutKeys_SendsNoCredential()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);

        var finished = await bench.AskAsync(Ask.Plain, bench.Deployment("swift"));

        bench.Upstream.Requests.Last[0].Headers.ContainsKey("Authorization").ShouldBeFalse();
        finished.Log.Attempts[0].Key.ShouldBeNull();
    }
}
