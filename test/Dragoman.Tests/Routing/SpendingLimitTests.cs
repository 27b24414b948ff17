using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

/// <summary><c>max_cost_usd</c> and <c>budget_remaining</c>: who would cost more by the estimate is not asked.</summary>
public sealed class SpendingLimitTests
{
    // swift and coder cost $0.15 and $0.6 per million, sage $5 and $25.
    private const string House = """
        providers: { house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1" } }
        models:
          - { name: unpriced, provider: house, model: x }
          - { name: half-priced, provider: house, model: y, cost_per_1k_input: 0.001 }
          - { name: free, provider: house, model: z, cost_per_1k_input: 0, cost_per_1k_output: 0 }
        routes:
          ladder: { models: [demo/sage, unpriced, demo/swift] }
          dear: { models: [demo/sage, unpriced, half-priced] }
          blind: { models: [unpriced, half-priced] }
        chains:
          rescue: { models: [demo/sage, demo/coder] }
        """;

    [Theory]
    [InlineData("demo/sage", "demo/sage", 0.06)]
    [InlineData("ladder", "demo/sage demo/swift", 0.06)]
    [InlineData("ladder", "demo/swift", 0.01)]
    [InlineData("chain:rescue", "demo/coder", 0.01)]
    [InlineData("free", "house/z", 0)]
    public void Resolve_WithALimit_PassesOverWhoCostsMoreOrHasNoPrice(
        string name,
        string chain,
        double most
    )
    {
        var decision = Resolve(name, new Wishes { MaxCostUsd = (decimal)most }).Decision!;

        Asked.Chain(decision).ShouldBe(chain);
        if (name == "ladder")
            decision
                .Excluded.Single(static skip => skip.Deployment == "house/x")
                .Reason.ShouldStartWith("its price is unknown, and at most $");
    }

    [Fact]
    public void Resolve_APinnedModelAboveTheLimit_IsRefusedWithBothNumbers()
    {
        var error = Resolve("demo/sage", new Wishes { MaxCostUsd = 0.01m }).Error!;

        error.Status.ShouldBe(402);
        error.Code.ShouldBe("budget_exceeded");
        // 2,000 tokens of a reasoning model at $25 per million, and a few of the prompt at $5.
        error.Message.ShouldBe(
            "Nobody was asked: the cheapest that could serve 'demo/sage', demo/sage, would cost about $0.05, and $0.01 may be spent."
        );
    }

    [Fact]
    public void Resolve_APinnedModelAboveTheLimitWhereOthersAreComputed_GivesACheaperOneAndSaysSo()
    {
        var decision = Resolve(
            "demo/sage",
            new Wishes { MaxCostUsd = 0.01m, ComputesFallback = true },
            house: ""
        ).Decision!;

        Asked.Chain(decision).ShouldNotContain("sage");
        decision.Pinned.ShouldBeFalse();
        decision.Reason.ShouldContain(
            "passed over: demo/sage (it would cost about $0.05, and $0.01 may be spent)"
        );
        decision.Reason.ShouldMatch(@"demo/(swift|coder) at about \$0\.000\d+ fits$");
    }

    [Theory]
    [InlineData("dear", "demo/sage, would cost about $0.0", "The prices of 2 more are unknown")]
    [InlineData("blind", "the price of house/x is unknown", "which is not free")]
    [InlineData("unpriced", "the price of house/x is unknown", "which is not free")]
    [InlineData("auto", "could serve 'auto', ", "would cost about $0.000")]
    public void Resolve_NobodyFits_IsRefusedWithWhatIsCheapest(
        string name,
        string message,
        string more
    )
    {
        var error = Resolve(
            name,
            new Wishes { MaxCostUsd = 0.0000001m },
            house: name == "auto" ? "" : House
        ).Error!;

        error.Code.ShouldBe("budget_exceeded");
        error.Message.ShouldContain(message);
        error.Message.ShouldContain(more);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public void Resolve_ExactlyTheLimit_MayBeSpent(int nanosMore, bool fits)
    {
        var probe = Asked.Exchange("demo/swift", maxTokens: 100);
        var tokens = probe.Dialect.EstimatePrompt(probe.Body);
        var exact = (tokens * 0.15m + 100 * 0.6m) / 1_000_000;

        var (decision, _) = Resolve(
            "demo/swift",
            new Wishes { MaxCostUsd = exact + nanosMore * 0.000_000_001m },
            maxTokens: 100
        );

        (decision is not null).ShouldBe(fits);
    }

    [Theory]
    // an answer as long as is allowed, thoughts included
    [InlineData("demo/sage", 1_000, 1_000)]
    [InlineData("demo/swift", 1_000, 1_000)]
    // else a middling one; a reasoning model thinks
    [InlineData("demo/sage", null, 2_000)]
    [InlineData("demo/swift", null, 500)]
    public void Estimate_TheAnswer_IsAsLongAsIsAllowedOrUsual(
        string name,
        int? maxTokens,
        int expected
    )
    {
        var exchange = Asked.Exchange(name, maxTokens: maxTokens);
        var deployment = Asked.Demo().Resolve(exchange).Decision!.Chain[0];
        var (input, output) = name == "demo/sage" ? (5m, 25m) : (0.15m, 0.6m);

        var cost = RoutedRequest.Of(exchange).EstimateAtMost.Of(deployment);

        // What was peeked: 19 bytes of text make 5 tokens.
        cost.ShouldBe((5 * input + expected * output) / 1_000_000);
    }

    [Fact]
    public void Resolve_FallbackFalse_LeavesNobodyElseToFit()
    {
        var wishes = new Wishes { MaxCostUsd = 0.01m, Fallback = [] };

        Resolve("demo/sage", wishes).Error!.Code.ShouldBe("budget_exceeded");
        Asked.Chain(Resolve("ladder", wishes).Decision!).ShouldBe("demo/swift");
    }

    [Fact]
    public void Resolve_CountingTokens_CostsNothing() =>
        Asked
            .Demo()
            .Resolve(
                Asked.Exchange(
                    "demo/sage",
                    new Wishes { MaxCostUsd = 0 },
                    operation: Operation.CountTokens
                )
            )
            .Decision.ShouldNotBeNull();

    [Fact]
    public void Resolve_ALongPromptWithoutALimit_IsNotEstimatedClosely()
    {
        // Four bytes a token: the tokens of the text itself are a sixth of that.
        var exchange = Asked.Exchange("demo/swift", prompt: new string(' ', 4_000));

        RoutedRequest.Of(exchange).Estimate.Size.PromptTokens.ShouldBe(1_001);
        RoutedRequest
            .Of(
                Asked.Exchange(
                    "demo/swift",
                    new Wishes { MaxCostUsd = 1 },
                    prompt: new string(' ', 4_000)
                )
            )
            .Estimate.Size.PromptTokens.ShouldBeLessThan(100);
    }

    private static Resolution Resolve(
        string name,
        Wishes wishes,
        int? maxTokens = null,
        string house = House
    ) => Asked.Demo(house).Resolve(Asked.Exchange(name, wishes, maxTokens));
}
