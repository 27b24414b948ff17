using System.Text.Json;
using Dragoman.Native;
using Dragoman.TestKit;
using Microsoft.Extensions.AI;
using Shouldly;
using Xunit;

namespace Dragoman.Tests;

/// <summary>
/// The gateway as a chat client. Most walk the longest way there is: a gateway whose provider is the chat client of another gateway,
/// whose provider is the simulator.
/// </summary>
public sealed class GatewayChatClientTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>
{
    private static readonly AIFunctionDeclaration Weather = AIFunctionFactory.CreateDeclaration(
        "get_weather",
        "Tells the weather of a city.",
        JsonElement.Parse(
            """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""
        )
    );

    [Fact]
    public async Task GetResponse_ThroughTwoGateways_SurvivesWhole()
    {
        await using var inner = SimulatedGateway.Of(provider.Host);
        await using var outer = Around(inner.AsChatClient(), "sim/sage");
        using var client = outer.AsChatClient("door/sim/sage");

        var response = await client.GetResponseAsync(
            [new(ChatRole.System, "Be kind."), new(ChatRole.User, "Good morning")],
            new ChatOptions
            {
                Temperature = 0.7f,
                MaxOutputTokens = 900,
                TopK = 7,
                Seed = 5,
                StopSequences = ["STOP"],
                Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High },
            }
        );

        response.Text.ShouldContain("Good morning");
        response.FinishReason.ShouldBe(ChatFinishReason.Stop);
        response.ModelId.ShouldBe("door/sim/sage");
        response.ResponseId.ShouldStartWith("req_");
        response
            .Messages.Single()
            .Contents.OfType<TextReasoningContent>()
            .Single()
            .Text.ShouldNotBeEmpty();
        var usage = response.Usage.ShouldNotBeNull();
        usage.InputTokenCount.ShouldNotBeNull().ShouldBeGreaterThan(0);
        usage.ReasoningTokenCount.ShouldNotBeNull().ShouldBeGreaterThan(0);
        usage.OutputTokenCount!.Value.ShouldBeGreaterThan(usage.ReasoningTokenCount!.Value);
        response.RawRepresentation.ShouldBeOfType<CompletionReply>().Provider.ShouldBe("door");
        using var sent = JsonDocument.Parse(provider.Host.Requests.Of("sage")[^1].BodyText);
        sent.RootElement.GetProperty("temperature").GetDouble().ShouldBe(0.7);
        sent.RootElement.GetProperty("top_k").GetInt32().ShouldBe(7);
        sent.RootElement.GetProperty("seed").GetInt32().ShouldBe(5);
        sent.RootElement.GetProperty("stop")[0].GetString().ShouldBe("STOP");
        sent.RootElement.GetProperty("reasoning_effort").GetString().ShouldBe("high");
        sent.RootElement.GetProperty("messages")[0]
            .GetProperty("content")
            .GetString()
            .ShouldBe("Be kind.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_ThroughTwoGateways_AreCalledAndAnswered(bool streamed)
    {
        await using var inner = SimulatedGateway.Of(provider.Host);
        await using var outer = Around(inner.AsChatClient(), "sim/swift");
        using var client = outer.AsChatClient("door/sim/swift");
        var options = new ChatOptions { Tools = [Weather] };
        List<ChatMessage> conversation =
        [
            new(
                ChatRole.User,
                """
                [[call get_weather {"city":"Rome"}]] [[call get_weather {"city":"Oslo"}]]
                [[say It is sunny.]]
                """
            ),
        ];

        var asked = await AskAsync(client, conversation, options, streamed);

        asked.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        var calls = asked.Messages.Single().Contents.OfType<FunctionCallContent>().ToList();
        calls.Select(static call => call.Arguments!["city"]?.ToString()).ShouldBe(["Rome", "Oslo"]);
        calls.Select(static call => call.CallId).Distinct().Count().ShouldBe(2);
        asked.Usage!.OutputTokenCount.ShouldNotBeNull();

        conversation.AddRange(asked.Messages);
        conversation.Add(
            new(
                ChatRole.Tool,
                [
                    new FunctionResultContent(calls[0].CallId, "Sunny"),
                    new FunctionResultContent(calls[1].CallId, new { degrees = 21 }),
                ]
            )
        );
        var answer = await AskAsync(client, conversation, options, streamed);
        answer.Text.ShouldBe("It is sunny.");
        var sent = provider.Host.Requests.Of("swift")[^1].BodyText;
        sent.ShouldContain("Sunny");
        sent.ShouldContain("""{\"degrees\":21}""");
    }

    [Fact]
    public async Task Stream_ThroughTwoGateways_ComesInPiecesWithUsageAtTheEnd()
    {
        await using var inner = SimulatedGateway.Of(provider.Host);
        await using var outer = Around(inner.AsChatClient(), "sim/sage");
        using var client = outer.AsChatClient("door/sim/sage");
        var updates = new List<ChatResponseUpdate>();

        await foreach (var update in client.GetStreamingResponseAsync("Tell me 40 words"))
            updates.Add(update);

        updates.Count(static update => update.Text.Length > 0).ShouldBeGreaterThan(3);
        updates.Select(static update => update.ResponseId).Distinct().ShouldHaveSingleItem();
        updates.ShouldAllBe(static update => update.ModelId == "door/sim/sage");
        updates[^1].Contents.OfType<UsageContent>().ShouldHaveSingleItem();
        updates[^1].FinishReason.ShouldBe(ChatFinishReason.Stop);
        var whole = updates.ToChatResponse();
        var reply = whole.Messages.ShouldHaveSingleItem();
        reply
            .Contents.OfType<TextReasoningContent>()
            .ShouldHaveSingleItem()
            .Text.ShouldNotBeEmpty();
        updates[^1]
            .RawRepresentation.ShouldBeOfType<CompletionReply>()
            .Content.ShouldBe(whole.Text);
        whole.Usage!.ReasoningTokenCount.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signatures_OfAnotherDialect_ComeBackToWhoMadeThem(bool streamed)
    {
        await using var inner = Gateway.Create(builder =>
            builder
                .UseConfiguration("{}")
                .UseEnvironment(static _ => null)
                .LookForLocalServers(false)
                .AddProvider("claude-like", "sk", dialect: "anthropic", baseUrl: provider.RootUrl)
        );
        // It refuses thinking that does not come back just as it was given.
        await using var outer = Around(inner.AsChatClient(), "claude-like/fault-strict-signatures");
        using var client = outer.AsChatClient("door/claude-like/fault-strict-signatures");
        var options = new ChatOptions
        {
            Tools = [Weather],
            MaxOutputTokens = 4000,
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High },
        };
        List<ChatMessage> conversation =
        [
            new(ChatRole.User, "[[call get_weather {\"city\":\"Rome\"}]]\n[[say It is sunny.]]"),
        ];

        var asked = await AskAsync(client, conversation, options, streamed);
        var signed = asked
            .Messages.Single()
            .Contents.OfType<TextReasoningContent>()
            .ShouldHaveSingleItem();
        signed.ProtectedData.ShouldNotBeNullOrEmpty();
        signed.Text.ShouldNotBeEmpty();
        var call = asked.Messages.Single().Contents.OfType<FunctionCallContent>().Single();
        conversation.AddRange(asked.Messages);
        conversation.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, "Sunny")]));
        var answer = await AskAsync(client, conversation, options, streamed);

        answer.Text.ShouldBe("It is sunny.");
        provider
            .Host.Requests.Of("fault-strict-signatures")[^1]
            .BodyText.ShouldContain("\"signature\":");
    }

    [Fact]
    public async Task Content_OfEveryKind_ReachesTheProvider()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);
        using var client = gateway.AsChatClient("sim/swift");

        await client.GetResponseAsync([
            new(
                ChatRole.User,
                [
                    new TextContent("Look"),
                    new DataContent(new byte[] { 1, 2, 3 }, "image/png"),
                    new UriContent("https://example.org/cat.jpg", "image/jpeg"),
                    new DataContent(new byte[] { 4, 5, 6 }, "audio/wav"),
                    new DataContent(new byte[] { 7, 8 }, "application/pdf") { Name = "a.pdf" },
                ]
            ),
        ]);

        var sent = provider.Host.Requests.Of("swift")[^1].BodyText;
        sent.ShouldContain("data:image/png;base64,AQID");
        sent.ShouldContain("https://example.org/cat.jpg");
        sent.ShouldContain("\"input_audio\":{\"data\":\"BAUG\",\"format\":\"wav\"}");
        sent.ShouldContain("\"filename\":\"a.pdf\"");
    }

    [Fact]
    public async Task Content_ThatCannotBeCarried_IsRefusedByItsName()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);
        using var client = gateway.AsChatClient("sim/swift");

        var odd = await Should.ThrowAsync<GatewayException>(() =>
            client.GetResponseAsync([new(ChatRole.User, [new HostedVectorStoreContent("v")])])
        );
        var kept = await Should.ThrowAsync<GatewayException>(() =>
            client.GetResponseAsync("Hi", new ChatOptions { ConversationId = "c1" })
        );
        var tool = await Should.ThrowAsync<GatewayException>(() =>
            client.GetResponseAsync("Hi", new ChatOptions { Tools = [new HostedWebSearchTool()] })
        );

        (odd.Kind, odd.Param).ShouldBe((GatewayFailure.InvalidRequest, "messages[0]"));
        (kept.Kind, kept.Param).ShouldBe((GatewayFailure.NotSupported, "conversation_id"));
        (tool.Kind, tool.Param).ShouldBe((GatewayFailure.NotSupported, "tools"));
    }

    [Fact]
    public async Task Options_OfACall_StandOverThoseOfTheClient()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);
        using var client = gateway.AsChatClient(
            "sim/swift",
            new CompletionOptions { WorkspaceId = "house", SystemPrompt = "Be kind." }
        );

        var usual = await client.GetResponseAsync(
            "Hi",
            new ChatOptions
            {
                Instructions = "Be brief.",
                ResponseFormat = ChatResponseFormat.ForJsonSchema(
                    JsonElement.Parse("""{"type":"object","properties":{"a":{"type":"string"}}}""")
                ),
            }
        );
        var sent = provider.Host.Requests.Of("swift")[^1].BodyText;
        var own = await client.GetResponseAsync(
            "Hi",
            new ChatOptions
            {
                ModelId = "sim/coder",
                RawRepresentationFactory = static _ => new CompletionOptions
                {
                    WorkspaceId = "mine",
                    EnableFallback = false,
                },
            }
        );

        usual.ModelId.ShouldBe("sim/swift");
        JsonDocument.Parse(usual.Text).RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
        Json(sent, "messages", 0)
            .GetProperty("content")
            .GetString()
            .ShouldBe("Be kind.\n\nBe brief.");
        own.ModelId.ShouldBe("sim/coder");
        client.GetService<Gateway>().ShouldBeSameAs(gateway);
        client.GetService<ChatClientMetadata>()!.ProviderName.ShouldBe("dragoman");
        client.GetService<ChatClientMetadata>()!.DefaultModelId.ShouldBe("sim/swift");
    }

    [Fact]
    public async Task Failure_OfTheInnerGateway_KeepsItsKind()
    {
        await using var inner = SimulatedGateway.Of(provider.Host);
        await using var outer = Around(
            inner.AsChatClient(options: new CompletionOptions { EnableFallback = false }),
            "sim/fault-429-long"
        );

        var failure = await Should.ThrowAsync<GatewayException>(() =>
            outer.CompleteAsync(
                "Hi",
                new CompletionOptions { Model = "door/sim/fault-429-long", EnableFallback = false }
            )
        );

        failure.Kind.ShouldBe(GatewayFailure.RateLimited);
        failure.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task Stream_CutUpstream_ThrowsRatherThanEnds()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);
        using var client = gateway.AsChatClient(
            "sim/fault-cut",
            new CompletionOptions { EnableFallback = false }
        );

        var failure = await Should.ThrowAsync<GatewayException>(async () =>
        {
            await foreach (var _ in client.GetStreamingResponseAsync("Tell me 40 words")) { }
        });

        failure.Kind.ShouldBe(GatewayFailure.Upstream);
    }

    private static JsonElement Json(string body, string list, int index) =>
        JsonElement.Parse(body).GetProperty(list)[index];

    private static Gateway Around(IChatClient client, string model) =>
        Gateway.Create(builder =>
            builder
                .UseConfiguration("{}")
                .UseEnvironment(static _ => null)
                .LookForLocalServers(false)
                .AddProvider("door", client, model)
        );

    private static async Task<ChatResponse> AskAsync(
        IChatClient client,
        IReadOnlyList<ChatMessage> conversation,
        ChatOptions options,
        bool streamed
    ) =>
        streamed
            ? await client.GetStreamingResponseAsync(conversation, options).ToChatResponseAsync()
            : await client.GetResponseAsync(conversation, options);
}
