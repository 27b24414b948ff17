using Dragoman.Catalog;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>Which of a deployment's prices an answer is charged by.</summary>
public sealed class PricesTests
{
    private const string Usage =
        "\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":0,\"total_tokens\":1000}";
    private static readonly PriceSheet Prices = new()
    {
        Input = 4m,
        Output = 8m,
        Flex = new PriceSheet { Input = 2m, Output = 4m },
    };
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("default", false, 4_000_000L)]
    [InlineData("flex", false, 2_000_000L)]
    [InlineData("flex", true, 2_000_000L)]
    [InlineData("priority", false, null)]
    [InlineData("priority", true, null)]
    public async Task Forward_AnAnswerThatNamesItsServiceTier_IsChargedByThatTiersPrices(
        string tier,
        bool stream,
        long? cost
    )
    {
        var finished = await AskAsync(tier, stream, Prices);

        finished.Log.Attempts[0].CostNanoUsd.ShouldBe(cost);
        (finished.Log.Cost.Total?.ToNanoUsd()).ShouldBe(cost);
    }

    [Fact]
    public async Task Forward_OnTheDayOfAnnouncedPrices_ChargesThose()
    {
        var today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
        var next = new PriceSheet { Input = 5m, Output = 9m };

        var before = await AskAsync(
            "default",
            false,
            Prices with
            {
                Next = next,
                NextFrom = today.AddDays(1),
            }
        );
        var after = await AskAsync("default", false, Prices with { Next = next, NextFrom = today });

        before.Log.Attempts[0].CostNanoUsd.ShouldBe(4_000_000);
        after.Log.Attempts[0].CostNanoUsd.ShouldBe(5_000_000);
        after.Header("x-dragoman-cost-usd").ShouldBe("0.005");
    }

    private async Task<FinishedExchange> AskAsync(string tier, bool stream, PriceSheet prices)
    {
        var choice = stream
            ? "\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\""
            : "\"index\":0,\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"";
        var body = $"{{\"choices\":[{{{choice}}}],{Usage},\"service_tier\":\"{tier}\"}}";
        using var upstream = stream
            ? new ScriptedUpstream($"data: {body}\n\ndata: [DONE]\n\n")
            : new ScriptedUpstream(
                body,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
            );
        await using var bench = await ForwardingBench.StartAsync(_time);
        var finished = await bench.AskAsync(
            Ask.For(stream),
            bench.Deployment("m", bench.Provider(baseUrl: upstream.BaseUrl), prices: prices)
        );
        finished.Words.ShouldBe(["success"]);
        return finished;
    }
}
