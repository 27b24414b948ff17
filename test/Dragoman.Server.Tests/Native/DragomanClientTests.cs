using System.Net;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Native;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary>The client over HTTP against a real server: what it tells is what the gateway tells in its own process.</summary>
public sealed class DragomanClientTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>
{
    private const string Priced =
        "models: [{ name: quick, provider: sim, model: swift, cost_per_1k_input: 0.001, cost_per_1k_output: 0.002 }]\n";

    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_APrompt_TellsAllThatTheGatewayTells()
    {
        await using var server = await StartAsync(Priced);
        using var client = new DragomanClient(server.Server.Address);
        await using var gateway = SimulatedGateway.Of(provider.Host, config: Priced);
        var options = new CompletionOptions { Model = "quick", Tags = ["t"] };

        var reply = await client.CompleteAsync("Good morning", options, Cancelled);
        var own = await gateway.CompleteAsync("Good morning", options, Cancelled);

        Timeless(reply).ShouldBe(Timeless(own));
        reply.Latency.ShouldBeGreaterThan(TimeSpan.Zero);
        reply.Cost.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Stream_AnAnswer_ComesInPiecesAndThenWhole()
    {
        await using var server = await StartAsync();
        using var client = new DragomanClient(server.Server.Address);
        var (text, reasoning, pieces) = ("", "", 0);
        CompletionReply? whole = null;

        await foreach (
            var update in client.StreamAsync(
                "Tell me 40 words",
                new CompletionOptions { Model = "sim/sage" },
                Cancelled
            )
        )
        {
            whole.ShouldBeNull();
            text += update.Delta;
            reasoning += update.Reasoning;
            pieces += update.Delta is null ? 0 : 1;
            whole = update.Reply;
        }

        pieces.ShouldBeGreaterThan(3);
        whole.ShouldNotBeNull().Content.ShouldBe(text);
        whole.Reasoning.ShouldBe(reasoning);
        whole.FirstContent.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_OverHttp_AreCalledAndAnswered(bool streamed)
    {
        await using var server = await StartAsync();
        using var client = new DragomanClient(server.Server.Address);
        var options = new CompletionOptions
        {
            Model = "sim/swift",
            Tools =
            [
                new FunctionTool(JsonText.Of("get_weather"))
                {
                    Parameters = RawJson.Of(
                        """{"type":"object","properties":{"city":{"type":"string"}}}"""
                    ),
                },
            ],
        };
        Message[] question =
        [
            new(
                MessageRole.User,
                [
                    new TextPart(
                        JsonText.Of(
                            "[[call get_weather {\"city\":\"Rome\"}]]\n[[say Sunny it is.]]"
                        )
                    ),
                    new ImagePart(
                        new MediaSource
                        {
                            Data = JsonText.Of("AAAA"),
                            MediaType = JsonText.Of("image/png"),
                        }
                    ),
                ]
            ),
        ];

        var asked = await AskAsync(client, question, options, streamed);
        var call = asked.ToolCalls.ShouldHaveSingleItem();
        var answer = await AskAsync(
            client,
            [.. question, asked.ToMessage(), Message.OfToolResult(call.Id, "Sunny")],
            options,
            streamed
        );

        asked.FinishReason.ShouldBe(StopReason.ToolCalls);
        (call.Name, call.Arguments).ShouldBe(("get_weather", "{\"city\":\"Rome\"}"));
        answer.Content.ShouldBe("Sunny it is.");
        provider.Host.Requests.Of("swift")[^1].BodyText.ShouldContain("data:image/png;base64,AAAA");
    }

    [Fact]
    public async Task Chat_WithHistory_MayChangeItsModel()
    {
        await using var server = await StartAsync(Priced);
        using var client = new DragomanClient(server.Server.Address);

        var first = await client.ChatAsync(
            "I am Ada.",
            modelId: "sim/swift",
            cancellationToken: Cancelled
        );
        var second = await client.ChatAsync(
            "Who am I?",
            modelId: "sim/coder",
            conversationHistory: [Message.OfText(MessageRole.User, "I am Ada."), first.ToMessage()],
            cancellationToken: Cancelled
        );
        var chosen = await client.ChatAsync(
            "Hi",
            autoSelect: true,
            modelId: "sim/coder",
            cancellationToken: Cancelled
        );

        second.Model.ShouldBe("coder");
        provider.Host.Requests.Of("coder")[^1].BodyText.ShouldContain("I am Ada.");
        chosen.Model.ShouldBe("swift");
    }

    [Fact]
    public async Task Embed_Texts_GivesTheirVectors()
    {
        await using var server = await StartAsync();
        using var client = new DragomanClient(server.Server.Address);

        var reply = await client.EmbedAsync(
            ["a cat", "a dog"],
            new EmbeddingOptions { Model = "sim/embed", Dimensions = 24 },
            Cancelled
        );
        var alone = await client.EmbedAsync(
            "a cat",
            new EmbeddingOptions { Model = "sim/embed", Dimensions = 24 },
            Cancelled
        );

        reply.Dimensions.ShouldBe(24);
        reply.Embeddings[0].ShouldBe(alone);
        reply.Usage!.Input.ShouldBe(4);
    }

    [Theory]
    [InlineData("sim/fault-429-long", GatewayFailure.RateLimited)]
    [InlineData("sim/fault-401", GatewayFailure.Authentication)]
    [InlineData("sim/fault-402", GatewayFailure.Authentication)]
    [InlineData("sim/fault-403", GatewayFailure.Authentication)]
    [InlineData("impatient", GatewayFailure.Timeout)]
    [InlineData("sim/fault-context", GatewayFailure.ContextLength)]
    [InlineData("sim/fault-filter", GatewayFailure.ContentFilter)]
    [InlineData("sim/fault-400", GatewayFailure.InvalidRequest)]
    [InlineData("sim/fault-404", GatewayFailure.NoProvider)]
    [InlineData("nobody/knows", GatewayFailure.NoProvider)]
    [InlineData("agent:smith", GatewayFailure.NoProvider)]
    [InlineData("sim/fault-503", GatewayFailure.Upstream)]
    [InlineData("sim/fault-cut", GatewayFailure.Upstream)]
    public async Task Failure_OfEachKind_IsTheSameAtBothDoorsStreamedOrNot(
        string model,
        GatewayFailure kind
    )
    {
        const string Config =
            "models: [{ name: silent, provider: sim, model: fault-silent }]\n"
            + "routes: { impatient: { models: [silent], retries: 0, timeouts: { first_content: 0.3, attempt: 0.3 } } }\n";
        var options = new CompletionOptions { Model = model, EnableFallback = false };

        foreach (var streamed in new[] { true, false })
        {
            // New ones, since they remember who refused them.
            await using var server = await StartAsync(Config);
            using var client = new DragomanClient(server.Server.Address);
            await using var gateway = SimulatedGateway.Of(provider.Host, config: Config);

            var there = await FailureAsync(() =>
                streamed
                    ? ReadAsync(client.StreamAsync("Hi", options, Cancelled))
                    : client.CompleteAsync("Hi", options, Cancelled)
            );
            var here = await FailureAsync(() =>
                streamed
                    ? ReadAsync(gateway.StreamAsync("Hi", options, Cancelled))
                    : gateway.CompleteAsync("Hi", options, Cancelled)
            );

            // How much of a stream is seen before it breaks decides whether another try is free.
            Told(there, withAttempts: !streamed).ShouldBe(Told(here, withAttempts: !streamed));
            there.Kind.ShouldBe(kind);
            if (kind == GatewayFailure.RateLimited)
                there
                    .RetryAfter.ShouldNotBeNull()
                    .ShouldBeInRange(TimeSpan.FromSeconds(55), TimeSpan.FromSeconds(60));
        }
    }

    [Fact]
    public async Task Failure_OfTheQuestion_NamesTheField()
    {
        await using var server = await StartAsync();
        using var client = new DragomanClient(server.Server.Address);

        var wrong = await FailureAsync(() =>
            client.CompleteAsync(
                "Hi",
                new CompletionOptions { Model = "sim/swift", TaskType = "gardening" },
                Cancelled
            )
        );
        var empty = await FailureAsync(() =>
            client.CompleteAsync(Array.Empty<Message>(), null, Cancelled)
        );

        (wrong.Kind, wrong.Param, wrong.RequestId).ShouldBe(
            (GatewayFailure.InvalidRequest, "task_type", null)
        );
        (empty.Kind, empty.Param).ShouldBe((GatewayFailure.InvalidRequest, "messages"));
    }

    [Fact]
    public async Task Key_MissingWrongOrRight_IsAsked()
    {
        await using var server = await ServerUnderTest.StartAsync(
            key: "house-key",
            config: Priced + ServerUnderTest.ConfigOf(provider.Host)
        );
        using var without = new DragomanClient(server.Server.Address);
        using var wrong = new DragomanClient(server.Server.Address, "other");
        using var right = new DragomanClient(server.Server.Address, "house-key");

        foreach (var client in new[] { without, wrong })
        {
            var refused = await FailureAsync(() => client.CompleteAsync("Hi", null, Cancelled));
            (refused.Kind, refused.Code).ShouldBe(
                (GatewayFailure.Authentication, "invalid_api_key")
            );
        }
        (await right.CompleteAsync("Hi", null, Cancelled)).Content.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Requests_OfTheServer_AreReadWithEveryField()
    {
        await using var server = await StartAsync(Priced);
        using var client = new DragomanClient(server.Server.Address);
        var reply = await client.CompleteAsync(
            "Hi",
            new CompletionOptions { Model = "sim/fault-503", Fallback = ["quick"] },
            Cancelled
        );

        var record = await client.GetRequestAsync(reply.Id, Cancelled);
        var page = await client.GetRequestsAsync(1, cancellationToken: Cancelled);
        using var answer = await server.GetAsync("/api/llm/requests/" + reply.Id);

        record.ShouldNotBeNull().Model.ShouldBe("sim/swift");
        record.Attempts.Select(static attempt => attempt.Outcome).Last().ShouldBe("success");
        record.Attempts[0].Status.ShouldBe(503);
        record.Latency.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        page.Requests.ShouldHaveSingleItem().Id.ShouldBe(reply.Id);
        // Nothing the server tells is lost in reading it.
        JsonEquality.ShouldBeEqual(
            await answer.Content.ReadAsByteArrayAsync(Cancelled),
            JsonSerializer.SerializeToUtf8Bytes(record, RequestsJson.Default.RequestInfo),
            "a record"
        );
        (await client.GetRequestAsync("req_unknown", Cancelled)).ShouldBeNull();
        var wrong = await FailureAsync(() =>
            client.GetRequestsAsync(0, cancellationToken: Cancelled)
        );
        (wrong.Kind, wrong.Param).ShouldBe((GatewayFailure.InvalidRequest, "limit"));
    }

    [Fact]
    public async Task Models_OfTheServer_AreThoseOfTheGateway()
    {
        await using var server = await StartAsync(Priced);
        using var client = new DragomanClient(server.Server.Address);
        await using var gateway = SimulatedGateway.Of(provider.Host, config: Priced);
        var cheap = new ModelQuery
        {
            Capabilities = ["tools"],
            MaxCostPer1k = 0.01m,
            Provider = "openai",
            MinContext = 100_000,
            Kind = Catalog.ModelKind.Chat,
            Order = ModelOrder.Cost,
        };

        var list = await client.GetModelsAsync(cheap, limit: 5, cancellationToken: Cancelled);
        var page = await client.GetModelsAsync(
            cheap,
            limit: 5,
            offset: 5,
            cancellationToken: Cancelled
        );

        list.Models.Select(static model => model.Id)
            .Concat(page.Models.Select(static model => model.Id))
            .ShouldBe(gateway.Models.List(cheap).Take(10).Select(static model => model.Id));
        list.NextOffset.ShouldBe(5);
        foreach (
            var (there, here) in new[]
            {
                (await client.GetCheapestAsync(cheap, Cancelled), gateway.Models.Cheapest(cheap)),
                (await client.GetFastestAsync(cheap, Cancelled), gateway.Models.Fastest(cheap)),
                (await client.GetBestAsync(cheap, Cancelled), gateway.Models.Best(cheap)),
                (await client.GetModelAsync("quick", Cancelled), gateway.Models.Get("quick")),
            }
        )
        {
            there.ShouldNotBeNull();
            JsonSerializer
                .Serialize(there, ModelsJson.Default.ModelDetails)
                .ShouldBe(JsonSerializer.Serialize(here, ModelsJson.Default.ModelDetails));
        }
        gateway.Models.ListOf("sim").ShouldHaveSingleItem().Id.ShouldBe("quick");
        gateway
            .Models.ListWith("function_calling", 1000)
            .ShouldAllBe(static model => model.Available);
        (await client.GetModelAsync("nobody/knows/it", Cancelled)).ShouldBeNull();
        (
            await client.GetBestAsync(new ModelQuery { MinContext = int.MaxValue }, Cancelled)
        ).ShouldBeNull();
        var wrong = await FailureAsync(() =>
            client.GetModelsAsync(
                new ModelQuery { Capabilities = ["telepathy"] },
                cancellationToken: Cancelled
            )
        );
        (wrong.Kind, wrong.Param).ShouldBe((GatewayFailure.InvalidRequest, "capability"));
        Should.Throw<ArgumentException>(() =>
            gateway.Models.List(new ModelQuery { Capabilities = ["telepathy"] })
        );
    }

    [Fact]
    public async Task Accounts_OfTheServer_AddUpAsThoseOfTheGateway()
    {
        await using var server = await StartAsync(Priced);
        using var client = new DragomanClient(server.Server.Address);
        await using var gateway = SimulatedGateway.Of(provider.Host, config: Priced);
        var options = new CompletionOptions { Model = "quick", WorkspaceId = "w1" };
        var reply = await client.CompleteAsync("Good morning", options, Cancelled);
        await gateway.CompleteAsync("Good morning", options, Cancelled);
        await client.GetRequestAsync(reply.Id, Cancelled);

        var there = await client.GetCostsAsync("w1", UsagePeriod.Today, Cancelled);
        var here = await gateway.GetCostsAsync("w1", UsagePeriod.Today, Cancelled);
        var days = await client.GetDailyCostsAsync("w1", 7, Cancelled);
        var asked = await client.GetUsageAsync(
            new UsageSummaryQuery
            {
                By = UsageGrouping.Provider,
                From = DateTimeOffset.UtcNow.AddHours(-30),
                To = DateTimeOffset.UtcNow.AddHours(1),
                Workspace = "w1",
            },
            Cancelled
        );
        var nobody = await gateway.GetCostsAsync("w2", UsagePeriod.Today, Cancelled);

        there.TotalCost.ShouldBe(reply.Cost);
        there.By!.ShouldHaveSingleItem().Name.ShouldBe("sim/swift");
        (here.TotalCost, here.CallCount, here.TotalTokens).ShouldBe(
            (there.TotalCost, there.CallCount, there.TotalTokens)
        );
        days.By!.Sum(static day => day.CallCount).ShouldBe(1);
        (await gateway.GetDailyCostsAsync("w1", 7, Cancelled)).CallCount.ShouldBe(1);
        asked.By!.ShouldHaveSingleItem().Name.ShouldBe("sim");
        nobody.CallCount.ShouldBe(0);

        var stats = await client.GetStatsAsync(StatsGrouping.Model, Cancelled);
        stats.By!.ShouldHaveSingleItem().Model.ShouldBe("sim/swift");
        stats.SinceStart.Successes.ShouldBe(1);
        gateway.GetStats("sim").By!.ShouldHaveSingleItem().SinceStart.Calls.ShouldBe(1);
        gateway.GetStats("other").By!.ShouldBeEmpty();
    }

    [Fact]
    public async Task Chains_OfTheServer_AreThoseOfTheGateway()
    {
        const string Config = Priced + "chains: { mine: { models: [quick, sim/coder] } }\n";
        await using var server = await StartAsync(Config);
        using var client = new DragomanClient(server.Server.Address);
        await using var gateway = SimulatedGateway.Of(provider.Host, config: Config);

        var named = await client.GetChainsAsync(Cancelled);
        var there = await client.GetFallbackChainAsync("chain:mine", cancellationToken: Cancelled);
        var here = gateway.GetFallbackChain("chain:mine");

        named
            .Select(static chain => chain.Name)
            .ShouldBe(gateway.GetNamedChains().Select(static chain => chain.Name));
        there.Members.Select(static member => member.Model).ShouldBe(["sim/swift", "sim/coder"]);
        JsonSerializer
            .Serialize(there, ChainsJson.Readable.FallbackChainInfo)
            .ShouldBe(JsonSerializer.Serialize(here, ChainsJson.Readable.FallbackChainInfo));
        var wrong = await FailureAsync(() =>
            client.GetFallbackChainAsync("nobody/knows", cancellationToken: Cancelled)
        );
        wrong.Param.ShouldBe("primary");
    }

    [Fact]
    public async Task Failure_OfTheBudget_IsAKindOfItsOwn()
    {
        await using var server = await StartAsync(Priced);
        using var client = new DragomanClient(server.Server.Address);
        await using var gateway = SimulatedGateway.Of(provider.Host, config: Priced);
        var options = new CompletionOptions { ForceModel = "quick", BudgetRemaining = 0.000001m };

        var there = await FailureAsync(() => client.CompleteAsync("Hi", options, Cancelled));
        var here = await FailureAsync(() => gateway.CompleteAsync("Hi", options, Cancelled));

        there.Kind.ShouldBe(GatewayFailure.Budget);
        Told(there).ShouldBe(Told(here));
    }

    [Fact]
    public async Task Health_OfTheServer_IsTold()
    {
        await using var server = await StartAsync();
        using var client = new DragomanClient(server.Server.Address);
        await using var gateway = SimulatedGateway.Of(provider.Host);

        var there = await client.GetHealthAsync(now: true, Cancelled);
        var here = await gateway.CheckHealthAsync(now: true, Cancelled);

        there.Providers.ShouldHaveSingleItem().Available.ShouldBe(true);
        (there.Status, there.Counts).ShouldBe((here.Status, here.Counts));
    }

    [Fact]
    public async Task Stream_LeftEarly_IsCancelledAtTheServer()
    {
        await using var host = await SimulatorHost.StartAsync(
            new SimulatorOptions { ChunkDelay = TimeSpan.FromMilliseconds(20) },
            Cancelled
        );
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(host)
        );
        using var client = new DragomanClient(server.Server.Address);

        await foreach (
            var update in client.StreamAsync(
                "Tell me 300 words",
                new CompletionOptions { Model = "sim/swift" },
                Cancelled
            )
        )
            if (update.Delta is not null)
                break;

        await host.Requests.UntilAsync(static journal => journal.Aborted == 1, Generous);
        RequestInfo? record = null;
        while (record is null)
            record = (
                await client.GetRequestsAsync(1, cancellationToken: Cancelled)
            ).Requests.SingleOrDefault();
        record.Outcome.ShouldBe("cancelled");
    }

    [Fact]
    public async Task Complete_Cancelled_ThrowsThat()
    {
        await using var server = await StartAsync();
        using var client = new DragomanClient(server.Server.Address);
        using var cancel = new CancellationTokenSource();
        var before = provider.Host.Requests.CountOf("fault-silent");
        var running = client.CompleteAsync(
            "Hi",
            new CompletionOptions { Model = "sim/fault-silent" },
            cancel.Token
        );
        await provider.Host.Requests.UntilAsync(
            journal => journal.CountOf("fault-silent") > before,
            Generous
        );

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Server_ThatIsNotThere_IsToldAsSuch()
    {
        using var client = new DragomanClient(new Uri($"http://127.0.0.1:{FreePort.Take()}"));

        var plain = await FailureAsync(() => client.CompleteAsync("Hi", null, Cancelled));
        var streamed = await FailureAsync(() =>
            ReadAsync(client.StreamAsync("Hi", null, Cancelled))
        );

        foreach (var failure in new[] { plain, streamed })
            (failure.Kind, failure.Code).ShouldBe(
                (GatewayFailure.Upstream, DragomanClient.UnreachableCode)
            );
    }

    [Theory]
    [InlineData("data: {\"delta\":\"Hel\"}\n\n", "answer_cut")]
    [InlineData("data: {\"delta\":\"Hel\"}\n\ndata: {\"id\":\"req", "answer_cut")]
    [InlineData("", "answer_cut")]
    [InlineData("data: {\"delta\":\n\n", "malformed_answer")]
    [InlineData("data: {\"id\":\"req_1\"}\n\n", "malformed_answer")]
    public async Task Stream_ThatEndsWithoutItsLastEvent_IsNoWholeAnswer(string events, string code)
    {
        using var http = new HttpClient(new Canned(200, "text/event-stream", events));
        using var client = new DragomanClient(new Uri("http://127.0.0.1"), http: http);

        var failure = await FailureAsync(() =>
            ReadAsync(client.StreamAsync("Hi", null, Cancelled))
        );

        (failure.Kind, failure.Code).ShouldBe((GatewayFailure.Upstream, code));
    }

    [Theory]
    [InlineData(502, "<html>Bad gateway</html>", GatewayFailure.Upstream)]
    [InlineData(429, "slow down", GatewayFailure.RateLimited)]
    [InlineData(404, "[]", GatewayFailure.InvalidRequest)]
    [InlineData(200, "<html>Hello</html>", GatewayFailure.Upstream)]
    public async Task Answer_OfSomeOtherServer_IsAFailure(
        int status,
        string body,
        GatewayFailure kind
    )
    {
        using var http = new HttpClient(new Canned(status, "text/html", body));
        using var client = new DragomanClient(new Uri("http://127.0.0.1/proxy/"), http: http);

        var failure = await FailureAsync(() => client.CompleteAsync("Hi", null, Cancelled));

        failure.Kind.ShouldBe(kind);
        if (status != 200)
            failure.Error.Status.ShouldBe(status);
    }

    private Task<ServerUnderTest> StartAsync(string config = "") =>
        ServerUnderTest.StartAsync(config: config + ServerUnderTest.ConfigOf(provider.Host));

    private static async Task<CompletionReply> AskAsync(
        DragomanClient client,
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        bool streamed
    )
    {
        if (!streamed)
            return await client.CompleteAsync(messages, options, Cancelled);
        CompletionReply? whole = null;
        await foreach (var update in client.StreamAsync(messages, options, Cancelled))
            whole = update.Reply;
        return whole!;
    }

    private static async Task ReadAsync(IAsyncEnumerable<CompletionUpdate> updates)
    {
        await foreach (var _ in updates) { }
    }

    private static Task<GatewayException> FailureAsync(Func<Task> call) =>
        Should.ThrowAsync<GatewayException>(call);

    /// <summary>All that two doors must tell alike.</summary>
    private static string Told(GatewayException failure, bool withAttempts = true) =>
        $"{failure.Kind} {failure.Code} {failure.Param} {failure.Error.Status} {failure.Message} "
        + string.Join(
            ' ',
            failure
                .Attempts.Where(_ => withAttempts)
                .Select(static it => $"{it.Model} {it.Outcome} {it.Status}")
        );

    private static string Timeless(CompletionReply reply) =>
        JsonSerializer.Serialize(
            reply with
            {
                Id = "",
                Latency = default,
                Attempts = [.. reply.Attempts.Select(static it => it with { Latency = default })],
            },
            CompletionJson.Readable.CompletionReply
        );

    /// <summary>Answers every call the same.</summary>
    private sealed class Canned(int status, string type, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult(
                new HttpResponseMessage((HttpStatusCode)status)
                {
                    Content = new StringContent(body, Encoding.UTF8, type),
                }
            );
    }
}
