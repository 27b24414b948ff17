using System.Globalization;
using System.Net;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary><c>POST /api/admin/routing/simulate</c> through the real server, over decisions that it really made.</summary>
public sealed class RoutingSimulationTests : IAsyncLifetime
{
    private const int Asked = 50;

    private const string House = """
        models:
          - { name: small, provider: sim, model: gpt-4o-mini, cost_per_1k_input: 0.00015, cost_per_1k_output: 0.0006 }
          - { name: large, provider: sim, model: gpt-4.1, cost_per_1k_input: 0.002, cost_per_1k_output: 0.008 }
          - { name: nano, provider: sim, model: gpt-4.1-nano, cost_per_1k_input: 0.0001, cost_per_1k_output: 0.0004 }
        rules:
          - { name: poems, when: { task_type: creative }, target: sim/gpt-4.1 }
        """;

    private static readonly string[] Prompts =
    [
        "hi there",
        "Write a Python function that merges two sorted lists",
        "Write a lock-free queue in Rust and prove that it is linearizable, with tests for every interleaving of three threads.",
        "Write a poem about the autumn wind",
        "Translate into French: where is the station?",
        "Summarize: the council met on Tuesday and voted for the tram, the mayor abstained.",
        "Prove that there are infinitely many primes congruent to 3 modulo 4.",
        "What is the capital of Mongolia?",
        "Extract all names and dates as JSON: Anna met Bert on 3 May 2021.",
        "A farmer has 17 sheep, all but 9 run away. How many are left, and why do people get it wrong?",
    ];

