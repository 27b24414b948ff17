using System.Text.Json.Nodes;
using Dragoman.Limits.Budgets;
using Dragoman.Native;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Limits.Budgets;

/// <summary>Budgets through the library's front door: a token of an answer costs a tenth of a cent, a prompt nothing.</summary>
public sealed class BudgetGatewayTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>
{
    private const string Models = """
        models:
          - { name: quick, provider: sim, model: swift, cost_per_1k_input: 0, cost_per_1k_output: 1 }
          - { name: dear, provider: sim, model: coder, cost_per_1k_input: 0, cost_per_1k_output: 100 }
          - { name: broken, provider: sim, model: fault-503, cost_per_1k_input: 0, cost_per_1k_output: 1 }
          - { name: unpriced, provider: sim, model: sage, source: cloud }
          - { name: embed, provider: sim, model: embed, cost_per_1k_input: 1, cost_per_1k_output: 0 }
        """;

    private const string Ten = "[[say one two three four five six seven eight nine ten]]";

    [Fact]
    public async Task Complete_PastTheBudget_IsRefusedWithItsNameAndAmounts()
    {
        await using var gateway = Of("budgets: { small: { amount: 0.03, window: day } }");
        var spent = 0m;
        GatewayException? refusal = null;
        for (var call = 0; refusal is null && call < 30; call++)
            try
            {
                spent += (await AskAsync(gateway, maxTokens: 10)).Cost ?? 0;
            }
            catch (GatewayException e)
            {
                refusal = e;
            }

        refusal.ShouldNotBeNull();
        (refusal.Kind, refusal.Code, refusal.Error.Status).ShouldBe(
            (GatewayFailure.Budget, "budget_exceeded", 402)
        );
        refusal.Message.ShouldContain("'small'");
        refusal.Message.ShouldContain("limit $0.03 (day)");
        refusal.Message.ShouldContain("It frees on ");
        var state = StateOf(gateway);
        (state.SpentNanoUsd / 1e9m, state.ReservedNanoUsd).ShouldBe((spent, 0));
        spent.ShouldBeLessThanOrEqualTo(0.03m);
    }

    [Fact]
    public async Task Complete_NearTheLimit_IsBoundedToWhatIsAffordable()
    {
        await using var gateway = Of("budgets: { small: { amount: 0.03, alerts: [] } }");
        await AskAsync(gateway);
        var before = StateOf(gateway);
        before.SpentNanoUsd.ShouldBe(10_000_000);

        var reply = await AskAsync(gateway, "[[say " + Words(60) + "]]");

        var most = before.LeftNanoUsd / 1_000_000;
        reply.Usage!.TotalOutput.ShouldBe(most);
        reply.Changes.ShouldContain($"bounded:max_tokens={most} (budget small)");
        JsonNode.Parse(provider.Host.Requests.Last[^1].BodyText)!["max_tokens"]!
            .GetValue<long>()
            .ShouldBe(most);
        StateOf(gateway).LeftNanoUsd.ShouldBe(0);
    }

    [Fact]
    public async Task Complete_OfADearModel_GoesOnToACheaperOne()
    {
        await using var gateway = Of("budgets: { dear: { model: sim/coder, amount: 0.01 } }");

        var reply = await gateway.CompleteAsync(
            Ten,
            new CompletionOptions
            {
                Model = "dear",
                Fallback = ["quick"],
                MaxTokens = 50,
            }
        );

        reply.Model.ShouldBe("swift");
        StateOf(gateway).SpentNanoUsd.ShouldBe(0);
    }

    [Fact]
    public async Task Complete_WhereTheBudgetNamesAChain_GoesOnWithIt()
    {
        await using var gateway = Of(
            """
            chains: { cheap: { models: [quick] } }
            budgets: { all: { amount: 0.5, on_exceeded: { downgrade: cheap } } }
            """
        );

        var reply = await gateway.CompleteAsync(
            Ten,
            new CompletionOptions
            {
                Model = "dear",
                MaxTokens = 50,
                EnableFallback = false,
            }
        );

        reply.Model.ShouldBe("swift");
        reply.Changes.ShouldContain("downgraded:chain:cheap");
        StateOf(gateway).SpentNanoUsd.ShouldBeInRange(1, 50_000_000);
    }

