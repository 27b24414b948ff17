using System.Net;
using System.Runtime.CompilerServices;
using Dragoman.Providers.ChatClients;
using Dragoman.Server.Tests.Hosting;
using Microsoft.Extensions.AI;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Inference;

/// <summary>Any <see cref="IChatClient"/> is a provider like all others.</summary>
public sealed class ChatClientProviderTests
{
    private const string Hello =
        """{"model":"house/parrot","temperature":0.5,"max_tokens":9,"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"Hello"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}""";

    [Fact]
    public async Task Ask_AChatClient_AnswersLikeAnyProvider()
    {
        var parrot = new Parrot();
        await using var server = await StartAsync(parrot);

        using var answer = await server.PostAsync("/v1/chat/completions", Hello);
        var json = await answer.JsonAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("x-dragoman-model").ShouldBe(["house/parrot"]);
        var choice = json.GetProperty("choices")[0];
        choice.GetProperty("message").GetProperty("content").GetString().ShouldBe("Hello Hello");
        choice.GetProperty("finish_reason").GetString().ShouldBe("stop");
        json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(7);
        json.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(2);
        parrot.Asked!.ModelId.ShouldBe("parrot");
        parrot.Asked.Temperature.ShouldBe(0.5f);
        parrot.Asked.MaxOutputTokens.ShouldBe(9);
        parrot.Heard[0].Role.ShouldBe(ChatRole.System);
        parrot.Heard[1].Contents[1].ShouldBeOfType<DataContent>().MediaType.ShouldBe("image/png");
    }

    [Fact]
    public async Task Stream_AChatClient_ForwardsEachUpdate()
    {
        await using var server = await StartAsync(new Parrot());

        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            Hello.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal)
        );
        var body = await answer.Content.ReadAsStringAsync();

        body.ShouldContain("\"content\":\"Hello\"");
        body.ShouldContain("\"content\":\" Hello\"");
        body.ShouldContain("\"finish_reason\":\"stop\"");
        body.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Ask_WithTools_TellsThemAndGivesBackTheCall()
    {
        var parrot = new Parrot { CallsTools = true };
        await using var server = await StartAsync(parrot);

        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            """{"model":"house/parrot","tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}],"tool_choice":"required","messages":[{"role":"user","content":"Hi"}]}"""
        );
        var message = (await answer.JsonAsync()).GetProperty("choices")[0].GetProperty("message");

        var call = message.GetProperty("tool_calls")[0];
        call.GetProperty("id").GetString().ShouldBe("c1");
        call.GetProperty("function").GetProperty("name").GetString().ShouldBe("weather");
        call.GetProperty("function")
            .GetProperty("arguments")
            .GetString()
            .ShouldBe("{\"city\":\"Rom\"}");
        parrot.Asked!.ToolMode.ShouldBe(ChatToolMode.RequireAny);
        parrot
            .Asked.Tools!.OfType<AIFunctionDeclaration>()
            .ShouldHaveSingleItem()
            .JsonSchema.GetProperty("properties")
            .GetProperty("city")
            .GetProperty("type")
            .GetString()
            .ShouldBe("string");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_AClientThatFails_IsAFailureThatOthersMend(bool isStream)
    {
        var parrot = new Parrot { Fails = true };
        await using var server = await StartAsync(parrot);
        var body = Hello.Replace(
            "{\"model\"",
            $$"""{"stream":{{(isStream ? "true" : "false")}},"dragoman":{"fallback":["house2/parrot"]},"model" """.TrimEnd(),
            StringComparison.Ordinal
        );

        using var answer = await server.PostAsync("/v1/chat/completions", body);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("x-dragoman-model").ShouldBe(["house2/parrot"]);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Hello");
    }

    /// <summary>What a client of ours sent wrongly is no failure of the provider.</summary>
    [Fact]
    public async Task Ask_WithAnImageThatIsNone_IsABadRequest()
    {
        await using var server = await StartAsync(new Parrot());

        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            Hello.Replace("base64,AAAA", "base64,!!!", StringComparison.Ordinal)
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Models_OfAChatClient_AreListed()
    {
        await using var server = await StartAsync(new Parrot());

        using var answer = await server.GetAsync("/v1/models");

        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"house/parrot\"");
    }

    private static Task<ServerUnderTest> StartAsync(Parrot parrot) =>
        ServerUnderTest.StartAsync(configure: options =>
            options with
            {
                ChatClients =
                [
                    new ChatClientProvider("house", parrot, "parrot"),
                    new ChatClientProvider("house2", new Parrot(), "parrot"),
                ],
            }
        );

    /// <summary>Says twice what it heard last.</summary>
    private sealed class Parrot : IChatClient
    {
        public bool CallsTools { get; init; }
        public bool Fails { get; init; }
        public ChatOptions? Asked { get; private set; }
        public List<ChatMessage> Heard { get; private set; } = [];

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            Hear(messages, options);
            AIContent content = CallsTools
                ? new FunctionCallContent(
                    "c1",
                    "weather",
                    new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Rom" }
                )
                : new TextContent($"{Heard[^1].Text} {Heard[^1].Text}");
            return Task.FromResult(
                new ChatResponse(new ChatMessage(ChatRole.Assistant, [content]))
                {
                    Usage = new UsageDetails { InputTokenCount = 7, OutputTokenCount = 2 },
                }
            );
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            Hear(messages, options);
            yield return new ChatResponseUpdate(ChatRole.Assistant, Heard[^1].Text);
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, " " + Heard[^1].Text)
            {
                FinishReason = ChatFinishReason.Stop,
            };
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }

        private void Hear(IEnumerable<ChatMessage> messages, ChatOptions? options)
        {
            if (Fails)
                throw new InvalidOperationException("no voice today");
            (Heard, Asked) = ([.. messages], options);
        }
    }
}
