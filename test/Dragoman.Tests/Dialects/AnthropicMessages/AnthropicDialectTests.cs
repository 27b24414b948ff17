using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.AnthropicMessages;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.AnthropicMessages;

public class AnthropicDialectTests
{
    private readonly AnthropicDialect _dialect = new();

    [Theory]
    [InlineData(GatewayErrorKind.InvalidRequest, 400, "invalid_request_error")]
    [InlineData(GatewayErrorKind.ContextLength, 400, "invalid_request_error")]
    [InlineData(GatewayErrorKind.Authentication, 401, "authentication_error")]
    [InlineData(GatewayErrorKind.Permission, 403, "permission_error")]
    [InlineData(GatewayErrorKind.NotFound, 404, "not_found_error")]
    [InlineData(GatewayErrorKind.RequestTooLarge, 413, "request_too_large")]
    [InlineData(GatewayErrorKind.RateLimited, 429, "rate_limit_error")]
    [InlineData(GatewayErrorKind.Internal, 500, "api_error")]
    [InlineData(GatewayErrorKind.Upstream, 502, "api_error")]
    [InlineData(GatewayErrorKind.Timeout, 504, "timeout_error")]
    [InlineData(GatewayErrorKind.Unavailable, 529, "overloaded_error")]
    public void WriteError_EachKind_HasAnthropicsWordsAndStatus(
        GatewayErrorKind kind,
        int status,
        string type
    )
    {
        var error = new GatewayError(kind, "why \"so\" <b> \ud800");

        _dialect.StatusOf(error).ShouldBe(status);
        Written(output => _dialect.WriteError(output, error))
            .ShouldBe(
                $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"why \"so\" <b> \ud800"}}"""
            );
        Written(output => _dialect.WriteStreamError(output, error))
            .ShouldStartWith("event: error\ndata: {\"type\":\"error\",");
    }

    [Fact]
    public void WriteError_EveryKind_IsReadBackAsItsOwnShape()
    {
        foreach (var kind in Enum.GetValues<GatewayErrorKind>())
            _dialect
                .ReadError(
                    Encoding.UTF8.GetBytes(
                        Written(output => _dialect.WriteError(output, new GatewayError(kind, "m")))
                    )
                )
                .IsCanonicalShape.ShouldBeTrue(kind.ToString());
    }

    [Fact]
    public void WriteError_UpstreamBody_IsRelayedAsItIs()
    {
        const string body =
            "{ \"type\":\"error\",\n \"error\": {\"type\":\"x\",\"message\":\"m\"} }";
        var error = new GatewayError(GatewayErrorKind.Upstream, "m")
        {
            UpstreamBody = Encoding.UTF8.GetBytes(body),
        };

        Written(output => _dialect.WriteError(output, error)).ShouldBe(body);
        Written(output => _dialect.WriteStreamError(output, error))
            .ShouldBe($"event: error\ndata: {body.Replace("\n", "")}\n\n");
    }

    [Theory]
    [InlineData(
        """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"}""",
        "Overloaded",
        "overloaded_error",
        true
    )]
    [InlineData("""{"error":{"type":"x","message":"OpenAI's"}}""", "OpenAI's", "x", false)]
    [InlineData("""{"type":"error","error":{"message":"no type"}}""", "no type", "error", false)]
    [InlineData("""{"detail":"not here"}""", "not here", null, false)]
    [InlineData("<html>bad gateway</html>", null, null, false)]
    [InlineData("upstream connect error", "upstream connect error", null, false)]
    [InlineData("", null, null, false)]
    public void ReadError_AnyBody_FindsItsWords(
        string body,
        string? message,
        string? type,
        bool isOwn
    )
    {
        var error = _dialect.ReadError(Encoding.UTF8.GetBytes(body));

        error.Message.ShouldBe(message);
        error.Type.ShouldBe(type);
        error.IsCanonicalShape.ShouldBe(isOwn);
    }

    [Fact]
    public void WriteReply_OfAnotherProvider_IsAWholeMessage()
    {
        var reply = new ChatReply
        {
            Choices =
            [
                new ChatChoice(
                    0,
                    new Message(
                        MessageRole.Assistant,
                        [
                            new ReasoningPart(JsonText.Of("hm")) { WireName = "reasoning" },
                            new ReasoningPart(default)
                            {
                                Signature = JsonText.Of("enc"),
                                SignatureOf = "openai-responses",
                                IsRedacted = true,
                            },
                            new TextPart(JsonText.Of("x")),
                            new ToolCallPart(
                                JsonText.Of("f"),
                                ToolArguments.FromText(JsonText.Of("not json"))
                            ),
                        ]
                    )
                )
                {
                    Stop = StopReason.ToolCalls,
                    StopWord = JsonText.Of("tool_calls"),
                },
                new ChatChoice(1, Message.OfText(MessageRole.Assistant, "second")),
            ],
            Citations = [new Citation(JsonText.Of("https://a")) { Title = JsonText.Of("A") }],
            Usage = new TokenUsage { Input = 3, Output = 4 },
        };

        var message = JsonNode.Parse(
            Written(output =>
                _dialect.WriteReply(output, reply, new(JsonText.Of("1"), JsonText.Of("m"), 1))
            )
        )!;

        message["id"]!.GetValue<string>().ShouldBe("msg_1");
        message["model"]!.GetValue<string>().ShouldBe("m");
        message["stop_reason"]!.GetValue<string>().ShouldBe("tool_use");
        message["usage"]!.ToJsonString().ShouldBe("""{"input_tokens":3,"output_tokens":4}""");
        var content = message["content"]!.AsArray();
        content.Count.ShouldBe(4);
        content[0]!
            .ToJsonString()
            .ShouldBe("""{"type":"thinking","thinking":"hm","signature":""}""");
        content[2]!["citations"]![0]!["url"]!.GetValue<string>().ShouldBe("https://a");
        content[3]!
            .ToJsonString()
            .ShouldBe(
                """{"type":"tool_use","id":"toolu_msg_1_0","name":"f","input":{"arguments":"not json"}}"""
            );
        // What was withheld comes back to its own provider as it was.
        var (data, of) = CarriedSignature.Read(
            JsonText.Of(content[1]!["data"]!.GetValue<string>()),
            "anthropic"
        );
        (data.ToString(), of).ShouldBe(("enc", "openai-responses"));
    }

    [Fact]
    public void TryReadReply_TheAnswerTool_IsTheAnswersText()
    {
        _dialect
            .TryReadReply(
                """{"type":"message","content":[{"type":"tool_use","id":"t","name":"dragoman_answer","input":{"a":"\"x\""}}],"stop_reason":"tool_use"}"""u8.ToArray(),
                new ProviderType { Name = "p", Dialect = "anthropic" },
                out var reply,
                out _
            )
            .ShouldBeTrue();

        var choice = reply!.Choices.ShouldHaveSingleItem();
        choice.Stop.ShouldBe(StopReason.Stop);
        choice
            .Message.Parts.ShouldHaveSingleItem()
            .ShouldBeOfType<TextPart>()
            .Text.ToString()
            .ShouldBe("""{"a":"\"x\""}""");
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"x","message":"m"}}""", "m")]
    [InlineData("""{"id":"x"}""", null)]
    [InlineData("[]", null)]
    [InlineData("{", "{")]
    public void TryReadReply_WhatIsNoMessage_IsNone(string body, string? message)
    {
        _dialect
            .TryReadReply(
                Encoding.UTF8.GetBytes(body),
                new ProviderType { Name = "p", Dialect = "anthropic" },
                out var reply,
                out var error
            )
            .ShouldBeFalse();

        reply.ShouldBeNull();
        error!.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("""{"model":"m","max_tokens":1}""", "messages: is missing")]
    [InlineData(
        """{"max_tokens":1,"messages":[{"role":"user","content":"x"}]}""",
        "model: is missing"
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":"x"}]}""",
        "max_tokens: is missing"
    )]
    [InlineData(
        """{"model":"m","max_tokens":0,"messages":[{"role":"user","content":"x"}]}""",
        "max_tokens: expected a whole number of at least 1, got 0"
    )]
    [InlineData(
        """{"model":"m","max_tokens":1,"messages":[{"role":"tool","content":"x"}]}""",
        "messages[0].role: expected user or assistant, got 'tool'"
    )]
    [InlineData(
        """{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"text":"x"}]}]}""",
        "messages[0].content[0].type: is missing"
    )]
    [InlineData(
        """{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"tool_result"}]}]}""",
        "messages[0].content[0].tool_use_id: is missing"
    )]
    [InlineData(
        """{"model":"m","max_tokens":1,"system":7,"messages":[{"role":"user","content":"x"}]}""",
        "system: expected a string or a list of text blocks, got 7"
    )]
    [InlineData(
        """{"model":"m","max_tokens":1,"tool_choice":"auto","messages":[{"role":"user","content":"x"}]}""",
        "tool_choice: expected an object with a type: auto, any, tool or none, got 'auto'"
    )]
    [InlineData(
        """{"model":"m","max_tokens":1,"tools":[{"input_schema":{}}],"messages":[{"role":"user","content":"x"}]}""",
        "tools[0].name: is missing"
    )]
    public void TryReadRequest_AWrongField_IsRefusedNamingIt(string body, string message)
    {
        _dialect
            .TryReadRequest(
                Encoding.UTF8.GetBytes(body),
                new RequestEnvelope { Model = "m" },
                out var request,
                out var error
            )
            .ShouldBeFalse();

        request.ShouldBeNull();
        error!.Message.ShouldStartWith(message);
    }

    [Fact]
    public void TryReadRequest_AnEffortWithoutThinking_StaysOneForAnthropicsModels()
    {
        const string body =
            """{"model":"claude-opus-4-6","max_tokens":9,"output_config":{"effort":"low"},"messages":[{"role":"user","content":"x"}]}""";
        _dialect.TryReadRequest(
            Encoding.UTF8.GetBytes(body),
            new RequestEnvelope { Model = "m" },
            out var request,
            out _
        );

        JsonEquality.ShouldBeEqual(
            Encoding.UTF8.GetBytes(body),
            Encoding.UTF8.GetBytes(
                Written(output =>
                    _dialect.WriteRequest(
                        output,
                        request!,
                        Targets.Of("anthropic", "claude-opus-4-6"),
                        new Losses()
                    )
                )
            ),
            "effort"
        );
    }

    private static string Written(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
