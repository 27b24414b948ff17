using System.Net;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary>Who answers, and what is said of it, through the real server.</summary>
public sealed class QueryChoiceTests
{
    [Fact]
    public async Task Query_AutoByAStrategy_SaysWhatDecided()
    {
        await using var server = await DemoAsync();

        var reply = await AskAsync(
            server,
            """{"prompt":"What is a dragoman?","model":"auto:cost_optimized","max_tokens":12}"""
        );

        var routing = reply.GetProperty("routing");
        routing.GetProperty("strategy").GetString().ShouldBe("cost_optimized");
        routing
            .GetProperty("reason")
            .GetString()!
            .ShouldMatch(
                @"^auto, cost_optimized: demo/coder at \$0\.00000\d+ is the cheapest of 3$"
            );
        reply.GetProperty("model").GetString().ShouldBe("coder");
    }

    [Theory]
    [InlineData("\"strategy\":\"quality_optimized\"", "sage")]
    [InlineData("\"strategy\":\"quality_optimized\",\"task_type\":\"code\"", "coder")]
    [InlineData("\"strategy\":\"latency_optimized\"", "swift")]
    [InlineData("\"prefer_low_latency\":true", "swift")]
    [InlineData("\"strategy\":\"quality_optimized\",\"max_latency_ms\":5000", "coder")]
    [InlineData("\"budget_remaining\":0.01,\"strategy\":\"quality_optimized\"", "coder")]
    public async Task Query_AutoWithWishes_IsAnsweredByWhomTheyMean(string wishes, string model)
    {
        await using var server = await DemoAsync();

        var reply = await AskAsync(server, $$"""{"prompt":"Hello",{{wishes}}}""");

        reply.GetProperty("model").GetString().ShouldBe(model);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Query_AboveTheBudget_IsRefusedBeforeAnyCall(bool stream)
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator)
                + "\nmodels: [{ name: dear, provider: sim, model: sage, cost_per_1k_input: 1, cost_per_1k_output: 1 }]"
        );

        using var answer = await server.PostAsync(
            "/api/llm/query",
            $$"""{"prompt":"Hello","model":"dear","budget_remaining":0.25,"max_tokens":1000,"stream":{{(stream ? "true" : "false")}}}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        var problem = await answer.JsonAsync();
        problem.GetProperty("code").GetString().ShouldBe("budget_exceeded");
        problem.GetProperty("detail").GetString()!.ShouldContain("would cost about $1");
        problem.GetProperty("detail").GetString()!.ShouldContain("$0.25 may be spent");
        simulator.Requests.CountOf("sage").ShouldBe(0);
    }

    [Fact]
    public async Task Chat_AboveTheLimitInAHeader_IsRefusedInTheClientsDialect()
    {
        await using var server = await DemoAsync();

        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            """{"model":"demo/sage","messages":[{"role":"user","content":"Hi"}]}""",
            ("x-dragoman-max-cost-usd", "0.001")
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        (await answer.ErrorCodeAsync()).ShouldBe("budget_exceeded");
    }

    [Fact]
    public async Task Query_APinnedModelAboveTheBudget_IsAnsweredByACheaperOneThatIsConfigured()
    {
        await using var server = await DemoAsync();

        var reply = await AskAsync(
            server,
            """{"prompt":"Hello","model":"demo/sage","budget_remaining":0.01}"""
        );

        reply.GetProperty("model").GetString().ShouldBe("swift");
        reply
            .GetProperty("routing")
            .GetProperty("reason")
            .GetString()!
            .ShouldContain("passed over: demo/sage (it would cost about $0.05");
    }

    [Fact]
    public async Task Chat_APinnedModelAboveTheLimit_NeverGetsAnother()
    {
        await using var server = await DemoAsync();

        using var answer = await server.PostAsync(
            "/v1/messages",
            """{"model":"demo/sage","max_tokens":2000,"messages":[{"role":"user","content":"Hi"}],"dragoman":{"max_cost_usd":0.001}}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        (await answer.JsonAsync())
            .GetProperty("error")
            .GetProperty("message")
            .GetString()!
            .ShouldContain("Nobody was asked");
    }

    private static Task<ServerUnderTest> DemoAsync() =>
        ServerUnderTest.StartAsync(configure: static options => options with { Demo = true });

    private static async Task<JsonElement> AskAsync(ServerUnderTest server, string body)
    {
        using var answer = await server.PostAsync("/api/llm/query", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }
}
