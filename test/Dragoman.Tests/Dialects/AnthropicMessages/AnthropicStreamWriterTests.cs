using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.AnthropicMessages;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.AnthropicMessages;

/// <summary>Other providers' answers, as Anthropic's clients see them.</summary>
public class AnthropicStreamWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new(1 << 14);
    private readonly IChatEventSink _writer;

    public AnthropicStreamWriterTests() => _writer = Writer(leavesOutPreamble: false);

    [Fact]
    public void Take_AnAnswerOfAnotherProvider_IsOneSoundMessage()
    {
        _writer.Take(ChatEvent.OfStart("chatcmpl-7"u8, "gpt"u8, 5));
        _writer.Take(ChatEvent.OfReasoning(0, "hm"u8));
        _writer.Take(ChatEvent.OfText(0, "He\\\"llo"u8));
        _writer.Take(ChatEvent.OfText(1, "another choice"u8));
        _writer.Take(ChatEvent.OfToolCall(0, 0, "call_1"u8, "f"u8));
        _writer.Take(ChatEvent.OfToolArguments(0, 0, "{\\\"a\\\":1}"u8));
        _writer.Take(ChatEvent.OfToolCall(0, 1, default, "g"u8));
        _writer.Take(ChatEvent.OfStop(0, StopReason.ToolCalls, "tool_calls"u8));
        _writer.Take(
            ChatEvent.OfUsage(
                new TokenUsage
                {
                    Input = 10,
                    CacheRead = 4,
                    Output = 3,
                    Reasoning = 2,
                },
                "{}"u8,
                "openai"
            )
        );
        _writer.Take(ChatEvent.OfEnd());

        MessageGrammar.ShouldHold(_output.WrittenSpan, "message");
        Starts()
            .ShouldBe([
                """{"type":"thinking","thinking":"","signature":""}""",
                """{"type":"text","text":""}""",
                """{"type":"tool_use","id":"call_1","name":"f","input":{}}""",
                """{"type":"tool_use","id":"toolu_chatcmpl-7_1","name":"g","input":{}}""",
            ]);
        Deltas()
            .ShouldBe([
                """{"type":"thinking_delta","thinking":"hm"}""",
                """{"type":"text_delta","text":"He\"llo"}""",
                """{"type":"input_json_delta","partial_json":"{\"a\":1}"}""",
            ]);
        var end = Events()[^2];
        Plain(end["delta"]!).ShouldBe("""{"stop_reason":"tool_use","stop_sequence":null}""");
        Plain(end["usage"]!)
            .ShouldBe(
                """{"input_tokens":10,"cache_read_input_tokens":4,"output_tokens":5,"output_tokens_details":{"thinking_tokens":2}}"""
            );
    }

    [Fact]
    public void Take_CallsToldInTurns_AreBlocksOneAfterAnother()
    {
        _writer.Take(ChatEvent.OfToolCall(0, 0, "a"u8, "f"u8));
        _writer.Take(ChatEvent.OfToolCall(0, 1, "b"u8, "g"u8));
        _writer.Take(ChatEvent.OfToolArguments(0, 1, "{\\\"b\\\":\\\"}"u8));
        _writer.Take(ChatEvent.OfToolCall(0, 2, "c"u8, "h"u8));
        _writer.Take(ChatEvent.OfToolArguments(0, 2, "[3]"u8));
        _writer.Take(ChatEvent.OfToolArguments(0, 1, "\\\"}"u8));
        _writer.Take(ChatEvent.OfStop(0, StopReason.ToolCalls));
        _writer.Take(ChatEvent.OfEnd());

        MessageGrammar.ShouldHold(_output.WrittenSpan, "message");
        Starts()
            .Select(start => JsonNode.Parse(start)!["id"]!.GetValue<string>())
            .ShouldBe(["a", "b", "c"]);
        Events()
            .Where(data => data["type"]!.GetValue<string>() == "content_block_delta")
            .Select(data => $"{data["index"]} {data["delta"]!["partial_json"]}")
            .ShouldBe(["1 {\"b\":\"}", "1 \"}", "2 [3]"]);
    }

    [Fact]
    public void Take_ASignatureOfAnotherDialect_ComesBackAsItWas()
    {
        _writer.Take(ChatEvent.OfSignature(0, "sig/+=="u8, "gemini"));
        _writer.Take(ChatEvent.OfText(0, "x"u8));
        _writer.Take(ChatEvent.OfStop(0, StopReason.Stop));
        _writer.Take(ChatEvent.OfEnd());

        Starts()[0].ShouldBe("""{"type":"thinking","thinking":"","signature":""}""");
        var shown = JsonNode.Parse(Deltas()[0])!["signature"]!.GetValue<string>();
        var (signature, of) = CarriedSignature.Read(JsonText.Of(shown), "anthropic");
        signature.ToString().ShouldBe("sig/+==");
        of.ShouldBe("gemini");
    }

    [Fact]
    public void Take_SourcesOfAnotherDialect_StandOnAText()
    {
        _writer.Take(ChatEvent.OfCitation("https://a"u8, "A"u8));
        _writer.Take(ChatEvent.OfText(0, "x"u8));
        _writer.Take(ChatEvent.OfCitation("https://b"u8, default, "q"u8));
        _writer.Take(ChatEvent.OfStop(0, StopReason.Stop));
        _writer.Take(ChatEvent.OfEnd());

        MessageGrammar.ShouldHold(_output.WrittenSpan, "message");
        Starts().Count.ShouldBe(1);
        Deltas()
            .ShouldBe([
                """{"type":"citations_delta","citation":{"type":"web_search_result_location","url":"https://a","title":"A","cited_text":"","encrypted_index":""}}""",
                """{"type":"text_delta","text":"x"}""",
                """{"type":"citations_delta","citation":{"type":"web_search_result_location","url":"https://b","title":null,"cited_text":"q","encrypted_index":""}}""",
            ]);
    }

    [Fact]
    public void Take_ARefusal_IsTextAndTheReasonToStop()
    {
        _writer.Take(ChatEvent.OfRefusal(0, "No."u8));
        _writer.Take(ChatEvent.OfStop(0, StopReason.Stop, "stop"u8));
        _writer.Take(ChatEvent.OfEnd());

        Deltas().ShouldBe(["""{"type":"text_delta","text":"No."}"""]);
        Events()[^2]["delta"]!["stop_reason"]!.GetValue<string>().ShouldBe("refusal");
    }

    [Fact]
    public void Take_UsageBeforeTheContent_StandsInMessageStart()
    {
        _writer.Take(ChatEvent.OfStart("1"u8, "m"u8));
        _writer.Take(ChatEvent.OfUsage(new TokenUsage { Input = 12 }));
        _writer.Take(ChatEvent.OfText(0, "x"u8));

        Plain(Events()[0]["message"]!["usage"]!)
            .ShouldBe("""{"input_tokens":12,"output_tokens":0}""");
    }

    [Fact]
    public void Take_NothingButAnEnd_IsAnEmptyMessage()
    {
        _writer.Take(ChatEvent.OfEnd());

        MessageGrammar.ShouldHold(_output.WrittenSpan, "message");
        Events()[0]["message"]!["id"]!.GetValue<string>().ShouldBe("msg_9");
        Events()[0]["message"]!["model"]!.GetValue<string>().ShouldBe("m");
    }

    [Fact]
    public void Take_AnError_WritesNothingMore()
    {
        _writer.Take(ChatEvent.OfText(0, "x"u8));
        var before = _output.WrittenCount;

        _writer.Take(ChatEvent.OfError(new GatewayError(GatewayErrorKind.Upstream, "broke")));
        _writer.Take(ChatEvent.OfEnd());

        _output.WrittenCount.ShouldBe(before);
    }

    [Fact]
    public void Take_WhereTheClientHasTheHead_DoesNotSayItAgain()
    {
        var writer = Writer(leavesOutPreamble: true);
        writer.Take(ChatEvent.OfStart("1"u8, "m"u8));
        writer.Take(ChatEvent.OfText(0, "x"u8));

        Encoding
            .UTF8.GetString(_output.WrittenSpan)
            .ShouldStartWith("event: content_block_start\n");
    }

    [Fact]
    public void Take_ADelta_AllocatesNothing()
    {
        _writer.Take(ChatEvent.OfStart("1"u8, "m"u8));
        for (var i = 0; i < 200; i++)
            WriteOne();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            WriteOne();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
        _output.WrittenCount.ShouldBeGreaterThan(50);

        void WriteOne()
        {
            _output.ResetWrittenCount();
            _writer.Take(ChatEvent.OfText(0, "a few words"u8));
        }
    }

    private IChatEventSink Writer(bool leavesOutPreamble) =>
        new AnthropicDialect().CreateStreamWriter(
            _output,
            new StreamWriting(new(JsonText.Of("9"), JsonText.Of("m"), 1))
            {
                LeavesOutPreamble = leavesOutPreamble,
            }
        );

    private List<JsonNode> Events() => MessageGrammar.Events(_output.WrittenSpan, "stream");

    private List<string> Starts() => Members("content_block_start", "content_block");

    private List<string> Deltas() => Members("content_block_delta", "delta");

    private List<string> Members(string type, string member) =>
        [
            .. Events()
                .Where(data => data["type"]!.GetValue<string>() == type)
                .Select(data => Plain(data[member]!)),
        ];

    private static string Plain(JsonNode node) =>
        node.ToJsonString(
            new()
            {
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
