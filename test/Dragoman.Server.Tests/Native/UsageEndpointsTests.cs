using System.Net;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

public sealed class UsageEndpointsTests
{
    private const string Chat = "/v1/chat/completions";

    [Fact]
    public async Task Usage_AfterCalls_SumsThemByWhatClientsSaid()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var server = await StartAsync(simulator);
        await AskAsync(
            server,
            "sim/swift",
            ("x-dragoman-workspace-id", "legal"),
            ("x-dragoman-task-type", "coding")
        );
        await AskAsync(
            server,
            "sim/swift",
            ("x-dragoman-workspace-id", "legal"),
            ("x-dragoman-execution-id", "run-7")
        );
        await AskAsync(server, "sim/sage");
        await AskAsync(server, "sim/fault-500");

        var all = await UsageAsync(server, "");
        all.GetProperty("time_zone").GetString().ShouldBe("UTC");
        all.GetProperty("call_count").GetInt64().ShouldBe(4);
        all.GetProperty("successes").GetInt64().ShouldBe(3);
        all.GetProperty("failures").GetInt64().ShouldBe(1);
        all.GetProperty("by").ValueKind.ShouldBe(JsonValueKind.Null);
        all.GetProperty("total_tokens").GetInt64().ShouldBePositive();
        all.GetProperty("tokens").GetProperty("input").GetInt64().ShouldBePositive();
        all.GetProperty("average_latency_ms").GetDouble().ShouldBePositive();
        // A simulator of nobody's has no prices: unknown, not free.
        all.GetProperty("total_cost").ValueKind.ShouldBe(JsonValueKind.Null);
        all.GetProperty("unpriced_calls").GetInt64().ShouldBe(3);

