using System.Net;
using System.Text.Json;
using Dragoman.Native;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary><c>/api/llm/classify</c>, <c>route</c>, <c>recommend</c> and <c>compare</c> through the real server.</summary>
public sealed class ChoosingEndpointsTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private ServerUnderTest _server = null!;

    private const string Models = """
        models:
          - { name: swift, provider: sim, model: swift, cost_per_1k_input: 0.0001, cost_per_1k_output: 0.0004, context_window: 32000, capabilities: [tools] }
          - { name: sage, provider: sim, model: sage, cost_per_1k_input: 0.005, cost_per_1k_output: 0.025 }
          - { name: unpriced, provider: sim, model: coder }
        """;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        _server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(_simulator) + "\n" + Models
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Classify_APrompt_TellsTaskScoresDifficultyAndSignals()
    {
        var read = await PostAsync(
            "classify",
            """{"prompt":"Write a Python function that merges two sorted lists. Answer in JSON."}"""
        );

        read.GetProperty("task").GetString().ShouldBe("code");
        read.GetProperty("confidence").GetDouble().ShouldBeGreaterThan(0.6);
        read.GetProperty("abstained").GetBoolean().ShouldBeFalse();
        var scores = read.GetProperty("scores").EnumerateObject().ToList();
        scores.Count.ShouldBe(10);
        scores.Sum(static score => score.Value.GetDouble()).ShouldBe(1, 0.001);
        read.GetProperty("difficulty").GetDouble().ShouldBeInRange(0, 1);
        var signals = read.GetProperty("signals");
        signals.GetProperty("language").GetString().ShouldBe("en");
        signals.GetProperty("asks_for_json").GetBoolean().ShouldBeTrue();
        signals.GetProperty("multi_turn").GetBoolean().ShouldBeFalse();
        signals.GetProperty("estimated_tokens").GetInt64().ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task Classify_AConversation_ReadsAllOfIt()
    {
        var read = await PostAsync(
            "classify",
            """{"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"},{"role":"user","content":"asdf qwer"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]}"""
        );

        read.GetProperty("signals").GetProperty("multi_turn").GetBoolean().ShouldBeTrue();
        read.GetProperty("signals").GetProperty("has_tools").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Classify_ByTheClient_IsTheSameAsInProcess()
    {
        const string prompt = "Übersetze diesen Satz ins Englische: Der Hund schläft.";
        using var client = new DragomanClient(_server.Server.Address);
        await using var gateway = Gateway.Create(static builder =>
            builder
                .UseConfiguration("{}")
                .UseEnvironment(static _ => null)
                .LookForLocalServers(false)
        );

        var there = await client.ClassifyAsync(prompt);
        var here = gateway.Classify(prompt);

        there.Task.ShouldBe("translation");
        (there with { Scores = here.Scores }).ShouldBe(here);
        there.Scores.ShouldBe(here.Scores);
    }

    [Fact]
    public async Task Route_Auto_TellsWhoWouldAnswerAndCallsNobody()
    {
        var route = await PostAsync("route", """{"prompt":"Hi there","max_cost_usd":0.005}""");

        route.GetProperty("name").GetString().ShouldBe("auto");
        route.GetProperty("strategy").GetString().ShouldBe("balanced");
        route.GetProperty("pinned").GetBoolean().ShouldBeFalse();
        var chain = route.GetProperty("chain").EnumerateArray().ToList();
        chain[0].GetProperty("model").GetString().ShouldBe("sim/swift");
        route.GetProperty("reason").GetString()!.ShouldContain("sim/swift");
        var candidates = route.GetProperty("candidates").EnumerateArray().ToList();
        candidates[0].GetProperty("rank").GetInt32().ShouldBe(1);
        candidates[0].GetProperty("cost_usd").GetDecimal().ShouldBeGreaterThan(0);
        candidates[0].GetProperty("score").ValueKind.ShouldBe(JsonValueKind.Number);
        route
            .GetProperty("excluded")
            .EnumerateArray()
            .ShouldContain(static left =>
                left.GetProperty("model").GetString() == "sim/sage"
                && left.GetProperty("reason").GetString()!.Contains("would cost about")
            );
        route.GetProperty("estimate").GetProperty("cost_usd").GetDecimal().ShouldBeGreaterThan(0);
        _simulator.Requests.Count.ShouldBe(0);
        (await GetAsync("/api/llm/requests")).GetProperty("requests").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Route_ThenQuery_DecidesTheSame()
    {
        const string body = """{"prompt":"Write a sorting function in Rust"}""";

        var route = await PostAsync("route", body);
        var answer = await PostAsync("query", body);

        answer
            .GetProperty("routing")
            .GetProperty("reason")
            .GetString()
            .ShouldBe(route.GetProperty("reason").GetString());
        (
            answer.GetProperty("provider").GetString()
            + "/"
            + answer.GetProperty("model").GetString()
        ).ShouldBe(route.GetProperty("chain")[0].GetProperty("model").GetString());
    }

    [Fact]
    public async Task Route_ANamedModel_IsPinnedWithThoseBehindIt()
    {
        using var client = new DragomanClient(_server.Server.Address);

        var route = await client.RouteAsync("Hi", new CompletionOptions { Model = "sage" });
        var alone = await client.RouteAsync("Hi", new CompletionOptions { ForceModel = "sage" });

        route.Pinned.ShouldBeTrue();
        route.Chain[0].Model.ShouldBe("sim/sage");
        route.Chain.Count.ShouldBeGreaterThan(1);
        route.Candidates[0].Model.ShouldBe("sim/sage");
        route.Candidates[0].Rank.ShouldBe(1);
        route.Candidates.ShouldContain(static candidate => candidate.Behind);
        alone.Chain.ShouldHaveSingleItem().Model.ShouldBe("sim/sage");
        alone.Candidates.ShouldHaveSingleItem().Rank.ShouldBe(1);
        alone.Task.ShouldNotBeNull();
        (
            await Should.ThrowAsync<GatewayException>(() =>
                client.RouteAsync("Hi", new CompletionOptions { Model = "nope" })
            )
        ).Code.ShouldBe("model_not_found");
    }

    [Fact]
    public async Task Compare_SeveralModels_GivesAnswersSideBySideWithRecordsOfTheirOwn()
    {
        _simulator.SetFault("coder", "503");

        var compared = await PostAsync(
            "compare",
            """{"prompt":"Why is the sky blue?","models":["swift","sage","unpriced","nope"],"max_tokens":50}"""
        );

        var answers = compared.GetProperty("answers").EnumerateArray().ToList();
        answers
            .Select(static answer => answer.GetProperty("name").GetString())
            .ShouldBe(["swift", "sage", "unpriced", "nope"]);
        answers[0].GetProperty("provider").GetString().ShouldBe("sim");
        answers[0].GetProperty("model").GetString().ShouldBe("swift");
        answers[0].GetProperty("content").GetString()!.ShouldContain("simulated");
        answers[0].GetProperty("usage").GetProperty("output").GetInt64().ShouldBeGreaterThan(0);
        answers[0].GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null);
        answers[2].GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        answers[2].GetProperty("error").GetProperty("status").GetInt32().ShouldBe(503);
        answers[3].GetProperty("error").GetProperty("code").GetString().ShouldBe("model_not_found");
        // Nobody answers in another's place.
        answers[2]
            .GetProperty("attempts")
            .EnumerateArray()
            .ShouldAllBe(static attempt => attempt.GetProperty("model").GetString() == "sim/coder");
        var totals = compared.GetProperty("totals");
        totals.GetProperty("answered").GetInt32().ShouldBe(2);
        totals.GetProperty("failed").GetInt32().ShouldBe(2);
        totals
            .GetProperty("cost_usd")
            .GetDecimal()
            .ShouldBe(
                answers[0].GetProperty("cost_usd").GetDecimal()
                    + answers[1].GetProperty("cost_usd").GetDecimal()
            );
        foreach (var answer in answers.Take(3))
        {
            var record = await GetAsync(
                "/api/llm/requests/" + answer.GetProperty("id").GetString()
            );
            record
                .GetProperty("route")
                .GetString()
                .ShouldBe(answer.GetProperty("name").GetString());
            record.GetProperty("task").GetString().ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Compare_MoreThanTheMoneyForAll_AsksNobody()
    {
        using var answer = await _server.PostAsync(
            "/api/llm/compare",
            """{"prompt":"Hi","models":["swift","sage"],"max_tokens":1000,"max_cost_usd":0.0252}"""
        );
        var problem = await answer.JsonAsync();

        ((int)answer.StatusCode).ShouldBe(402);
        problem.GetProperty("code").GetString().ShouldBe("budget_exceeded");
        problem.GetProperty("detail").GetString()!.ShouldContain("all 2 answers together");
        _simulator.Requests.Count.ShouldBe(0);

        var enough = await PostAsync(
            "compare",
            """{"prompt":"Hi","models":["swift","sage","unpriced"],"max_tokens":1000,"max_cost_usd":0.0258}"""
        );

        enough.GetProperty("totals").GetProperty("answered").GetInt32().ShouldBe(2);
        enough
            .GetProperty("answers")[2]
            .GetProperty("error")
            .GetProperty("message")
            .GetString()!
            .ShouldContain("the price of sim/coder is unknown");
    }

    [Fact]
    public async Task Compare_ByTheClient_IsTheSame()
    {
        using var client = new DragomanClient(_server.Server.Address);

        var compared = await client.CompareAsync(
            "Hi",
            ["swift", "sage"],
            new CompletionOptions { Model = "ignored", SystemPrompt = "Be brief." }
        );

        compared.Totals.Answered.ShouldBe(2);
        compared.Answers[1].Model.ShouldBe("sage");
        compared.Answers[1].Latency.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        (
            await Should.ThrowAsync<GatewayException>(() => client.CompareAsync("Hi", ["swift"]))
        ).Param.ShouldBe("models");
    }

    [Fact]
    public async Task Recommend_Words_AreAnsweredWithWhatWasUnderstood()
    {
        using var client = new DragomanClient(_server.Server.Address);

        var found = await client.RecommendAsync(
            "chat with tools under $1 per million",
            new RecommendationConstraints { Limit = 3 }
        );

        found.Understood.Task.ShouldBe("chat");
        found.Understood.Capabilities.ShouldBe(["tools"]);
        found.Models.ShouldHaveSingleItem().Id.ShouldBe("swift");
        found.Models[0].Reason.ShouldStartWith("the only one that fits");
        found.Excluded.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("classify", "{}", "prompt", "must be said")]
    [InlineData("classify", """{"input":"x"}""", "input", "embeddings")]
    [InlineData("route", """{"prompt":"x","modle":"y"}""", "modle", "did you mean 'model'")]
    [InlineData("recommend", "{}", "task_description", "must be a text")]
    [InlineData(
        "recommend",
        """{"task_description":"x","constraints":{"max_cots":1}}""",
        "constraints.max_cots",
        "max_cost"
    )]
    [InlineData(
        "recommend",
        """{"task_description":"x","constraints":{"min_context":-1}}""",
        "constraints.min_context",
        "whole number"
    )]
    [InlineData(
        "recommend",
        """{"task_description":"x","constraints":{"capabilities":["flying"]}}""",
        "constraints.capabilities",
        "flying"
    )]
    [InlineData(
        "recommend",
        """{"task_description":"x","constraints":{"provider":"nobody"}}""",
        "constraints.provider",
        "Known are"
    )]
    [InlineData(
        "recommend",
        """{"task_description":"x","constraints":7}""",
        "constraints",
        "object"
    )]
    [InlineData("compare", """{"prompt":"x"}""", "models", "2 to 10")]
    [InlineData("compare", """{"prompt":"x","models":["a"]}""", "models", "2 to 10")]
    [InlineData("compare", """{"prompt":"x","models":["a","a"]}""", "models", "twice")]
    [InlineData(
        "compare",
        """{"prompt":"x","models":["a","b"],"model":"c"}""",
        "model",
        "not known"
    )]
    [InlineData(
        "compare",
        """{"prompt":"x","models":["a","b"],"stream":true}""",
        "stream",
        "not known"
    )]
    [InlineData("compare", """{"prompt":"x","models":["\ud800","b"]}""", null, "JSON")]
    public async Task Post_WhatIsWrong_IsRefusedByName(
        string path,
        string body,
        string? param,
        string told
    )
    {
        using var answer = await _server.PostAsync("/api/llm/" + path, body);

        var problem = await answer.JsonAsync();
        ((int)answer.StatusCode).ShouldBe(400, problem.ToString());
        problem.GetProperty("detail").GetString()!.ShouldContain(told);
        if (param is not null)
            problem.GetProperty("param").GetString().ShouldBe(param);
    }

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using var answer = await _server.PostAsync("/api/llm/" + path, body);
        var json = await answer.JsonAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, json.ToString());
        return json;
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _server.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.JsonAsync();
    }
}
