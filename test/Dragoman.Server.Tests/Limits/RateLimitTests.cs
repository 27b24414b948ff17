using System.Globalization;
using System.Net;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Server.Tests.Inference;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Limits;

/// <summary>Limits through the real server, in every dialect and in every way an exchange can end.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";

    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() =>
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions());

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Theory]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    [InlineData("ollama")]
    public async Task Post_PastTheLimit_IsToldInTheClientsDialect(string dialect)
    {
        await using var server = await StartAsync(
            "all: { requests_per_minute: 2, tokens_per_minute: 9000 }"
        );
        var client = new DialectClient(server, dialect);

        for (var i = 0; i < 2; i++)
        {
            using var answer = await client.SendAsync(Request());
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            Header(answer, dialect, "requests", "limit").ShouldBe("2");
            Header(answer, dialect, "requests", "remaining")
                .ShouldBe((1 - i).ToString(CultureInfo.InvariantCulture));
            Header(answer, dialect, "tokens", "limit").ShouldBe("9000");
        }
        using var refused = await client.SendAsync(Request());

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        var body = await refused.Content.ReadAsStringAsync();
        body.ShouldContain("The limit 'all' is reached: 2 of 2 requests per minute are used.");
        body.ShouldContain("There is room in ");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(30, 60);
        Header(refused, dialect, "requests", "remaining").ShouldBe("0");
        var reset = Header(refused, dialect, "requests", "reset")!;
        if (dialect == "anthropic")
            (
                DateTimeOffset.Parse(reset, CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow
            ).TotalSeconds.ShouldBeInRange(20, 61);
        else
            reset.ShouldMatch("^([0-9]{2}s|1m0s)$");
        using var json = JsonDocument.Parse(body);
        if (dialect is "openai" or "openai-responses")
            json.RootElement.GetProperty("error")
                .GetProperty("code")
                .GetString()
                .ShouldBe("rate_limit_exceeded");
        if (dialect == "anthropic")
            json.RootElement.GetProperty("error")
                .GetProperty("type")
                .GetString()
                .ShouldBe("rate_limit_error");
        if (dialect == "gemini")
            json.RootElement.GetProperty("error")
                .GetProperty("status")
                .GetString()
                .ShouldBe("RESOURCE_EXHAUSTED");
        _simulator.Requests.Last.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Post_EachKeyByItself_IsLimitedByItself()
    {
        await using var server = await StartAsync(
            "each: { key: \"*\", requests_per_minute: 1 }",
            key: "sk-admin-key"
        );
        var (one, other) = (await MakeKeyAsync(server, "one"), await MakeKeyAsync(server, "two"));

        (await AskAsync(server, one)).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, one)).ShouldBe(HttpStatusCode.TooManyRequests);
        (await AskAsync(server, other)).ShouldBe(HttpStatusCode.OK);

        using var states = await server.GetAsync(
            "/api/admin/limits/each/state",
            ("Authorization", "Bearer sk-admin-key")
        );
        var data = (await states.JsonAsync()).GetProperty("data");
        data.GetArrayLength().ShouldBe(2);
        data[0].GetProperty("scope").GetString()!.ShouldStartWith("key=");
        data[0].GetProperty("rates")[0].GetProperty("used").GetInt64().ShouldBe(1);
        using var own = await server.GetAsync(
            "/api/admin/limits/each/state",
            ("Authorization", "Bearer " + one)
        );
        own.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var unknown = await server.GetAsync(
            "/api/admin/limits/none/state",
            ("Authorization", "Bearer sk-admin-key")
        );
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Post_Tokens_AreSetAsideAndSettledByTheTruth()
    {
        await using var server = await StartAsync("all: { tokens_per_minute: 100000 }");

        using var answer = await server.PostAsync(Chat, Body("sim/swift"));

        var told = (await answer.JsonAsync())
            .GetProperty("usage")
            .GetProperty("total_tokens")
            .GetInt64();
        var state = (await StateAsync(server, "all"))[0].GetProperty("rates")[0];
        state.GetProperty("used").GetInt64().ShouldBe(told);
        state.GetProperty("left").GetInt64().ShouldBe(100_000 - told);
        // Told ahead of the answer, the estimate is more.
        var remaining = answer.Headers.GetValues("x-ratelimit-remaining-tokens").Single();
        long.Parse(remaining, CultureInfo.InvariantCulture).ShouldBeLessThan(100_000 - told);
    }

    [Theory]
    [InlineData("swift", 200)]
    [InlineData("fault-500", 500)]
    [InlineData("fault-400", 400)]
    [InlineData("fault-not-json", 502)]
    public async Task Post_HoweverItEnds_NoLongerRuns(string model, int status)
    {
        await using var server = await StartAsync("all: { concurrent: 1, requests_per_day: 1000 }");

        for (var i = 0; i < 3; i++)
        {
            using var answer = await server.PostAsync(Chat, Body("sim/" + model));
            ((int)answer.StatusCode).ShouldBe(status);
        }

        (await StateAsync(server, "all"))[0].GetProperty("running").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("fault-cut")]
    [InlineData("fault-error-mid-stream")]
    [InlineData("swift")]
    public async Task Post_AStreamThatEndsOrBreaks_NoLongerRuns(string model)
    {
        await using var server = await StartAsync("all: { concurrent: 1, requests_per_day: 1000 }");

        for (var i = 0; i < 3; i++)
        {
            using var answer = await server.StreamAsync(Chat, Body("sim/" + model, stream: true));
            ((int)answer.StatusCode).ShouldNotBe(429);
            try
            {
                await answer.Content.ReadAsStringAsync();
            }
            catch (HttpRequestException)
            {
                // A stream that breaks is cut off for the client too.
            }
            await NothingRunsAsync(server, "all");
        }
    }

    [Fact]
    public async Task Post_TheClientLeaves_NoLongerRunsAndKeepsItsEstimate()
    {
        await using var server = await StartAsync(
            "all: { concurrent: 1, tokens_per_minute: 9000 }"
        );
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat)
        {
            Content = new StringContent(
                Body("sim/fault-silent"),
                System.Text.Encoding.UTF8,
                ServerUnderTest.Json
            ),
        };
        var asking = server.Client.SendAsync(request, leaving.Token);
        await UntilAsync(async () =>
            await StateAsync(server, "all") is [var state, ..]
            && state.GetProperty("running").GetInt32() == 1
        );
        using (var refused = await server.PostAsync(Chat, Body("sim/swift")))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            (await refused.Content.ReadAsStringAsync()).ShouldContain(
                "The limit 'all' is reached: 1 of 1 concurrent requests are running."
            );
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asking);

        await NothingRunsAsync(server, "all");
        // The provider may have gone on answering.
        (await StateAsync(server, "all"))[0]
            .GetProperty("rates")[0]
            .GetProperty("used")
            .GetInt64()
            .ShouldBeGreaterThan(0);
        (await AskAsync(server)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_NobodyCouldBeAsked_IsNotCounted()
    {
        await using var server = await StartAsync("all: { requests_per_minute: 1 }");

        using (var unknown = await server.PostAsync(Chat, Body("no-such-model")))
            unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await AskAsync(server)).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server)).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Post_PromptLargerThanTheLimitAllows_IsToldThatItIsOfNoUse()
    {
        await using var server = await StartAsync("all: { tokens_per_minute: 10 }");

        using var answer = await server.PostAsync(Chat, Body("sim/swift", new string('x', 4000)));

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await answer.ErrorCodeAsync()).ShouldBe("request_exceeds_limit");
        answer.Headers.RetryAfter.ShouldBeNull();
    }

    [Fact]
    public async Task Post_ADeploymentAtItsLimit_IsPassedOverForTheNext()
    {
        await using var server = await StartAsync(
            "one: { model: sim/swift, requests_per_minute: 1 }\n  two: { deployment: sim/sage, requests_per_hour: 1 }"
        );

        (await ModelAsync(server, "r")).ShouldBe("sim/swift");
        (await ModelAsync(server, "r")).ShouldBe("sim/sage");
        using var refused = await server.PostAsync(Chat, Body("r"));

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        // Of the two the one that frees first.
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(30, 60);
        (await refused.Content.ReadAsStringAsync()).ShouldContain(
            "The limit 'one' (model=sim/swift) is reached: 1 of 1 requests per minute are used."
        );
        using var records = await server.GetAsync("/api/llm/requests?limit=2");
        var second = (await records.JsonAsync()).GetProperty("requests")[1];
        using var whole = await server.GetAsync(
            "/api/llm/requests/" + second.GetProperty("id").GetString()
        );
        (await whole.Content.ReadAsStringAsync()).ShouldContain(
            "(model=sim/swift) is reached: 1 of 1 requests per minute are used."
        );
    }

    [Fact]
    public async Task Post_ConcurrencyOfAProvider_IsReleasedByEveryAttempt()
    {
        await using var server = await StartAsync(
            "one: { provider: sim, concurrent: 1, tokens_per_day: 1000000 }"
        );
        foreach (var model in new[] { "swift", "fault-500", "fault-reset", "swift" })
        {
            using var answer = await server.PostAsync(Chat, Body("sim/" + model));
            answer.StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests);
        }

        await NothingRunsAsync(server, "one");
    }

    [Fact]
    public async Task Post_ManyClientsAtOnce_LetsThroughJustAsManyAsAreAllowed()
    {
        await using var server = await StartAsync(
            "all: { requests_per_hour: 50 }\n  one: { model: sim/swift, requests_per_hour: 40 }"
        );

        var models = await Task.WhenAll(
            Enumerable
                .Range(0, 128)
                .Select(async _ =>
                {
                    using var answer = await server.PostAsync(Chat, Body("r"));
                    return answer.StatusCode == HttpStatusCode.OK
                        ? answer.Headers.GetValues("x-dragoman-model").Single()
                        : ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
                })
        );

        models.Count(static model => model == "sim/swift").ShouldBe(40);
        models.Count(static model => model == "sim/sage").ShouldBe(10);
        models.Count(static model => model == "429").ShouldBe(78);
        _simulator.Requests.Last.Count.ShouldBe(50);
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"sim/embed","input":"word and word"}""", true)]
    [InlineData(
        "/v1/messages/count_tokens",
        """{"model":"sim/swift","messages":[{"role":"user","content":"Hi"}]}""",
        false
    )]
    [InlineData("/api/llm/query", """{"model":"sim/swift","prompt":"Hi"}""", true)]
    public async Task Post_WhateverIsAsked_Counts(string path, string body, bool hasTokens)
    {
        await using var server = await StartAsync(
            "all: { requests_per_day: 9, tokens_per_day: 9000 }"
        );

        using (var answer = await server.PostAsync(path, body))
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        await NothingRunsAsync(server, "all");
        using var client = new Administration.AdminClient(server.Client.BaseAddress!);
        var state = (await client.GetLimitStateAsync("all")).Data.Single();
        state.Rates[0].Used.ShouldBe(1);
        (state.Rates[1].Used > 0).ShouldBe(hasTokens);
    }

    [Fact]
    public async Task Post_TheProvidersOwnLimits_AreToldToTheOperatorAndToNobodyElse()
    {
        _simulator.SetHeaders("swift", ("x-ratelimit-remaining-requests", "41"));
        await using var server = await StartAsync(limits: null, key: "sk-admin-key");
        var key = await MakeKeyAsync(server, "one");

        (await RemainingAsync("sk-admin-key")).ShouldBe("41");
        (await RemainingAsync(key)).ShouldBeNull();

        async Task<string?> RemainingAsync(string with)
        {
            using var answer = await server.PostAsync(
                Chat,
                Body("sim/swift"),
                ("Authorization", "Bearer " + with)
            );
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return answer.Headers.TryGetValues("x-ratelimit-remaining-requests", out var values)
                ? values.Single()
                : null;
        }
    }

    [Theory]
    [InlineData("requests", "100", "0", true)]
    [InlineData("requests", "100", "5", false)]
    [InlineData("tokens", "40000", "20", true)]
    [InlineData("tokens", "40000", "9000", false)]
    public async Task Post_ADeploymentNearItsProvidersLimit_IsAskedLast(
        string kind,
        string limit,
        string remaining,
        bool isPassedOver
    )
    {
        _simulator.SetHeaders(
            "swift",
            ($"x-ratelimit-limit-{kind}", limit),
            ($"x-ratelimit-remaining-{kind}", remaining),
            ($"x-ratelimit-reset-{kind}", "24h0m0s")
        );
        await using var server = await StartAsync(limits: null);

        (await ModelAsync(server, "r")).ShouldBe("sim/swift");
        (await ModelAsync(server, "r")).ShouldBe(isPassedOver ? "sim/sage" : "sim/swift");
        if (!isPassedOver)
            return;
        using var records = await server.GetAsync("/api/llm/requests?limit=1");
        var id = (await records.JsonAsync()).GetProperty("requests")[0].GetProperty("id");
        using var whole = await server.GetAsync("/api/llm/requests/" + id.GetString());
        (await whole.Content.ReadAsStringAsync()).ShouldContain(
            $"its provider has {remaining} of {limit} {kind} left"
        );
        // Named alone there is nobody else: it is tried.
        (await ModelAsync(server, "sim/swift")).ShouldBe("sim/swift");
    }

    [Fact]
    public async Task Post_ManyAtOnceNearAProvidersLimit_CountsThoseThatAreUnderWay()
    {
        _simulator.SetHeaders(
            "swift",
            ("x-ratelimit-limit-requests", "100"),
            ("x-ratelimit-remaining-requests", "3"),
            ("x-ratelimit-reset-requests", "24h0m0s")
        );
        await using var server = await StartAsync(limits: null);
        await ModelAsync(server, "r");
        _simulator.SetFault("swift", "silent");

        var hanging = Enumerable
            .Range(0, 3)
            .Select(_ => server.PostAsync(Chat, Body("r")))
            .ToList();
        await UntilAsync(() => Task.FromResult(_simulator.Requests.Last.Count == 4));

        (await ModelAsync(server, "r")).ShouldBe("sim/sage");
        server.Client.CancelPendingRequests();
        foreach (var one in hanging)
            await Should.ThrowAsync<OperationCanceledException>(one);
    }

    [Fact]
    public async Task Reload_ALimitThatStays_KeepsWhatIsCounted()
    {
        await using var server = await StartAsync("all: { requests_per_minute: 1 }");
        (await AskAsync(server)).ShouldBe(HttpStatusCode.OK);

        await File.WriteAllTextAsync(
            Path.Combine(server.Folder, "dragoman.yaml"),
            Config("all: { requests_per_minute: 2 }\n  more: { concurrent: 5 }")
        );
        await UntilAsync(async () =>
        {
            using var state = await server.GetAsync("/api/admin/limits/more/state");
            return state.StatusCode == HttpStatusCode.OK;
        });

        (await AskAsync(server)).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server)).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    private Task<ServerUnderTest> StartAsync(string? limits, string? key = null) =>
        ServerUnderTest.StartAsync(key, Config(limits));

    private string Config(string? limits) =>
        ServerUnderTest.ConfigOf(_simulator)
        + "\nroutes: { r: { models: [sim/swift, sim/sage], strategy: priority } }\n"
        + (limits is null ? "" : $"limits:\n  {limits}\n");

    private static async Task<HttpStatusCode> AskAsync(ServerUnderTest server, string? key = null)
    {
        using var answer = await server.PostAsync(
            Chat,
            Body("sim/swift"),
            key is null ? [] : [("Authorization", "Bearer " + key)]
        );
        return answer.StatusCode;
    }

    private static async Task<string> ModelAsync(ServerUnderTest server, string model)
    {
        using var answer = await server.PostAsync(Chat, Body(model));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return answer.Headers.GetValues("x-dragoman-model").Single();
    }

    private static async Task<string> MakeKeyAsync(ServerUnderTest server, string name)
    {
        using var answer = await server.PostAsync(
            "/api/admin/keys",
            $$"""{"name":"{{name}}"}""",
            ("Authorization", "Bearer sk-admin-key")
        );
        answer.StatusCode.ShouldBe(
            HttpStatusCode.Created,
            await answer.Content.ReadAsStringAsync()
        );
        return (await answer.JsonAsync()).GetProperty("secret").GetString()!;
    }

    private static async Task<IReadOnlyList<JsonElement>> StateAsync(
        ServerUnderTest server,
        string limit
    )
    {
        using var answer = await server.GetAsync($"/api/admin/limits/{limit}/state");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return [.. (await answer.JsonAsync()).GetProperty("data").EnumerateArray()];
    }

    /// <summary>The client may read the end before the server has noticed its own.</summary>
    private static Task NothingRunsAsync(ServerUnderTest server, string limit) =>
        UntilAsync(async () =>
            (await StateAsync(server, limit)).All(static state =>
                state.GetProperty("running").GetInt32() == 0
            )
        );

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var i = 0; i < 500; i++)
        {
            if (await isSo())
                return;
            await Task.Delay(20);
        }
        throw new ShouldAssertException("It never became so.");
    }

    private static ChatRequest Request() =>
        new()
        {
            Model = JsonText.Of("sim/swift"),
            MaxTokens = 100,
            Messages = [Message.OfText(MessageRole.User, "Hi there")],
        };

    private static string Body(string model, string prompt = "Hi", bool stream = false) =>
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{prompt}}"}]}""";

    private static string? Header(
        HttpResponseMessage answer,
        string dialect,
        string kind,
        string what
    ) =>
        answer.Headers.TryGetValues(
            dialect == "anthropic"
                ? $"anthropic-ratelimit-{kind}-{what}"
                : $"x-ratelimit-{what}-{kind}",
            out var values
        )
            ? values.Single()
            : null;
}
