using System.Buffers;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

/// <summary>Reasoning of every provider on its way to a client of this dialect and back.</summary>
public class OpenAIReasoningTests
{
    private static readonly OpenAIChatDialect Dialect = new();
    private static readonly ReplyFallback Fallback = new(
        JsonText.Of("9"),
        JsonText.Of("m"),
        1760000000
    );

    private static readonly Part[] Anthropics =
    [
        new ReasoningPart(JsonText.Of("hm \"so\""))
        {
            Signature = JsonText.Of("sig/1="),
            SignatureOf = "anthropic",
        },
        new ReasoningPart(default(JsonText))
        {
            Signature = JsonText.Of("hidden"),
            SignatureOf = "anthropic",
            IsRedacted = true,
        },
        new TextPart(JsonText.Of("Yes.")),
    ];

    private static readonly Part[] Geminis =
    [
        new ReasoningPart(JsonText.Of("I should ask.")),
        new ReasoningPart(default(JsonText))
        {
            Signature = JsonText.Of("Z3NpZw=="),
            SignatureOf = "gemini",
        },
        new ToolCallPart(JsonText.Of("tide"), ToolArguments.FromJson(RawJson.Of("{}"))),
    ];

    [Fact]
    public void Reply_WithSignaturesOfAnthropic_ComesBackFromTheClientAsItWas()
    {
        var message = Message(WriteReply(Anthropics));

        message.GetProperty("reasoning_content").GetString().ShouldBe("hm \"so\"");
        message.GetProperty("refusal").ValueKind.ShouldBe(JsonValueKind.Null);
        var details = message.GetProperty("reasoning_details");
        details[0].GetProperty("type").GetString().ShouldBe("reasoning.text");
        details[0].GetProperty("format").GetString().ShouldBe("anthropic-claude-v1");
        details[1].GetProperty("type").GetString().ShouldBe("reasoning.encrypted");
        ReadBack(message).ShouldBe(Anthropics, Comparer);
    }

    [Fact]
    public void Stream_WithSignaturesOfAnthropic_ComesBackFromTheClientAsItWas()
    {
        var message = Streamed(
            Anthropics,
            sink =>
            {
                sink.Take(ChatEvent.OfReasoning(0, "hm "u8));
                sink.Take(ChatEvent.OfReasoning(0, "\\\"so\\\""u8));
                sink.Take(ChatEvent.OfSignature(0, "sig"u8, "anthropic"));
                sink.Take(ChatEvent.OfSignature(0, "/1="u8, "anthropic"));
                sink.Take(ChatEvent.OfPartEnd(0));
                sink.Take(ChatEvent.OfRedacted(0, "hidden"u8, "anthropic"));
                sink.Take(ChatEvent.OfPartEnd(0));
                sink.Take(ChatEvent.OfText(0, "Yes."u8));
                sink.Take(ChatEvent.OfStop(0, StopReason.Stop));
            }
        );

        ReadBack(message).ShouldBe(Anthropics, Comparer);
    }

    [Fact]
    public void Blocks_OfWhichOneIsSigned_AllComeBack()
    {
        Part[] parts =
        [
            new ReasoningPart(JsonText.Of("First this.")),
            new ReasoningPart(JsonText.Of("Then that."))
            {
                Signature = JsonText.Of("gAAA"),
                SignatureOf = "openai-responses",
            },
            new TextPart(JsonText.Of("Yes.")),
        ];

        ReadBack(Message(WriteReply(parts))).ShouldBe(parts, Comparer);
        ReadBack(
                Streamed(
                    parts,
                    sink =>
                    {
                        sink.Take(ChatEvent.OfReasoning(0, "First this."u8));
                        sink.Take(ChatEvent.OfPartEnd(0));
                        sink.Take(ChatEvent.OfReasoning(0, "Then that."u8));
                        sink.Take(ChatEvent.OfSignature(0, "gAAA"u8, "openai-responses"));
                        sink.Take(ChatEvent.OfPartEnd(0));
                        sink.Take(ChatEvent.OfText(0, "Yes."u8));
                        sink.Take(ChatEvent.OfStop(0, StopReason.Stop));
                    }
                )
            )
            .ShouldBe(parts, Comparer);
    }

