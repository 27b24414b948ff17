using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Routing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>A limit of money holds over all attempts of an exchange: what failed ones have cost is spent.</summary>
public sealed class SpendingTests
{
    private static readonly PriceSheet Prices = new() { Input = 0, Output = 1_000 };
    private const string Body =
        """{"model":"x","stream":true,"messages":[{"role":"user","content":"Tell me of the sea in 40 words"}]}""";

    private readonly ManualTime _time = new();

    [Theory]
    // A stream that breaks off has cost what it said until then; the next would cost $0.1 again.
    [InlineData(0.1, "demo/fault-cut stream_cut", "demo/swift")]
    [InlineData(10, "demo/fault-cut stream_cut|demo/swift success", null)]
    public async Task Forward_AfterAnAttemptThatCost_AsksOnlyWhomTheRestPaysFor(
        double most,
        string walk,
        string? skipped
    )
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        var (first, second) = (
            bench.Deployment("fault-cut", prices: Prices),
            bench.Deployment("swift", prices: Prices)
        );
        var chain = ForwardingBench.Chain(
            ForwardingSettings.Default with
            {
                Recover = StreamRecovery.Continue,
                Retries = 0,
            },
            first,
            second
        ) with
        {
            Limit = Limit((decimal)most),
        };

        var finished = await bench.AskAsync(Body, chain);

        finished.Log.Attempts[0].CostNanoUsd.ShouldNotBeNull().ShouldBeGreaterThan(0);
        finished.Walk.ShouldBe(walk.Split('|'));
        if (skipped is not null)
            finished
                .Log.Skipped.Single(skip => skip.Deployment == skipped)
                .Reason.ShouldStartWith("it would cost about $0.1, and $");
    }

    [Fact]
    public async Task Forward_AFailureThatCostNothing_LeavesTheWholeLimit()
    {
        await using var bench = await ForwardingBench.StartAsync(_time);
        bench.Upstream.SetFault("sage", "401");
        var chain = ForwardingBench.Chain(
            null,
            bench.Deployment("sage", prices: Prices),
            bench.Deployment("swift", prices: Prices)
        ) with
        {
            Limit = Limit(0.1m),
        };

        var finished = await bench.AskAsync(Ask.Plain, chain);

        finished.Walk.Last().ShouldBe("demo/swift success");
    }

    private static SpendingLimit Limit(decimal most) =>
        new(
            most,
            new CostEstimate(
                new RequestSize(10, MaxTokens: 100),
                Operation.Chat,
                new DateOnly(2026, 11, 25)
            )
        );
}