    private readonly List<string> _ids = [];
    private SimulatorHost _simulator = null!;
    private ServerUnderTest _server = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { MoreModels = ["gpt-4o-mini", "gpt-4.1", "gpt-4.1-nano"] }
        );
        _server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(_simulator) + "\n" + House
        );
        for (var i = 0; i < Asked; i++)
            await AskAsync(
                "auto",
                Prompts[i % Prompts.Length] + new string('!', i / Prompts.Length)
            );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Simulate_NothingChanged_ChangesNothingAndCallsNobody()
    {
        var calls = _simulator.Requests.Count;
        calls.ShouldBeGreaterThanOrEqualTo(Asked);

        var same = await SimulateAsync("{}");

        same.GetProperty("replayed").GetInt32().ShouldBe(Asked, same.ToString());
        same.GetProperty("changed").GetInt32().ShouldBe(0, same.ToString());
        same.GetProperty("not_replayable").GetArrayLength().ShouldBe(0);
        same.GetProperty("cost").GetProperty("change_usd").GetDecimal().ShouldBe(0);
        same.GetProperty("examples").GetArrayLength().ShouldBe(0);
        same.GetProperty("by_task").GetArrayLength().ShouldBeGreaterThan(3);
        same.GetProperty("models")
            .EnumerateArray()
            .Sum(static one => one.GetProperty("before").GetInt32())
            .ShouldBe(Asked);
        _simulator.Requests.Count.ShouldBe(calls);
    }

    [Fact]
    public async Task Simulate_TheRulesThatAreThereAlready_ChangeNothing()
    {
        var same = await SimulateAsync(
            """{"rules":[{"name":"poems","when":{"task_type":"creative"},"target":"sim/gpt-4.1"}]}"""
        );

        same.GetProperty("changed").GetInt32().ShouldBe(0, same.ToString());
        Rule(same, "poems").GetProperty("fired").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task Simulate_RulesTakenAway_DecidesAnewWhatTheyHadSentElsewhere()
    {
        var without = await SimulateAsync("""{"rules":[],"strategy":"cost_optimized"}""");

        without.GetProperty("replayed").GetInt32().ShouldBe(Asked);
        Model(without, "sim/gpt-4.1").After.ShouldBe(0, without.ToString());
    }

    [Fact]
    public async Task Simulate_MoneyDoesNotCount_RaisesQualityAndCost()
    {
        var changed = await SimulateAsync("""{"weights":{"cost":0,"latency":0}}""");

        changed.GetProperty("changed").GetInt32().ShouldBeGreaterThan(0, changed.ToString());
        var quality = changed.GetProperty("quality");
        quality
            .GetProperty("after_mean")
            .GetDouble()
            .ShouldBeGreaterThan(quality.GetProperty("before_mean").GetDouble());
        changed.GetProperty("cost").GetProperty("change_usd").GetDecimal().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Simulate_OtherPrices_MoveModelsAndMoneyAsReckonedByHand()
    {
        var before = await SimulateAsync("""{"strategy":"cost_optimized","rules":[]}""");
        Model(before, "sim/gpt-4.1").After.ShouldBe(0, before.ToString());

        // Its money is all the money there is then.
        var changed = await SimulateAsync(
            """
            {"strategy":"cost_optimized","rules":[],"prices":{
              "sim/gpt-4.1":{"input":0.01,"output":0.02},
              "sim/gpt-4o-mini":{"input":900,"output":900},
              "sim/gpt-4.1-nano":{"input":null,"output":null}}}
            """
        );

        // Where large was weighed it is the cheapest; elsewhere small is the only one whose price is known.
        Model(changed, "sim/gpt-4.1").After.ShouldBeGreaterThan(0, changed.ToString());
        Model(changed, "sim/gpt-4.1-nano").After.ShouldBe(0, changed.ToString());
        changed
            .GetProperty("by_task")
            .EnumerateArray()
            .Where(static one => one.GetProperty("task").GetString() != "creative")
            .Sum(static one => one.GetProperty("cost").GetProperty("after_usd").GetDecimal())
            .ShouldBe(await ByHandAsync(), changed.ToString());
        changed.GetProperty("cost").GetProperty("unknown").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Simulate_ARule_SendsCodeElsewhereAndCounts()
    {
        var changed = await SimulateAsync(
            """
            {"rules":[
              {"name":"poems","when":{"task_type":"creative"},"target":"sim/gpt-4.1"},
              {"name":"code","priority":10,"when":{"task_type":"code"},"target":"nano"}]}
            """
        );

        var fired = Rule(changed, "code").GetProperty("fired").GetInt32();
        fired.ShouldBe(10, changed.ToString());
        foreach (var example in changed.GetProperty("examples").EnumerateArray())
        {
            example.GetProperty("task").GetString().ShouldBe("code");
            example.GetProperty("after").GetString().ShouldBe("sim/gpt-4.1-nano");
            example.GetProperty("reason").GetString()!.ShouldStartWith("rule 'code'");
        }
        var code = changed
            .GetProperty("by_task")
            .EnumerateArray()
            .Single(static one => one.GetProperty("task").GetString() == "code");
        code.GetProperty("replayed").GetInt32().ShouldBe(10);
        code.GetProperty("changed").GetInt32().ShouldBe(changed.GetProperty("changed").GetInt32());
    }

    [Fact]
    public async Task Simulate_ARuleThatAsksWhatIsNotKept_CountsItAsUnknown()
    {
        var changed = await SimulateAsync(
            """{"rules":[{"name":"team","when":{"task_type":"code","header":{"x-team":"blue"}},"target":"nano"}]}"""
        );

        // What is not code it does not take for sure, whatever the header was.
        Rule(changed, "team").GetProperty("fired").GetInt32().ShouldBe(0);
        Rule(changed, "team").GetProperty("unknown").GetInt32().ShouldBe(10, changed.ToString());
        changed.GetProperty("replayed").GetInt32().ShouldBe(Asked - 10);
        var left = changed.GetProperty("not_replayable").EnumerateArray().Single();
        left.GetProperty("count").GetInt32().ShouldBe(10);
        left.GetProperty("reason").GetString()!.ShouldContain("header(\"x-team\")");
    }

    [Fact]
    public async Task Simulate_WithoutEverybody_TellsThatNobodyIsLeft()
    {
        var changed = await SimulateAsync("""{"without":["sim","elsewhere"]}""");

        changed.GetProperty("unanswered").GetInt32().ShouldBe(Asked, changed.ToString());
        changed.GetProperty("cost").GetProperty("after_usd").ValueKind.ShouldBe(JsonValueKind.Null);
        changed.GetProperty("without_effect")[0].GetString().ShouldBe("elsewhere");
        changed.GetProperty("examples").GetArrayLength().ShouldBe(20);
    }

    [Fact]
    public async Task Simulate_FewerThanThereAre_LooksAtTheNewest()
    {
        await AskAsync("small", "hi");

        using var answer = await _server.PostAsync(
            "/api/admin/routing/simulate",
            """{"last":3,"since":"2020-01-01"}"""
        );

        var body = await answer.JsonAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body.ToString());
        var skipped = body.GetProperty("not_replayable")
            .EnumerateArray()
            .Sum(static one => one.GetProperty("count").GetInt32());
        (body.GetProperty("replayed").GetInt32() + skipped).ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"last":0}""", "last", "from 1 to 10000")]
    [InlineData("""{"since":"yesterday"}""", "since", "2026-11-20")]
    [InlineData("""{"change":{}}""", "change", "did you mean 'changes'")]
    [InlineData("""{"changes":{"weight":{}}}""", "changes.weight", "weights")]
    [InlineData("""{"changes":{"weights":{"cost":-1}}}""", "changes.weights.cost", "from 0 to 100")]
    [InlineData("""{"changes":{"strategy":"cheapest"}}""", "changes.strategy", "cost_optimized")]
    [InlineData("""{"changes":{"strategy":"round_robin"}}""", "changes.strategy", "must be one of")]
    [InlineData(
        """{"changes":{"strategy":"cost_optimized","weights":{"cost":2}}}""",
        "changes.weights",
        "weighs nothing"
    )]
    [InlineData(
        """{"changes":{"prices":{"gpt":{"input":1}}}}""",
        "changes.prices.gpt",
        "provider/model"
    )]
    [InlineData(
        """{"changes":{"prices":{"sim/x":{"input":-1}}}}""",
        "changes.prices.sim/x.input",
        "0 or more"
    )]
    [InlineData("""{"changes":{"without":[1]}}""", "changes.without", "list of texts")]
    [InlineData("""{"changes":{"rules":{}}}""", "changes.rules", "list of rules")]
    [InlineData(
        """{"changes":{"rules":[{"name":"a","target":"nano","when":{"task_type":"codex"}}]}}""",
        "changes.rules[0].when.task_type",
        "is no task"
    )]
    [InlineData(
        """{"changes":{"rules":[{"name":"a","target":"nanoo"}]}}""",
        "changes.rules[0].target",
        "nanoo"
    )]
    [InlineData("""{"changes":{"rules":[{"name":"a"}]}}""", "changes.rules[0]", "does nothing")]
    [InlineData(
        """{"changes":{"rules":[{"name":"${HOME}","target":"nano"}]}}""",
        "changes.rules[0].name",
        "not set"
    )]
    public async Task Simulate_WhatIsWrong_IsRefusedByName(string body, string param, string told)
    {
        using var answer = await _server.PostAsync("/api/admin/routing/simulate", body);

        var problem = await answer.JsonAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, problem.ToString());
        problem.GetProperty("param").GetString().ShouldBe(param);
        problem.GetProperty("detail").GetString()!.ShouldContain(told);
    }

    private async Task AskAsync(string model, string prompt)
    {
        using var answer = await _server.PostAsync(
            "/v1/chat/completions",
            JsonSerializer.Serialize(
                new { model, messages = new[] { new { role = "user", content = prompt } } }
            )
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        _ids.Add(answer.Headers.GetValues("x-dragoman-request-id").Single());
    }

    private async Task<JsonElement> SimulateAsync(string changes)
    {
        using var answer = await _server.PostAsync(
            "/api/admin/routing/simulate",
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"last":{{Asked}},"changes":{{changes}}}"""
            )
        );
        var body = await answer.JsonAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body.ToString());
        return body;
    }

    /// <summary>What those that no rule took would cost, by the tokens that their records have.</summary>
    private async Task<decimal> ByHandAsync()
    {
        var sum = 0m;
        foreach (var id in _ids)
        {
            using var answer = await _server.GetAsync($"/api/llm/requests/{id}");
            var decision = (await answer.JsonAsync()).GetProperty("decision");
            if (decision.TryGetProperty("rule", out _))
                continue;
            var answers = decision
                .GetProperty("weighings")[0]
                .GetProperty("candidates")
                .EnumerateArray()
                .ToDictionary(
                    static one => one.GetProperty("model").GetString()!,
                    static one => one.GetProperty("answer_tokens").GetInt64()
                );
            var prompt = decision.GetProperty("prompt_tokens").GetInt64();
            sum += decimal.Round(
                answers.TryGetValue("sim/gpt-4.1", out var large)
                    ? (prompt * 0.01m + large * 0.02m) / 1_000_000m
                    : (prompt + answers["sim/gpt-4o-mini"]) * 900m / 1_000_000m,
                9
            );
        }
        return sum;
    }

    private static JsonElement Rule(JsonElement simulation, string name) =>
        simulation
            .GetProperty("rules")
            .EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == name);

    private static (int Before, int After) Model(JsonElement simulation, string name) =>
        simulation
            .GetProperty("models")
            .EnumerateArray()
            .Where(one => one.GetProperty("model").GetString() == name)
            .Select(static one =>
                (one.GetProperty("before").GetInt32(), one.GetProperty("after").GetInt32())
            )
            .SingleOrDefault();
}
