using System.Globalization;
using System.Net;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Inference;

/// <summary>Equals are balanced, conversations stay, regions hold: through the real server.</summary>
public sealed class BalancingTests
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("word and word ", 900));

    [Fact]
    public async Task Post_ARouteThatIsWeighted_IsSharedByWeightAndSaysSo()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(simulator, "strategy: weighted");

        var models = await AskAsync(server, 8);

        models.Count(static model => model == "one/swift").ShouldBe(6);
        models.Count(static model => model == "two/swift").ShouldBe(2);
        (await ReasonAsync(server)).ShouldBe(
            "route r, weighted: the turn of one/swift, whose weight is 3 of 4"
        );
    }

    [Fact]
    public async Task Post_ARouteInTurn_PassesOverWhoCools()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(simulator, "strategy: round_robin");
        simulator.SetKeyFault("k-two", "429-long");

        var models = await AskAsync(server, 6);

        models.ShouldAllBe(static model => model == "one/swift");
        // One of six found it busy; the others did not ask it.
        simulator.Requests.Last.Count(static request => request.ApiKey == "k-two").ShouldBe(1);
    }

    [Fact]
    public async Task Post_ByHeadroom_LeavesAloneWhoIsNearlyEmpty()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(
            simulator,
            "strategy: rate_limit_headroom",
            second: "sage"
        );
        simulator.SetHeaders("swift", Left(3));
        simulator.SetHeaders("sage", Left(80));

        // Two turns tell what is left of each.
        await AskAsync(server, 2);
        var models = await AskAsync(server, 4);

        models.ShouldAllBe(static model => model == "two/sage");
        (await ReasonAsync(server)).ShouldEndWith(
            "two/sage has 80 % of its rate limit left, the most of 2"
        );
    }

    [Fact]
    public async Task Post_LeastBusy_GoesPastAStreamThatIsUnderWay()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(simulator, "strategy: least_busy");
        simulator.SetKeyFault("k-one", "silent");
        var hanging = server.PostAsync("/v1/chat/completions", Body("r"));
        await Eventually(() => simulator.Requests.Last.Count > 0);

        var models = await AskAsync(server, 3);

        models.ShouldAllBe(static model => model == "two/swift");
        hanging.IsCompleted.ShouldBeFalse();
        server.Client.CancelPendingRequests();
        await Should.ThrowAsync<OperationCanceledException>(hanging);
    }

    [Fact]
    public async Task Post_AWishedBalancer_OrdersARouteAndIsRefusedForAuto()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(simulator, "strategy: priority");

        var models = await AskAsync(server, 4, ("x-dragoman-strategy", "round_robin"));
        using var auto = await server.PostAsync("/v1/chat/completions", Body("auto:least_busy"));
        using var wished = await server.PostAsync(
            "/v1/chat/completions",
            Body("auto"),
            ("x-dragoman-strategy", "latency")
        );

        models.ShouldBe(["one/swift", "two/swift", "one/swift", "two/swift"]);
        auto.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await auto.ErrorCodeAsync()).ShouldBe("invalid_strategy");
        wished.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await wished.ErrorCodeAsync()).ShouldBe("invalid_wish");
    }

    [Fact]
    public async Task Post_AConversation_StaysWithTheKeyWhoseCacheHoldsIt()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await ServerUnderTest.StartAsync(
            config: $$"""
            providers: { openai: { base_url: "{{simulator.BaseUrl}}", api_keys: [k-one, k-two, k-three] } }
            """
        );

        for (var turn = 0; turn < 4; turn++)
            (await AnsweredAsync(server, Turn("openai/swift", turn))).ShouldBe("openai/swift");
        var keys = simulator.Requests.Last.Select(static request => request.ApiKey).ToArray();
        var reason = await ReasonAsync(server);
        simulator.SetKeyFault(keys[0].ShouldNotBeNull(), "401");
        await AnsweredAsync(server, Turn("openai/swift", 4));
        await AnsweredAsync(server, Turn("openai/swift", 5));
        var moved = simulator.Requests.Last.Select(static request => request.ApiKey).ToArray();

        keys.Distinct().Count().ShouldBe(1);
        reason.ShouldContain("; stays with openai/swift, key ");
        reason.ShouldContain(": its cache holds about ");
        // The refused key is left, and the one that took over holds it from then on.
        moved[4].ShouldBe(keys[0]);
        moved[5].ShouldNotBe(keys[0]);
        moved[6].ShouldBe(moved[5]);
    }

    [Fact]
    public async Task Post_AConversationOfARoute_StaysWithItsDeploymentUnlessThatRests()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(simulator, "strategy: round_robin", prices: true);

        var first = await AnsweredAsync(server, Turn("r", 0));
        var others = await AskAsync(server, 3);
        for (var turn = 1; turn < 4; turn++)
            (await AnsweredAsync(server, Turn("r", turn))).ShouldBe(first);
        var reason = await ReasonAsync(server);
        simulator.SetKeyFault(first == "one/swift" ? "k-one" : "k-two", "429-long");
        var next = await AnsweredAsync(server, Turn("r", 4));

        others.Distinct().Count().ShouldBe(2);
        reason.ShouldContain("; stays with " + first + ": its cache holds about ");
        next.ShouldNotBe(first);
        (await AnsweredAsync(server, Turn("r", 5))).ShouldBe(next);
    }

    [Fact]
    public async Task Post_ARegion_HoldsThroughFallbacks()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await StartAsync(simulator, "strategy: priority");
        simulator.SetKeyFault("k-one", "500");

        using var inside = await server.PostAsync(
            "/v1/chat/completions",
            Body("r"),
            ("x-dragoman-region", "eu")
        );
        using var anywhere = await server.PostAsync("/v1/chat/completions", Body("r"));
        using var nowhere = await server.PostAsync(
            "/v1/chat/completions",
            """{"model":"r","messages":[{"role":"user","content":"Hi"}],"dragoman":{"region":["mars"]}}"""
        );

        ((int)inside.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        anywhere.Headers.GetValues("x-dragoman-model").ShouldBe(["two/swift"]);
        nowhere.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await nowhere.JsonAsync())
            .GetProperty("error")
            .GetProperty("message")
            .GetString()!
            .ShouldContain("it is in the region eu, and only mars may serve this");
    }

    private static Task<ServerUnderTest> StartAsync(
        SimulatorHost simulator,
        string strategy,
        string second = "swift",
        bool prices = false
    )
    {
        var cost = prices ? ", cost_per_1k_input: 0.001, cost_per_1k_output: 0.002" : "";
        return ServerUnderTest.StartAsync(
            config: $$"""
            providers:
              one: { type: openai, base_url: "{{simulator.BaseUrl}}", api_keys: [k-one], region: eu }
              two: { type: openai, base_url: "{{simulator.BaseUrl}}", api_keys: [k-two], region: us }
            models:
              - { name: first, provider: one, model: swift, weight: 3, priority: 1{{cost}} }
              - { name: second, provider: two, model: {{second}}, priority: 2{{cost}} }
            routes: { r: { {{strategy}}, models: [first, second] } }
            """
        );
    }

    private static async Task<List<string>> AskAsync(
        ServerUnderTest server,
        int times,
        params (string, string)[] headers
    )
    {
        var models = new List<string>();
        for (var i = 0; i < times; i++)
            models.Add(await AnsweredAsync(server, Body("r"), headers));
        return models;
    }

    private static async Task<string> AnsweredAsync(
        ServerUnderTest server,
        string body,
        params (string, string)[] headers
    )
    {
        using var answer = await server.PostAsync("/v1/chat/completions", body, headers);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return answer.Headers.GetValues("x-dragoman-model").Single();
    }

    /// <summary>Why the last one was sent where it was.</summary>
    private static async Task<string> ReasonAsync(ServerUnderTest server)
    {
        using var answer = await server.GetAsync("/api/llm/requests?limit=1");
        return (await answer.JsonAsync())
            .GetProperty("requests")[0]
            .GetProperty("reason")
            .GetString()!;
    }

    private static async Task Eventually(Func<bool> isSo)
    {
        for (var i = 0; i < 500 && !isSo(); i++)
            await Task.Delay(10);
        isSo().ShouldBeTrue();
    }

    private static (string, string)[] Left(int remaining) =>
        [
            ("x-ratelimit-limit-requests", "100"),
            ("x-ratelimit-remaining-requests", remaining.ToString(CultureInfo.InvariantCulture)),
            ("x-ratelimit-reset-requests", "6m0s"),
        ];

    private static string Body(string model) =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]}""";

    /// <summary>A conversation with a long beginning, in its n-th turn.</summary>
    private static string Turn(string model, int turn)
    {
        var later = string.Concat(
            Enumerable
                .Range(0, turn)
                .Select(static i =>
                    $$""","""
                    + $$"""{"role":"assistant","content":"Answer {{i}}"},{"role":"user","content":"Question {{i}}"}"""
                )
        );
        return $$"""{"model":"{{model}}","messages":[{"role":"system","content":"{{Long}}"},{"role":"user","content":"Hello"}{{later}}]}""";
    }
}