    [Fact]
    public void Reply_WithASignedCallOfGemini_ShowsItOnTheCallAsGoogleDoes()
    {
        var message = Message(WriteReply(Geminis));

        message
            .GetProperty("tool_calls")[0]
            .GetProperty("extra_content")
            .GetProperty("google")
            .GetProperty("thought_signature")
            .GetString()
            .ShouldBe("Z3NpZw==");
        message.TryGetProperty("reasoning_details", out _).ShouldBeFalse();
        var parts = ReadBack(message);
        parts[1].ShouldBe(Geminis[1], Comparer);
        parts[2].ShouldBeOfType<ToolCallPart>().Id.ShouldNotBeNull();
    }

    [Fact]
    public void Stream_WithASignedCallOfGemini_ShowsItOnTheCallAsGoogleDoes()
    {
        var message = Streamed(
            Geminis,
            sink =>
            {
                sink.Take(ChatEvent.OfReasoning(0, "I should ask."u8));
                sink.Take(ChatEvent.OfPartEnd(0));
                sink.Take(ChatEvent.OfSignature(0, "Z3NpZw=="u8, "gemini"));
                sink.Take(ChatEvent.OfToolCall(0, 0, default, "tide"u8));
                sink.Take(ChatEvent.OfToolArguments(0, 0, "{}"u8));
                sink.Take(ChatEvent.OfStop(0, StopReason.ToolCalls));
            }
        );

        ReadBack(message).SkipLast(1).Last().ShouldBe(Geminis[1], Comparer);
    }

    [Fact]
    public void Stream_WithASignedTextOfGemini_SaysSoBeforeTheText()
    {
        Part[] parts =
        [
            new ReasoningPart(default(JsonText))
            {
                Signature = JsonText.Of("Z3NpZw=="),
                SignatureOf = "gemini",
            },
            new TextPart(JsonText.Of("Yes.")),
        ];
        var message = Streamed(
            parts,
            sink =>
            {
                sink.Take(ChatEvent.OfSignature(0, "Z3NpZw=="u8, "gemini"));
                sink.Take(ChatEvent.OfText(0, "Yes."u8));
                sink.Take(ChatEvent.OfStop(0, StopReason.Stop));
            }
        );

        ReadBack(message).ShouldBe(parts, Comparer);
    }

