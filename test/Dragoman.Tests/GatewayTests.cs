using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Native;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.Tests;

/// <summary>The library's front door, against a simulated provider.</summary>
public sealed class GatewayTests(SimulatedProvider provider) : IClassFixture<SimulatedProvider>
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Complete_APrompt_TellsWhoAnsweredAndHow()
    {
        await using var gateway = SimulatedGateway.Of(
            provider.Host,
            config: "models: [{ name: quick, provider: sim, model: swift, cost_per_1k_input: 0.001, cost_per_1k_output: 0.002 }]"
        );

        var reply = await gateway.CompleteAsync(
            "Good morning",
            new CompletionOptions { Model = "quick", WorkspaceId = "w1" }
        );

        reply.Content.ShouldContain("Good morning");
        (reply.Provider, reply.Model).ShouldBe(("sim", "swift"));
        reply.FinishReason.ShouldBe(StopReason.Stop);
        reply.Usage!.TotalInput.ShouldNotBeNull().ShouldBeGreaterThan(0);
        reply.Cost.ShouldNotBeNull().ShouldBeGreaterThan(0);
        reply.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe("success");
        reply.Latency.ShouldBeGreaterThan(TimeSpan.Zero);
        var record = await RecordAsync(gateway, reply.Id);
        record.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
        record.Dialect.ShouldBe("native");
        gateway.AvailableProviders.ShouldBe(["sim"]);
    }

    [Fact]
    public async Task Complete_EveryWayToNameAModel_AsksThatModel()
    {
        await using var gateway = SimulatedGateway.Of(
            provider.Host,
            config: "models: [{ name: quick, provider: sim, model: swift }]"
        );

        foreach (
            var options in new[]
            {
                new CompletionOptions { Model = "sim/coder" },
                new CompletionOptions { Provider = "sim", Model = "coder" },
                new CompletionOptions { ForceModel = "sim/coder" },
                new CompletionOptions { ForceModel = "sim/coder", Model = "quick" },
            }
        )
            (await gateway.CompleteAsync("Hi", options)).Model.ShouldBe("coder");
        foreach (
            var options in new[]
            {
                new CompletionOptions(),
                new CompletionOptions { AutoSelect = true, Model = "sim/coder" },
            }
        )
            (await gateway.CompleteAsync("Hi", options)).Model.ShouldBe("swift");
        var wrong = await Should.ThrowAsync<GatewayException>(() =>
            gateway.CompleteAsync("Hi", new CompletionOptions { Provider = "sim" })
        );
        (wrong.Kind, wrong.Param).ShouldBe((GatewayFailure.InvalidRequest, "provider"));
    }

    [Fact]
    public async Task Complete_FirstFails_FallsBackUnlessForced()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);
        var options = new CompletionOptions { Model = "sim/fault-503", Fallback = ["sim/swift"] };

        var reply = await gateway.CompleteAsync("Hi", options);
        var alone = await Should.ThrowAsync<GatewayException>(() =>
            gateway.CompleteAsync("Hi", options with { EnableFallback = false })
        );

        reply.Model.ShouldBe("swift");
        reply.Attempts.Select(static attempt => attempt.Model).Last().ShouldBe("sim/swift");
        reply.Attempts[0].Status.ShouldBe(503);
        alone.Kind.ShouldBe(GatewayFailure.Upstream);
        alone.Attempts.ShouldAllBe(static attempt => attempt.Model == "sim/fault-503");
    }

    [Fact]
    public async Task Complete_ToolsImagesHistoryAndSchema_ArriveAndComeBack()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);
        var weather = new FunctionTool(JsonText.Of("get_weather"))
        {
            Description = JsonText.Of("Tells the weather."),
            Parameters = RawJson.Of(
                """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""
            ),
        };
        var options = new CompletionOptions
        {
            Model = "sim/swift",
            SystemPrompt = "Be brief.",
            Tools = [weather],
            ToolChoice = new ToolChoice(ToolChoiceMode.Required),
            ConversationHistory =
            [
                Message.OfText(MessageRole.User, "I am in Oslo."),
                Message.OfText(MessageRole.Assistant, "Noted."),
            ],
        };
        Message[] question =
        [
            new(
                MessageRole.User,
                [
                    new TextPart(JsonText.Of("What is the weather like here?")),
                    new ImagePart(
                        new MediaSource { Url = JsonText.Of("data:image/png;base64,AAAA") }
                    ),
                ]
            ),
        ];

        var asked = await gateway.CompleteAsync(question, options);

        asked.FinishReason.ShouldBe(StopReason.ToolCalls);
        var call = asked.ToolCalls.ShouldHaveSingleItem();
        call.Name.ShouldBe("get_weather");
        call.Arguments.ShouldContain("city");
        var sent = provider.Host.Requests.Of("swift")[^1].BodyText;
        sent.ShouldContain("Be brief.");
        sent.ShouldContain("I am in Oslo.");
        sent.ShouldContain("data:image/png;base64,AAAA");

        var answer = await gateway.CompleteAsync(
            [.. question, asked.ToMessage(), Message.OfToolResult(call.Id, "Sunny, 21 degrees")],
            options with
            {
                ToolChoice = null,
            }
        );
        answer.Content.ShouldContain("Sunny");

        var shaped = await gateway.CompleteAsync(
            "Where?",
            new CompletionOptions
            {
                Model = "sim/swift",
                ResponseFormat = new ResponseFormat(ResponseFormatKind.JsonSchema)
                {
                    Schema = RawJson.Of(
                        """{"type":"object","properties":{"place":{"type":"string"}},"required":["place"],"additionalProperties":false}"""
                    ),
                },
            }
        );
        System
            .Text.Json.JsonDocument.Parse(shaped.Content)
            .RootElement.TryGetProperty("place", out _)
            .ShouldBeTrue();
    }

    [Theory]
    [InlineData("strategy", "fastest")]
    [InlineData("task_type", "gardening")]
    [InlineData("required_capabilities", "telepathy")]
    public async Task Complete_AWordNobodyKnows_IsRefusedByItsName(string field, string word)
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);
        var options = new CompletionOptions
        {
            Model = "sim/swift",
            Strategy = field == "strategy" ? word : null,
            TaskType = field == "task_type" ? word : null,
            RequiredCapabilities = field == "required_capabilities" ? [word] : [],
        };

        var refusal = await Should.ThrowAsync<GatewayException>(() =>
            gateway.CompleteAsync("Hi", options)
        );

        refusal.Param.ShouldBe(field);
    }

    [Fact]
    public async Task Stream_AnAnswer_ComesInPiecesAndThenWhole()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);
        var (text, pieces) = ("", 0);
        CompletionReply? whole = null;

        await foreach (
            var update in gateway.StreamAsync(
                "Tell me 40 words",
                new CompletionOptions { Model = "sim/sage" }
            )
        )
        {
            text += update.Delta;
            pieces += update.Delta is null ? 0 : 1;
            whole = update.Reply ?? whole;
        }

        pieces.ShouldBeGreaterThan(3);
        whole.ShouldNotBeNull().Content.ShouldBe(text);
        whole.Reasoning.ShouldNotBeNullOrEmpty();
        whole.FirstContent.ShouldNotBeNull();
        whole.Usage!.Reasoning.ShouldNotBeNull();
    }

    [Fact]
    public async Task Stream_LeftEarly_EndsTheCallUpstreamAndSaysSoInItsRecord()
    {
        await using var host = await SimulatorHost.StartAsync(
            new SimulatorOptions { ChunkDelay = TimeSpan.FromMilliseconds(20) }
        );
        await using var gateway = SimulatedGateway.Of(host);

        await foreach (
            var update in gateway.StreamAsync(
                "Tell me 300 words",
                new CompletionOptions { Model = "sim/swift" }
            )
        )
            if (update.Delta is not null)
                break;

        gateway.InFlight.ShouldBe(0);
        await host.Requests.UntilAsync(static journal => journal.Aborted == 1, Generous);
        (await RecordsAsync(gateway))
            .ShouldHaveSingleItem()
            .Outcome.ShouldBe(ExchangeOutcome.Cancelled);
    }

    [Fact]
    public async Task Stream_CancelledMidway_ThrowsAndLeavesNothingBehind()
    {
        await using var host = await SimulatorHost.StartAsync(
            new SimulatorOptions { ChunkDelay = TimeSpan.FromMilliseconds(20) }
        );
        await using var gateway = SimulatedGateway.Of(host);
        using var cancel = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (
                var update in gateway.StreamAsync(
                    "Tell me 300 words",
                    new CompletionOptions { Model = "sim/swift" },
                    cancel.Token
                )
            )
                if (update.Delta is not null)
                    await cancel.CancelAsync();
        });

        gateway.InFlight.ShouldBe(0);
        await host.Requests.UntilAsync(static journal => journal.Open == 0, Generous);
        (await RecordsAsync(gateway))
            .ShouldHaveSingleItem()
            .Outcome.ShouldBe(ExchangeOutcome.Cancelled);
    }

    [Fact]
    public async Task Complete_CancelledWhileItWaits_ThrowsThat()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);
        using var cancel = new CancellationTokenSource();
        var before = provider.Host.Requests.CountOf("fault-silent");
        var running = gateway.CompleteAsync(
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
        (await RecordsAsync(gateway)).ShouldHaveSingleItem().Status.ShouldBe(499);
    }

    [Fact]
    public async Task Complete_TwoHundredAtOnce_AreAllAnsweredWithTheirOwn()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(async number =>
                {
                    var options = new CompletionOptions { Model = "sim/swift" };
                    if (number % 2 == 0)
                        return (await gateway.CompleteAsync($"number {number}", options)).Content;
                    var text = "";
                    await foreach (var update in gateway.StreamAsync($"number {number}", options))
                        text += update.Delta;
                    return text;
                })
        );

        for (var number = 0; number < replies.Length; number++)
            replies[number].ShouldContain($"number {number}");
        gateway.InFlight.ShouldBe(0);
        (await RecordsAsync(gateway)).Count.ShouldBe(200);
    }

    [Fact]
    public async Task Dispose_WhileCallsRun_EndsThemAndTakesNoMore()
    {
        var store = new InMemoryUsageStore();
        var gateway = SimulatedGateway.Of(provider.Host, builder => builder.UseUsageStore(store));
        var before = provider.Host.Requests.CountOf("fault-stall");
        var options = new CompletionOptions { Model = "sim/fault-stall" };
        var plain = gateway.CompleteAsync("Hi", options);
        var streamed = ReadAsync(gateway.StreamAsync("Hi", options));
        await provider.Host.Requests.UntilAsync(
            journal => journal.CountOf("fault-stall") >= before + 2,
            Generous
        );

        await gateway.DisposeAsync();
        await gateway.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => plain);
        await Should.ThrowAsync<ObjectDisposedException>(() => streamed);
        await Should.ThrowAsync<ObjectDisposedException>(() => gateway.CompleteAsync("Hi"));
        await Should.ThrowAsync<ObjectDisposedException>(() => gateway.EmbedAsync("Hi"));
        (await store.ListAsync(new UsageQuery { Limit = 9 }, default))
            .Select(static record => record.Outcome)
            .ShouldBe([ExchangeOutcome.Cancelled, ExchangeOutcome.Cancelled]);
    }

    [Fact]
    public async Task LocalOnly_SaidOnceOrPerCall_KeepsTheCallInTheHouse()
    {
        const string Config =
            "models: [{ name: near, provider: sim, model: swift }, { name: far, provider: away, model: swift }]";
        await using var gateway = SimulatedGateway.Of(
            provider.Host,
            builder =>
                builder
                    .LocalOnly()
                    .AddProvider("away", "k", dialect: "openai", baseUrl: "https://away.invalid"),
            Config
        );
        await using var open = SimulatedGateway.Of(
            provider.Host,
            builder =>
                builder.AddProvider(
                    "away",
                    "k",
                    dialect: "openai",
                    baseUrl: "https://away.invalid"
                ),
            Config
        );

        (await gateway.CompleteAsync("Hi")).Provider.ShouldBe("sim");
        var refused = await Should.ThrowAsync<GatewayException>(() =>
            gateway.CompleteAsync("Hi", new CompletionOptions { ForceModel = "far" })
        );
        refused.Kind.ShouldBe(GatewayFailure.NoProvider);
        (gateway.LocalOnly, open.LocalOnly).ShouldBe((true, false));
        refused = await Should.ThrowAsync<GatewayException>(() =>
            open.CompleteAsync("Hi", new CompletionOptions { ForceModel = "far", LocalOnly = true })
        );
        refused.Kind.ShouldBe(GatewayFailure.NoProvider);
    }

    private static async Task ReadAsync(IAsyncEnumerable<CompletionUpdate> updates)
    {
        await foreach (var _ in updates) { }
    }

    private static async Task<UsageRecord> RecordAsync(Gateway gateway, string id) =>
        (await RecordsAsync(gateway)).Single(record => record.Id.ToString(null, null) == id);

    private static async Task<IReadOnlyList<UsageRecord>> RecordsAsync(Gateway gateway)
    {
        await gateway.Ledger.FlushAsync(TestContext.Current.CancellationToken);
        return await gateway.UsageStore.ListAsync(new UsageQuery { Limit = 500 }, default);
    }
}
