using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Inference;

/// <summary>Every dialect of clients with every dialect of providers, through the real server: what is said arrives, and what is answered.</summary>
public sealed class EveryPairTests : IAsyncLifetime
{
    private static readonly FunctionTool Weather = new(JsonText.Of("weather"))
    {
        Description = JsonText.Of("The weather of a city"),
        Parameters = RawJson.Of(
            """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""
        ),
    };

    private SimulatorHost _simulator = null!;
    private ServerUnderTest _server = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync();
        _server = await ServerUnderTest.StartAsync(
            config: "providers:\n"
                + string.Concat(
                    DialectSlice.All.Select(dialect =>
                        $"  to-{dialect.Name}: {{ dialect: {dialect.Name}, base_url: \"{_simulator.RootUrl}{RootOf(dialect.Name)}\" }}\n"
                    )
                )
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var client in DialectSlice.All)
        foreach (var provider in DialectSlice.All)
            pairs.Add(client.Name, provider.Name);
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Text_PlainAndStreamed_Arrives(string client, string provider)
    {
        foreach (var stream in (bool[])[false, true])
        {
            var reply = await new DialectClient(_server, client).AskAsync(
                Request(provider, stream, Say("[[say Grüß \"Gott\" 🏮]]"))
            );

            TextOf(reply).ShouldBe("Grüß \"Gott\" 🏮", $"stream {stream}");
            reply.Choices[0].Stop.ShouldBe(StopReason.Stop);
            var usage = reply.Usage.ShouldNotBeNull();
            usage.TotalInput.ShouldNotBeNull().ShouldBeGreaterThan(0);
            usage.TotalOutput.ShouldNotBeNull().ShouldBeGreaterThan(0);
        }
        _simulator.Requests.CountOf("swift").ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Tools_CalledTwiceAtOnceAndAnswered_ComeToAnEnd(string client, string provider)
    {
        foreach (var stream in (bool[])[false, true])
        {
            var asked = new DialectClient(_server, client);
            var first = Say(
                "[[call weather {\"city\":\"Rom\"}]] [[call weather {\"city\":\"Oslo\"}]] [[say Both are fine.]]"
            );
            var request = Request(provider, stream, first) with { Tools = [Weather] };
            var reply = await asked.AskAsync(request);

            var calls = reply.Choices[0].Message.Parts.OfType<ToolCallPart>().ToList();
            calls
                .Select(Describe)
                .ShouldBe(["weather {\"city\":\"Rom\"}", "weather {\"city\":\"Oslo\"}"]);
            reply.Choices[0].Stop.ShouldBe(StopReason.ToolCalls);

            var last = await asked.AskAsync(
                request with
                {
                    Messages =
                    [
                        first,
                        reply.Choices[0].Message,
                        .. calls.Select(
                            static (call, i) => Result(call, i == 0 ? "sunny" : "snow")
                        ),
                    ],
                }
            );
            TextOf(last).ShouldBe("Both are fine.", $"stream {stream}");
            last.Choices[0].Stop.ShouldBe(StopReason.Stop);
        }
    }

    public static TheoryData<string, string> Signing()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var client in DialectSlice.All)
        foreach (var provider in (string[])["anthropic", "gemini"])
            // Ollama's has no place for what is opaque.
            if (client.Name != "ollama")
                pairs.Add(client.Name, provider);
        return pairs;
    }

    /// <summary>The provider refuses thinking that does not come back as it was given: signatures go through any client.</summary>
    [Theory]
    [MemberData(nameof(Signing))]
    public async Task Signatures_ThroughEveryClient_ComeBackUntouched(
        string client,
        string provider
    )
    {
        foreach (var stream in (bool[])[false, true])
        {
            var asked = new DialectClient(_server, client);
            var first = Say("[[call weather {\"city\":\"Rom\"}]] [[say Fine.]]");
            var request = Request(provider, stream, first, "fault-strict-signatures") with
            {
                Tools = [Weather],
                MaxTokens = 4096,
                ReasoningEffort = JsonText.Of("low"),
                ReasoningShown = true,
            };
            var reply = await asked.AskAsync(request);
            var call = reply
                .Choices[0]
                .Message.Parts.OfType<ToolCallPart>()
                .ShouldHaveSingleItem($"stream {stream}");

            var last = await asked.AskAsync(
                request with
                {
                    Messages = [first, reply.Choices[0].Message, Result(call, "sunny")],
                }
            );
            TextOf(last).ShouldBe("Fine.", $"stream {stream}");
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Schema_AskedFor_IsAnsweredBy(string client, string provider)
    {
        var format = new ResponseFormat(ResponseFormatKind.JsonSchema)
        {
            Name = JsonText.Of("answer"),
            Schema = Weather.Parameters,
            IsStrict = true,
        };
        foreach (var stream in (bool[])[false, true])
        {
            var reply = await new DialectClient(_server, client).AskAsync(
                Request(provider, stream, Say("Where?")) with
                {
                    ResponseFormat = format,
                }
            );

            using var json = System.Text.Json.JsonDocument.Parse(TextOf(reply));
            json.RootElement.GetProperty("city").GetString().ShouldNotBeNull();
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Failure_OfTheProvider_IsToldInTheClientsShape(string client, string provider)
    {
        foreach (var stream in (bool[])[false, true])
        {
            var (status, error, body) = await new DialectClient(_server, client).FailAsync(
                Request(provider, stream, Say("Hello"), "fault-500")
            );

            status.ShouldBeInRange(500, 529, body);
            error.IsCanonicalShape.ShouldBeTrue(body);
            error.Message.ShouldNotBeNullOrWhiteSpace();
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public Task Stream_CutByTheProvider_IsNotPassedOffAsWhole(string client, string provider) =>
        Should.ThrowAsync<HttpRequestException>(() =>
            new DialectClient(_server, client).SendAsync(
                Request(provider, true, Say("300 words"), "fault-cut")
            )
        );

    private static string RootOf(string dialect) =>
        dialect switch
        {
            "gemini" => "/v1beta",
            "ollama" => "",
            _ => "/v1",
        };

    private static ChatRequest Request(
        string provider,
        bool stream,
        Message message,
        string model = "swift"
    ) =>
        new()
        {
            Model = JsonText.Of($"to-{provider}/{model}"),
            Messages = [message],
            Stream = stream,
            IncludeUsage = stream ? true : null,
        };

    private static Message Say(string text) => Message.OfText(MessageRole.User, text);

    private static Message Result(ToolCallPart call, string text) =>
        new(
            MessageRole.Tool,
            [new ToolResultPart(call.Id, [new TextPart(JsonText.Of(text))]) { Name = call.Name }]
        )
        {
            IsBareText = true,
        };

    private static string Describe(ToolCallPart call) =>
        $"{call.Name} {(call.Arguments.TryAsJson(out var json) ? json.ToString().Replace(" ", "", StringComparison.Ordinal) : call.Arguments.ToString())}";

    private static string TextOf(ChatReply reply) =>
        string.Concat(
            reply.Choices[0].Message.Parts.OfType<TextPart>().Select(static part => part.Text)
        );
}