        (await RowsAsync(server, "by=workspace", "workspace")).ShouldBe(
            [("legal", 2), (null, 2)],
            ignoreOrder: true
        );
        (await RowsAsync(server, "by=model&period=today", "model")).ShouldBe(
            [("sim/swift", 2), ("sim/sage", 1), (null, 1)],
            ignoreOrder: true
        );
        (await RowsAsync(server, "by=provider&workspace_id=legal", "provider")).ShouldBe([
            ("sim", 2),
        ]);
        (await RowsAsync(server, "by=task&task=code", "task")).ShouldBe([("code", 1)]);
        (await RowsAsync(server, "by=execution", "execution")).ShouldBe([("run-7", 1)]);
        (await RowsAsync(server, "by=model&model=swift&limit=1", "model")).ShouldBe([
            ("sim/swift", 2),
        ]);
        (await UsageAsync(server, "?by=model&limit=1"))
            .GetProperty("truncated")
            .GetBoolean()
            .ShouldBeTrue();
        foreach (var time in new[] { "hour", "day", "month" })
            (await RowsAsync(server, "by=" + time, time)).Sum(row => row.Calls).ShouldBe(4);
        (await UsageAsync(server, "?from=2020-01-01&to=2020-02-01T00:00:00%2B01:00"))
            .GetProperty("total_cost")
            .GetDecimal()
            .ShouldBe(0);
    }

    [Theory]
    [InlineData("by=colour", "by", "model")]
    [InlineData("period=year", "period", "today")]
    [InlineData("days=0", "days", "1")]
    [InlineData("days=ten", "days", "3660")]
    [InlineData("from=yesterday", "from", "2026-11-20")]
    [InlineData("to=2026-01-01", "to", "from")]
    [InlineData("from=2026-01-02&to=2026-01-01", "to", "later")]
    [InlineData("period=week&days=3", "days", "period")]
    [InlineData("days=3&from=2026-01-01", "from", "days")]
    [InlineData("task=knitting", "task", "summarization")]
    [InlineData("limit=0", "limit", "1")]
    [InlineData("colour=red", "colour", "workspace_id")]
    [InlineData("by=model&by=day", "by", "once")]
    [InlineData("workspace_id=", "workspace_id", "no value")]
    public async Task Usage_BadParameter_IsAProblemThatNamesIt(
        string query,
        string parameter,
        string allowed
    )
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.GetAsync("/api/llm/usage?" + query);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.JsonAsync();
        problem.GetProperty("code").GetString().ShouldBe("invalid_parameter");
        problem.GetProperty("detail").GetString()!.ShouldContain($"'{parameter}'");
        problem.GetProperty("detail").GetString()!.ShouldContain(allowed);
    }

    [Fact]
    public async Task Stats_AfterARescue_TellWhatTheChainDid()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var server = await StartAsync(
            simulator,
            "\nchains: { mine: { models: [sim/fault-500, sim/swift] } }"
        );
        await AskAsync(server, "chain:mine");
        await AskAsync(server, "sim/sage");

        var stats = await (await server.GetAsync("/api/llm/stats?by=chain")).JsonAsync();

        stats.GetProperty("since_start").GetProperty("calls").GetInt64().ShouldBe(2);
        stats.GetProperty("last_hour").GetProperty("successes").GetInt64().ShouldBe(2);
        var chain = stats.GetProperty("by").EnumerateArray().ShouldHaveSingleItem();
        chain.GetProperty("chain").GetString().ShouldBe("mine");
        chain.GetProperty("since_start").GetProperty("rescues").GetInt64().ShouldBe(1);
        chain
            .GetProperty("since_start")
            .GetProperty("added_latency_ms")
            .GetDouble()
            .ShouldBePositive();
        chain
            .GetProperty("since_start")
            .GetProperty("p95_latency_ms")
            .GetDouble()
            .ShouldBePositive();
        var models = await (await server.GetAsync("/api/llm/stats?by=model")).JsonAsync();
        models
            .GetProperty("by")
            .EnumerateArray()
            .Select(row => row.GetProperty("model").GetString())
            .ShouldBe(["sim/fault-500", "sim/swift", "sim/sage"], ignoreOrder: true);
        (await server.GetAsync("/api/llm/stats?by=day")).StatusCode.ShouldBe(
            HttpStatusCode.BadRequest
        );
    }

    [Fact]
    public async Task Requests_Filtered_ListsWhatMatches()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var server = await StartAsync(simulator);
        await AskAsync(
            server,
            "sim/swift",
            ("x-dragoman-workspace-id", "legal"),
            ("x-dragoman-tags", "nightly")
        );
        await AskAsync(server, "sim/sage");
        await AskAsync(server, "sim/fault-500");

        foreach (
            var (query, count) in new[]
            {
                ("model=sim/swift", 1),
                ("model=sage", 1),
                ("provider=sim", 2),
                ("outcome=failed", 1),
                ("workspace_id=legal", 1),
                ("since=2020-01-01", 3),
                ("since=2020-01-01&limit=2", 2),
                ("provider=nobody", 0),
            }
        )
        {
            var page = await (await server.GetAsync("/api/llm/requests?" + query)).JsonAsync();
            page.GetProperty("requests").GetArrayLength().ShouldBe(count, query);
        }
        var legal = await (
            await server.GetAsync("/api/llm/requests?workspace_id=legal")
        ).JsonAsync();
        var record = legal.GetProperty("requests")[0];
        record.GetProperty("workspace_id").GetString().ShouldBe("legal");
        record.GetProperty("tags")[0].GetString().ShouldBe("nightly");
        record.GetProperty("execution_id").ValueKind.ShouldBe(JsonValueKind.Null);
        foreach (var wrong in new[] { "outcome=bad", "since=never", "colour=red", "before=x" })
            (await server.GetAsync("/api/llm/requests?" + wrong)).StatusCode.ShouldBe(
                HttpStatusCode.BadRequest,
                wrong
            );
    }

    private static Task<ServerUnderTest> StartAsync(SimulatorHost simulator, string more = "") =>
        ServerUnderTest.StartAsync(config: ServerUnderTest.ConfigOf(simulator) + more);

    private static async Task AskAsync(
        ServerUnderTest server,
        string model,
        params (string Name, string Value)[] headers
    )
    {
        using var answer = await server.PostAsync(
            Chat,
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}""",
            headers
        );
        // Asking for the record waits for the ledger.
        var id = answer.Headers.GetValues("x-dragoman-request-id").Single();
        (await server.GetAsync("/api/llm/requests/" + id)).Dispose();
    }

    private static async Task<JsonElement> UsageAsync(ServerUnderTest server, string query)
    {
        using var answer = await server.GetAsync("/api/llm/usage" + query);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.JsonAsync();
    }

    private static async Task<List<(string? Name, long Calls)>> RowsAsync(
        ServerUnderTest server,
        string query,
        string name
    ) =>
        [
            .. (await UsageAsync(server, "?" + query))
                .GetProperty("by")
                .EnumerateArray()
                .Select(row =>
                    (row.GetProperty(name).GetString(), row.GetProperty("call_count").GetInt64())
                ),
        ];
}
