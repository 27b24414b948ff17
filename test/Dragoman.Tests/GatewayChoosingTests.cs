using Dragoman.Canonical;
using Dragoman.Native;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests;

/// <summary>What agents and rules put into a request is in what is told, shared out and summarised of it.</summary>
public sealed class GatewayChoosingTests : IAsyncLifetime
{
    private static readonly string ManyWords = string.Join(' ', Enumerable.Repeat("word", 1_000));

    private SimulatorHost _simulator = null!;
    private Gateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        _gateway = SimulatedGateway.Of(
            _simulator,
            config: $$"""
            defaults:
              context: { strategy: summarized, max_tokens: 200, keep_turns: 1 }
            models:
              - { name: dear, provider: sim, model: sage, cost_per_1k_input: 1000, cost_per_1k_output: 1000, max_tokens: 10 }
              - { name: plain, provider: sim, model: swift, cost_per_1k_input: 0.01, cost_per_1k_output: 0.01, max_tokens: 10 }
            routes:
              either: { models: [plain] }
            agents:
              wordy: { model: plain, system_prompt: "{{ManyWords}}" }
            rules:
              - { name: verbose, when: { user_tier: gold }, parameters: { system_prompt: "{{ManyWords}}" } }
              - { name: pirate, when: { user_tier: sea, tag: gold }, parameters: { system_prompt: Talk like a pirate. } }
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("plain", null, false)]
    [InlineData("either", null, false)]
    [InlineData("agent:wordy", null, true)]
    [InlineData("either", "gold", true)]
    public void ExplainRoute_WordsOfAnAgentOrARule_AreInTheEstimate(
        string name,
        string? tier,
        bool isLong
    )
    {
        var route = _gateway.ExplainRoute(
            "hi",
            new CompletionOptions { Model = name, UserTier = tier }
        );

        (route.Estimate.PromptTokens > 800).ShouldBe(isLong);
        (route.Estimate.Cost > 0.008m).ShouldBe(isLong);
        (route.Estimate.Budgeted > 0.008m).ShouldBe(isLong);
    }

    [Fact]
    public async Task Compare_OneIsAnAgentOfManyWords_GetsItsPartOfTheMoney()
    {
        var compared = await _gateway.CompareAsync(
            "hi",
            ["plain", "agent:wordy"],
            new CompletionOptions { MaxCostUsd = 0.012m },
            TestContext.Current.CancellationToken
        );

        compared.Answers.ShouldAllBe(static answer => answer.Error == null);
    }

    [Fact]
    public async Task Compare_AllTheMoneyInTheWorld_IsShared()
    {
        var compared = await _gateway.CompareAsync(
            "hi",
            ["plain", "dear"],
            new CompletionOptions { MaxCostUsd = decimal.MaxValue },
            TestContext.Current.CancellationToken
        );

        compared.Answers.ShouldAllBe(static answer => answer.Error == null);
    }

    [Fact]
    public async Task Complete_ARuleSpeaksForTheSystem_SummariesAreSummariesAllTheSame()
    {
        var turns = new List<Message>();
        for (var i = 0; i < 20; i++)
        {
            turns.Add(Message.OfText(MessageRole.User, $"Question {i} {ManyWords[..200]}"));
            turns.Add(Message.OfText(MessageRole.Assistant, $"Answer {i}"));
        }
        turns.Add(Message.OfText(MessageRole.User, "And now?"));

        await _gateway.CompleteAsync(
            turns,
            new CompletionOptions
            {
                Model = "plain",
                UserTier = "sea",
                Tags = ["gold"],
            },
            TestContext.Current.CancellationToken
        );

        var summary = _simulator.Requests.Last.Select(static sent => sent.BodyText).First();
        summary.ShouldContain("Talk like a pirate.");
        summary.ShouldContain("Summarize the conversation below");
        summary.ShouldContain("Question 3");
    }
}
