using System.Net;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary><c>GET /api/llm/chains</c> through the real server.</summary>
public sealed class ChainsEndpointsTests
{
    private const string Chains = """
        models:
          - { name: cheap, provider: sim, model: swift, cost_per_1k_input: 0.0001, cost_per_1k_output: 0.0004, context_window: 32000, capabilities: [tools] }
          - { name: dear, provider: sim, model: sage, cost_per_1k_input: 0.005, cost_per_1k_output: 0.025, fallback_models: [cheap] }
          - { name: unpriced, provider: sim, model: coder }
        chains:
          mine: { models: [dear, anthropic/claude-sonnet-4-5, cheap] }
          away: { models: [anthropic/claude-sonnet-4-5] }
          off: { models: [cheap], active: false }
        routes: { steady: { strategy: cost_optimized, models: [unpriced, dear, cheap] } }
        """;

    [Fact]
    public async Task Get_APrimary_TellsTheChainThatAQueryIsSentAlong()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(simulator);

        var chain = await GetAsync(server, "?primary=dear");
        simulator.SetFault("sage", "503");
        using var answer = await server.PostAsync(
            "/api/llm/query",
            """{"prompt":"Hi","model":"dear"}"""
        );

        chain.GetProperty("primary").GetString().ShouldBe("dear");
        chain.GetProperty("pinned").GetBoolean().ShouldBeTrue();
        chain.GetProperty("reason").GetString().ShouldBe("dear names one deployment");
        Models(chain).ShouldBe(["sim/sage", "sim/swift"]);
        var cheap = chain.GetProperty("members")[1];
        cheap.GetProperty("name").GetString().ShouldBe("cheap");
        cheap.GetProperty("cost").GetProperty("input_per_1k").GetDecimal().ShouldBe(0.0001m);
        cheap.GetProperty("estimated_cost_usd").GetDecimal().ShouldBe(0.0003m);
        cheap.GetProperty("context_window").GetInt64().ShouldBe(32_000);
        cheap.GetProperty("latency_ms").ValueKind.ShouldBe(JsonValueKind.Null);
        cheap.GetProperty("quality").ValueKind.ShouldBe(JsonValueKind.Null);
        cheap.GetProperty("health").GetProperty("state").GetString().ShouldBe("ok");
        (await answer.JsonAsync())
            .GetProperty("attempts")
            .EnumerateArray()
            .Select(static attempt => attempt.GetProperty("model").GetString())
            .Distinct()
            .ShouldBe(["sim/sage", "sim/swift"]);
    }

    [Fact]
    public async Task Get_AMemberThatSaidItIsBusy_IsToldWithTheTimeItRests()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(simulator);
        simulator.SetFault("sage", "429-long");
        using var _ = await server.PostAsync(
            "/api/llm/query",
            """{"prompt":"Hi","model":"dear"}"""
        );

        var health = (await GetAsync(server, "?primary=dear"))
            .GetProperty("members")[0]
            .GetProperty("health");

        health.GetProperty("state").GetString().ShouldBe("cooling");
        health.GetProperty("reason").GetString()!.ShouldStartWith("cooling down");
        health.GetProperty("retry_after_ms").GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Get_ARoute_IsOrderedByItsStrategyOrTheOneAskedFor()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(simulator);

        var own = await GetAsync(server, "?primary=steady");
        var asked = await GetAsync(server, "?primary=steady&strategy=priority");
        var able = await GetAsync(server, "?primary=steady&capability=function_calling");

        own.GetProperty("strategy").GetString().ShouldBe("cost_optimized");
        Models(own).ShouldBe(["sim/swift", "sim/sage", "sim/coder"]);
        own.GetProperty("reason")
            .GetString()
            .ShouldBe("route steady, cost_optimized: sim/swift at $0.0003 is the cheapest of 3");
        Models(asked).ShouldBe(["sim/coder", "sim/sage", "sim/swift"]);
        Models(able).ShouldBe(["sim/swift"]);
        able.GetProperty("excluded")[0]
            .GetProperty("reason")
            .GetString()
            .ShouldBe("not known to have tools");
    }

    [Fact]
    public async Task Get_WithoutAPrimary_ListsTheChainsThatHaveNamesAndWhoIsMissing()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(simulator);

        var chains = (await GetAsync(server, "")).GetProperty("chains").EnumerateArray().ToList();

        chains
            .Select(static chain => chain.GetProperty("name").GetString())
            .ShouldBe([
                "away",
                "mine",
                "off",
                "high_quality",
                "cost_optimized",
                "fast_latency",
                "code_generation",
                "local_only",
            ]);
        var mine = chains[1];
        mine.GetProperty("source").GetString().ShouldBe("configured");
        Models(mine).ShouldBe(["sim/sage", "sim/swift"]);
        mine.GetProperty("excluded")[0]
            .GetProperty("reason")
            .GetString()!
            .ShouldContain("set ANTHROPIC_API_KEY");
        chains[0].GetProperty("unavailable_reason").GetString()!.ShouldContain("ANTHROPIC_API_KEY");
        chains[0].GetProperty("excluded").GetArrayLength().ShouldBe(1);
        chains[2].GetProperty("active").GetBoolean().ShouldBeFalse();
        chains[3].GetProperty("source").GetString().ShouldBe("predefined");
        // OpenAI's flagship, Anthropic's opus or sonnet, Mistral's large.
        chains[3].GetProperty("excluded").GetArrayLength().ShouldBe(4);
    }

    [Theory]
    [InlineData("?primary=nope", 404, "primary", "does not exist here")]
    [InlineData("?strategy=fastest", 400, "strategy", "latency_optimized")]
    [InlineData("?capability=flying", 400, "capability", "tools")]
    [InlineData("?primry=x", 400, "primry", "Did you mean 'primary'?")]
    [InlineData("?primary=chain:away", 503, null, "ANTHROPIC_API_KEY")]
    public async Task Get_WhatCannotBeAnswered_IsAProblemThatNamesTheField(
        string query,
        int status,
        string? param,
        string message
    )
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(simulator);

        using var answer = await server.GetAsync("/api/llm/chains" + query);

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldContain(message);
        if (param is not null)
            text.ShouldContain($"\"{param}\"");
    }

    private static Task<ServerUnderTest> StartAsync(SimulatorHost simulator) =>
        ServerUnderTest.StartAsync(
            config: $"""
            providers: {"{"} sim: {"{"} dialect: openai, base_url: "{simulator.BaseUrl}", api_keys: [sk-upstream], only_listed: true {"}"} {"}"}
            {Chains}
            """
        );

    private static async Task<JsonElement> GetAsync(ServerUnderTest server, string query)
    {
        using var answer = await server.GetAsync("/api/llm/chains" + query);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    private static IEnumerable<string?> Models(JsonElement chain) =>
        chain
            .GetProperty("members")
            .EnumerateArray()
            .Select(static member => member.GetProperty("model").GetString());
}
