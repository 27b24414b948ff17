using System.Text.Json;
using Dragoman.Routing;
using Dragoman.Routing.Decisions;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary>The record holds all that a decision was made of, and the same request in the same state is decided the same.</summary>
public sealed class KeptDecisionsTests : IAsyncLifetime
{
    private const string Models = """
        models:
          - { name: swift, provider: sim, model: swift, cost_per_1k_input: 0.0001, cost_per_1k_output: 0.0004, context_window: 32000, capabilities: [tools] }
          - { name: sage, provider: sim, model: sage, cost_per_1k_input: 0.005, cost_per_1k_output: 0.025 }
          - { name: coder, provider: sim, model: coder, cost_per_1k_input: 0.001, cost_per_1k_output: 0.002, priority: 5 }
          - { name: unpriced, provider: two, model: swift }
          - { name: other, provider: two, model: coder, cost_per_1k_input: 0.001, cost_per_1k_output: 0.005 }
        """;

    private static readonly string[] Prompts =
    [
        "hi",
        "Write a lock-free queue in Rust and prove that it is linearizable.",
        "Schreib ein Gedicht über den Herbst.",
        "Summarize: the council met on Tuesday and voted for the tram.",
        "What is 17 * 23?",
    ];

    private static readonly string[] Names =
    [
        "auto",
        "auto:cost_optimized",
        "auto:quality_optimized",
        "auto:latency_optimized",
    ];

    private static readonly string[] Wishes =
    [
        "",
        ",\"dragoman\":{\"max_cost_usd\":0.02,\"prefer_low_latency\":true}",
    ];

    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task Record_OfAnyCall_GivesItsDecisionAgain()
    {
        await using var server = await StartAsync();
        var replay = new DecisionReplay(RoutingStrategies.Usual);
        var (calls, weighed) = (0, 0);
        foreach (var prompt in Prompts)
        foreach (var name in Names)
        foreach (var wishes in Wishes)
        {
            calls++;
            var (record, chosen) = await AskAsync(server, name, prompt, wishes);

            record.Chain[0].ShouldBe(chosen);
            foreach (var weighing in record.Weighings)
            {
                weighed++;
                weighing.Candidates.Count.ShouldBeGreaterThan(1);
                replay.Again(weighing).ShouldBe(weighing.Chosen);
            }
        }
        calls.ShouldBe(40);
        weighed.ShouldBeGreaterThanOrEqualTo(40);
    }

    [Fact]
    public async Task Ask_TheSameOfTwoFreshServers_IsDecidedTheSame()
    {
        foreach (var prompt in Prompts)
        {
            await using var one = await StartAsync();
            await using var other = await StartAsync();

            // Before anybody has answered: from then on speeds are seen, and no two are the same.
            (await ScoresAsync(other, prompt)).ShouldBe(await ScoresAsync(one, prompt));
            var (first, chosen) = await AskAsync(one, "auto", prompt, "");
            var (second, again) = await AskAsync(other, "auto", prompt, "");

            again.ShouldBe(chosen);
            Text(second).ShouldBe(Text(first));
        }
    }

    private Task<ServerUnderTest> StartAsync() =>
        ServerUnderTest.StartAsync(
            config: $$"""
            providers:
              sim: { dialect: openai, base_url: "{{_simulator.BaseUrl}}" }
              two: { dialect: openai, base_url: "{{_simulator.BaseUrl}}" }
            {{Models}}
            """
        );

    private static string Text(DecisionRecord record) =>
        System.Text.Encoding.UTF8.GetString(record.ToJson());

    private static async Task<(DecisionRecord Record, string Chosen)> AskAsync(
        ServerUnderTest server,
        string name,
        string prompt,
        string wishes
    )
    {
        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            $$$"""{"model":"{{{name}}}","messages":[{"role":"user","content":{{{JsonSerializer.Serialize(prompt)}}}}]{{{wishes}}}}"""
        );
        ((int)answer.StatusCode).ShouldBe(200, await answer.Content.ReadAsStringAsync());
        using var kept = await server.GetAsync(
            "/api/llm/requests/" + answer.Headers.GetValues("x-dragoman-request-id").Single()
        );
        var decision = (await kept.JsonAsync()).GetProperty("decision");
        return (
            DecisionRecord.FromJson(decision.GetRawText()).ShouldNotBeNull(),
            answer.Headers.GetValues("x-dragoman-model").Single()
        );
    }

    /// <summary>Candidates with their scores, as <c>/api/llm/route</c> tells them.</summary>
    private static async Task<string> ScoresAsync(ServerUnderTest server, string prompt)
    {
        using var answer = await server.PostAsync(
            "/api/llm/route",
            JsonSerializer.Serialize(new { prompt })
        );
        var candidates = (await answer.JsonAsync()).GetProperty("candidates");
        candidates.GetArrayLength().ShouldBeGreaterThan(1);
        candidates[0].GetProperty("score").ValueKind.ShouldBe(JsonValueKind.Number);
        return candidates.GetRawText();
    }
}