    [Fact]
    public async Task Complete_ThatFails_GivesEverythingBack()
    {
        await using var gateway = Of("budgets: { small: { amount: 0.02 } }");

        for (var i = 0; i < 5; i++)
            await Should.ThrowAsync<GatewayException>(() =>
                gateway.CompleteAsync(
                    Ten,
                    new CompletionOptions
                    {
                        Model = "broken",
                        MaxTokens = 15,
                        EnableFallback = false,
                    }
                )
            );

        var state = StateOf(gateway);
        (state.SpentNanoUsd, state.ReservedNanoUsd, state.Calls).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Complete_OfAModelWithoutAPrice_IsRefusedOrCountedAsTheBudgetSays()
    {
        await using var strict = Of("budgets: { strict: { amount: 10 } }");
        var refused = await Should.ThrowAsync<GatewayException>(() =>
            AskAsync(strict, model: "unpriced")
        );
        refused.Code.ShouldBe("budget_unpriced");

        await using var stated = Of(
            "budgets: { stated: { amount: 10, unpriced: { per_1k_input: 0, per_1k_output: 2 } } }"
        );
        var reply = await AskAsync(stated, model: "unpriced", maxTokens: 100);

        StateOf(stated).SpentNanoUsd.ShouldBe(reply.Usage!.TotalOutput!.Value * 2_000_000);
    }

    [Fact]
    public async Task Streams_ThatOutgrowWhatIsThereForBoth_EndWithABudgetErrorAndNotBeyondIt()
    {
        await using var slow = await SimulatorHost.StartAsync(
            new SimulatorOptions { ChunkDelay = TimeSpan.FromMilliseconds(2) }
        );
        await using var gateway = SimulatedGateway.Of(
            slow,
            config: Models + "\nbudgets: { small: { amount: 0.4 } }"
        );
        // What it usually produces is short, so that little is set aside; these are long.
        for (var i = 0; i < 3; i++)
            await AskAsync(gateway, "[[say hi]]");

        var ends = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => EndAsync()));

        ends.ShouldContain("budget_exceeded");
        var state = StateOf(gateway);
        state.ReservedNanoUsd.ShouldBe(0);
        state.SpentNanoUsd.ShouldBeInRange(200_000_000, state.LimitNanoUsd + state.OverrunNanoUsd);

        async Task<string> EndAsync()
        {
            var text = "";
            try
            {
                await foreach (
                    var update in gateway.StreamAsync(
                        "[[say " + Words(2_000) + "]]",
                        new CompletionOptions { Model = "quick" }
                    )
                )
                    text += update.Delta;
                return "whole";
            }
            catch (GatewayException e)
            {
                text.ShouldNotBeEmpty();
                return e.Code;
            }
        }
    }

    [Fact]
    public async Task Stream_ThatTheMoneyIsEnoughFor_GrowsAndComesWhole()
    {
        await using var gateway = Of("budgets: { roomy: { amount: 3 } }");
        for (var i = 0; i < 3; i++)
            await AskAsync(gateway, "[[say hi]]");
        var text = "";

        await foreach (
            var update in gateway.StreamAsync(
                "[[say " + Words(800) + "]]",
                new CompletionOptions { Model = "quick" }
            )
        )
            text += update.Delta;

        text.ShouldEndWith("w799");
        var state = StateOf(gateway);
        (state.ReservedNanoUsd, state.OverrunNanoUsd).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Embed_PastTheBudget_IsRefusedToo()
    {
        await using var gateway = Of("budgets: { small: { amount: 0.004 } }");

        var refusal = await Should.ThrowAsync<GatewayException>(async () =>
        {
            for (var i = 0; i < 10; i++)
                await gateway.EmbedAsync(
                    ["a text of some words"],
                    new EmbeddingOptions { Model = "embed" }
                );
        });

        refusal.Code.ShouldBe("budget_exceeded");
        StateOf(gateway).SpentNanoUsd.ShouldBeLessThanOrEqualTo(4_000_000);
    }

    [Fact]
    public async Task Complete_ByWorkspace_CountsEachByItself()
    {
        await using var gateway = Of("budgets: { each: { workspace: \"*\", amount: 0.5 } }");
        foreach (var workspace in (string[])["a", "a", "b"])
            await gateway.CompleteAsync(
                Ten,
                new CompletionOptions
                {
                    Model = "quick",
                    MaxTokens = 20,
                    WorkspaceId = workspace,
                }
            );
        await AskAsync(gateway);

        gateway
            .Budgets.States()
            .Select(static state => (state.Values, state.Calls))
            .ShouldBe([("workspace=a", 2), ("workspace=b", 1)]);
    }

    [Fact]
    public async Task Complete_64AtOnceOnMoneyForN_ServesExactlyNAndNeverMore()
    {
        const int Affordable = 12;
        await using var gateway = Of(
            $"budgets: {{ race: {{ amount: 0.{Affordable:00}, wait: 60 }} }}"
        );

        var served = await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(async _ =>
                {
                    try
                    {
                        var reply = await AskAsync(gateway, maxTokens: 10);
                        return reply.Usage!.TotalOutput == 10;
                    }
                    catch (GatewayException e) when (e.Code == "budget_exceeded")
                    {
                        return false;
                    }
                })
        );

        served.Count(static one => one).ShouldBe(Affordable);
        StateOf(gateway).LeftNanoUsd.ShouldBe(0);
    }

    private Gateway Of(string budgets) =>
        SimulatedGateway.Of(provider.Host, config: Models + "\n" + budgets);

    private static Task<CompletionReply> AskAsync(
        Gateway gateway,
        string prompt = Ten,
        int? maxTokens = null,
        string model = "quick"
    ) =>
        gateway.CompleteAsync(
            prompt,
            new CompletionOptions
            {
                Model = model,
                MaxTokens = maxTokens,
                EnableFallback = false,
            }
        );

    private static BudgetState StateOf(Gateway gateway) =>
        gateway.Budgets.States().ShouldHaveSingleItem();

    private static string Words(int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(static i => $"w{i}"));
}