    [Fact]
    public void Request_WithDetailsOfItsProvider_ReadsThemForOtherDialectsAndKeepsThemForItsOwn()
    {
        var request = Read(
            """
            {"model":"m","messages":[{"role":"user","content":"?"},{"role":"assistant","content":"!","reasoning":"hm",
            "reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s","format":"anthropic-claude-v1","index":0}]}]}
            """
        );

        var reasoning = request.Messages[1].Parts.OfType<ReasoningPart>().ShouldHaveSingleItem();
        reasoning.Text.ToString().ShouldBe("hm");
        reasoning.SignatureOf.ShouldBe("openai");
        // Through a client of another dialect, which sends back text and signature alone.
        var (signature, of) = CarriedSignature.Read(
            CarriedSignature.Show(reasoning.Signature!.Value, "openai", "anthropic"),
            "anthropic"
        );
        var back = new ReasoningPart(JsonText.Of("hm")) { Signature = signature, SignatureOf = of };
        var openRouter = Targets.Of(
            "openai",
            type: new ProviderType
            {
                Name = "p",
                Dialect = "openai",
                Chat = new ChatHabits { ReasoningReturn = ReasoningReturn.Details },
            }
        );
        var message = WrittenFor(
            openRouter,
            [back, new TextPart(JsonText.Of("!"))],
            out var losses
        );

        JsonEquality.ShouldBeEqual(
            """[{"type":"reasoning.text","text":"hm","signature":"s","format":"anthropic-claude-v1","index":0}]"""u8.ToArray(),
            Encoding.UTF8.GetBytes(message.GetProperty("reasoning_details").GetRawText()),
            "details"
        );
        losses.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ReasoningReturn.None, null)]
    [InlineData(ReasoningReturn.AsCame, null)]
    [InlineData(ReasoningReturn.ContentOfToolTurns, "\"reasoning_content\":\"hm\"")]
    [InlineData(ReasoningReturn.Reasoning, "\"reasoning\":\"hm\"")]
    [InlineData(
        ReasoningReturn.Parts,
        """ "content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}] """
    )]
    [InlineData(
        ReasoningReturn.Details,
        """ "reasoning_details":[{"type":"reasoning.text","text":"hm","index":0}] """
    )]
    public void History_OfAnotherDialect_GoesBackAsTheVendorWantsIt(
        ReasoningReturn way,
        string? expected
    )
    {
        var target = Targets.Of(
            "openai",
            type: new ProviderType
            {
                Name = "p",
                Dialect = "openai",
                Chat = new ChatHabits { ReasoningReturn = way },
            },
            can: new ModelCapabilities { Reasoning = true }
        );
        var message = WrittenFor(
            target,
            [
                new ReasoningPart(JsonText.Of("hm"))
                {
                    Signature = JsonText.Of("s"),
                    SignatureOf = "anthropic",
                },
                new ToolCallPart(JsonText.Of("f"), ToolArguments.FromText(JsonText.Of("{}")))
                {
                    Id = JsonText.Of("a"),
                },
            ],
            out var losses
        );

        if (expected is null)
        {
            message.GetRawText().ShouldNotContain("hm");
            losses.ShouldBe(["messages[0] (reasoning)"]);
        }
        else
        {
            message.GetRawText().ShouldContain(expected.Trim());
            losses.ShouldBeEmpty();
        }
    }

    [Fact]
    public void History_ThatCalledToolsWithoutReasoning_SaysSoToWhomDemandsIt()
    {
        var target = Targets.Of("openai", type: ProviderTypes.Default.Find("deepseek"));

        var message = WrittenFor(
            target,
            [new ToolCallPart(JsonText.Of("f"), ToolArguments.FromText(JsonText.Of("{}")))],
            out _
        );

        message.GetProperty("reasoning_content").GetString().ShouldBe("");
    }

    [Fact]
    public void History_OfThisDialect_LeavesOutWhatTheVendorRefuses()
    {
        var request = Read(
            """
            {"model":"m","messages":[{"role":"assistant","content":"!","reasoning_content":"hm","tool_calls":[
            {"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"g"}}}]}]}
            """
        );

        var message = WrittenFor(
            Targets.Of("openai", type: ProviderTypes.Default.Find("groq")),
            request.Messages[0].Parts,
            out var losses
        );

        message.GetRawText().ShouldNotContain("hm");
        message.GetRawText().ShouldNotContain("extra_content");
        losses.ShouldBe(["messages[0] (reasoning)"]);
    }

    private static ChatRequest Read(string body)
    {
        OpenAIChatRequestReader
            .TryRead(Encoding.UTF8.GetBytes(body), out var request, out var error)
            .ShouldBeTrue(error?.Message);
        return request!;
    }

    private static JsonElement WrittenFor(
        Deployment target,
        IReadOnlyList<Part> parts,
        out Losses losses
    )
    {
        var output = new ArrayBufferWriter<byte>();
        losses = new Losses();
        Dialect.WriteRequest(
            output,
            new ChatRequest
            {
                Model = JsonText.Of("m"),
                Messages = [new Message(MessageRole.Assistant, parts)],
            },
            target,
            losses
        );
        return JsonDocument.Parse(output.WrittenMemory).RootElement.GetProperty("messages")[0];
    }

    private static byte[] WriteReply(IReadOnlyList<Part> parts)
    {
        var output = new ArrayBufferWriter<byte>();
        Dialect.WriteReply(
            output,
            new ChatReply
            {
                Choices = [new ChatChoice(0, new Message(MessageRole.Assistant, parts))],
            },
            Fallback
        );
        return output.WrittenSpan.ToArray();
    }

    private static JsonElement Message(byte[] reply) =>
        JsonDocument
            .Parse(reply)
            .RootElement.GetProperty("choices")[0]
            .GetProperty("message")
            .Clone();

    /// <summary>The message a client puts together from a stream: ours, which is checked, gathered by our own reader.</summary>
    private static JsonElement Streamed(Part[] parts, Action<IChatEventSink> events)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = Dialect.CreateStreamWriter(output, new StreamWriting(Fallback));
        events(writer);
        writer.Take(ChatEvent.OfEnd());
        StreamRules.ShouldHold(output.WrittenSpan.ToArray(), parts[0].ToString()!);
        return StreamedMessage.Of(output.WrittenSpan);
    }

    private static IReadOnlyList<Part> ReadBack(JsonElement message) =>
        Read($$"""{"model":"m","messages":[{{message.GetRawText()}}]}""").Messages[0].Parts;

    private static readonly IEqualityComparer<Part> Comparer = new ByContent();

    private sealed class ByContent : IEqualityComparer<Part>
    {
        public bool Equals(Part? x, Part? y) => Show(x) == Show(y);

        public int GetHashCode(Part part) => 0;

        private static string Show(Part? part) =>
            part switch
            {
                ReasoningPart r => $"{r.Text}|{r.Signature}|{r.SignatureOf}|{r.IsRedacted}",
                TextPart t => t.Text.ToString(),
                _ => part?.ToString() ?? "",
            };
    }
}
