using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIResponses;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIResponses;

public class ResponsesStreamWriterTests
{
    private const string Tools = """
        {"model":"m","input":"hi","instructions":"Be brief.","temperature":0.5,"store":false,"metadata":{"a":"b"},
         "reasoning":{"effort":"low"},"text":{"verbosity":"low"},
         "tools":[{"type":"custom","name":"patch"},{"type":"local_shell"},{"type":"shell"},{"type":"apply_patch"},
          {"type":"tool_search","execution":"client"},
          {"type":"namespace","name":"mcp__a__","tools":[{"type":"function","name":"go"}]},
          {"type":"function","name":"f"}]}
        """;

    [Fact]
    public void Take_EveryKindOfPart_KeepsTheRules()
    {
        var events = Written(
            Tools,
            sink =>
            {
                sink.Take(ChatEvent.OfStart("other-1"u8, "gpt"u8, 7));
                sink.Take(ChatEvent.OfReasoning(0, "First "u8));
                sink.Take(ChatEvent.OfReasoning(0, "this."u8));
                sink.Take(ChatEvent.OfPartEnd(0));
                sink.Take(ChatEvent.OfReasoning(0, "Then that."u8));
                sink.Take(ChatEvent.OfSignature(0, "sig"u8, "anthropic"));
                sink.Take(ChatEvent.OfReasoning(0, "Again."u8));
                sink.Take(ChatEvent.OfRedacted(0, "hidden"u8, "anthropic"));
                sink.Take(ChatEvent.OfText(0, "Hello "u8));
                sink.Take(
                    ChatEvent.OfLogProbs(0, """{"content":[{"token":"you","logprob":-1}]}"""u8)
                );
                sink.Take(ChatEvent.OfText(0, "you"u8));
                sink.Take(ChatEvent.OfCitation("https://a.example"u8, "A"u8));
                sink.Take(ChatEvent.OfCitation(default, "paper.pdf"u8));
                sink.Take(ChatEvent.OfPartEnd(0));
                sink.Take(ChatEvent.OfText(0, "more"u8));
                sink.Take(ChatEvent.OfRefusal(0, "No"u8));
                sink.Take(ChatEvent.OfToolCall(0, 0, "call_1"u8, "f"u8));
                sink.Take(ChatEvent.OfToolArguments(0, 0, """{\"a\":1}"""u8));
                sink.Take(ChatEvent.OfToolCall(0, 1, default, "mcp__a__go"u8));
                sink.Take(ChatEvent.OfText(0, "after"u8));
                sink.Take(ChatEvent.OfStop(0, StopReason.ToolCalls));
                sink.Take(
                    ChatEvent.OfUsage(
                        new TokenUsage
                        {
                            Input = 5,
                            Output = 3,
                            CacheRead = 2,
                        }
                    )
                );
                sink.Take(ChatEvent.OfEnd());
            }
        );

        var output = events[^1]["response"]!["output"]!.AsArray();
        output
            .Select(item => item!["type"]!.ToString())
            .ShouldBe([
                "reasoning",
                "reasoning",
                "reasoning",
                "message",
                "function_call",
                "function_call",
                "message",
            ]);
        output[0]!["summary"]!.AsArray().Count.ShouldBe(2);
        output[0]!["encrypted_content"].ShouldNotBeNull();
        output[2]!["summary"]!.AsArray().ShouldBeEmpty();
        var content = output[3]!["content"]!.AsArray();
        content
            .Select(part => part!["type"]!.ToString())
            .ShouldBe(["output_text", "output_text", "refusal"]);
        content[0]!["annotations"]!.AsArray().Count.ShouldBe(2);
        content[0]!["logprobs"]!.AsArray().Count.ShouldBe(1);
        output[5]!["namespace"]!.ToString().ShouldBe("mcp__a__");
        output[5]!["name"]!.ToString().ShouldBe("go");
        output[5]!["call_id"]!.ToString().ShouldStartWith("call_");
    }

    [Fact]
    public void Take_AnAnswer_RepeatsTheRequestAndTellsUsage()
    {
        var events = Written(
            Tools,
            sink =>
            {
                sink.Take(ChatEvent.OfText(0, "x"u8));
                sink.Take(ChatEvent.OfStop(0, StopReason.Stop));
                sink.Take(
                    ChatEvent.OfUsage(
                        new TokenUsage
                        {
                            Input = 5,
                            CacheRead = 2,
                            Output = 3,
                            Reasoning = 4,
                        }
                    )
                );
                sink.Take(ChatEvent.OfEnd());
            }
        );

        foreach (var response in (JsonNode[])[events[0]["response"]!, events[^1]["response"]!])
        {
            response["id"]!.ToString().ShouldBe("resp_1");
            response["object"]!.ToString().ShouldBe("response");
            response["model"]!.ToString().ShouldBe("m");
            response["instructions"]!.ToString().ShouldBe("Be brief.");
            response["temperature"]!.GetValue<double>().ShouldBe(0.5);
            response["store"]!.GetValue<bool>().ShouldBeFalse();
            response["metadata"]!["a"]!.ToString().ShouldBe("b");
            response["reasoning"]!["effort"]!.ToString().ShouldBe("low");
            response["text"]!["verbosity"]!.ToString().ShouldBe("low");
            response["text"]!["format"]!["type"]!.ToString().ShouldBe("text");
            response["tools"]!.AsArray().Count.ShouldBe(7);
            response["tool_choice"]!.ToString().ShouldBe("auto");
            response["parallel_tool_calls"]!.GetValue<bool>().ShouldBeTrue();
            response["truncation"]!.ToString().ShouldBe("disabled");
            response.AsObject().ContainsKey("previous_response_id").ShouldBeTrue();
        }
        var usage = events[^1]["response"]!["usage"]!;
        usage["input_tokens"]!.GetValue<int>().ShouldBe(7);
        usage["input_tokens_details"]!["cached_tokens"]!.GetValue<int>().ShouldBe(2);
        usage["output_tokens"]!.GetValue<int>().ShouldBe(7);
        usage["output_tokens_details"]!["reasoning_tokens"]!.GetValue<int>().ShouldBe(4);
        usage["total_tokens"]!.GetValue<int>().ShouldBe(14);
    }

    [Theory]
    [InlineData(StopReason.Length, "max_output_tokens")]
    [InlineData(StopReason.ContentFilter, "content_filter")]
    public void Take_AnAnswerCutShort_IsIncomplete(StopReason stop, string reason)
    {
        var events = Written(
            "{}",
            sink =>
            {
                sink.Take(ChatEvent.OfText(0, "x"u8));
                sink.Take(ChatEvent.OfStop(0, stop));
                sink.Take(ChatEvent.OfEnd());
            }
        );

        events[^1]["type"]!.ToString().ShouldBe("response.incomplete");
        events[^1]["response"]!["status"]!.ToString().ShouldBe("incomplete");
        events[^1]["response"]!["incomplete_details"]!["reason"]!.ToString().ShouldBe(reason);
    }

    [Fact]
    public void Take_NothingButAnEnd_IsAnEmptyAnswer()
    {
        var events = Written("", sink => sink.Take(ChatEvent.OfEnd()));

        events.Count.ShouldBe(3);
        events[^1]["response"]!["output"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public void Take_CallsThatComeInTurns_AreAllWhole()
    {
        var events = Written(
            Tools,
            sink =>
            {
                sink.Take(ChatEvent.OfToolCall(0, 0, "a"u8, "f"u8));
                sink.Take(ChatEvent.OfToolCall(0, 1, "b"u8, "f"u8));
                sink.Take(ChatEvent.OfToolArguments(0, 0, """{\"x\":"""u8));
                sink.Take(ChatEvent.OfToolArguments(0, 1, """{\"y\":"""u8));
                sink.Take(ChatEvent.OfToolArguments(0, 0, "1}"u8));
                sink.Take(ChatEvent.OfToolArguments(0, 1, "2}"u8));
                sink.Take(ChatEvent.OfStop(0, StopReason.ToolCalls));
                sink.Take(ChatEvent.OfEnd());
            }
        );

        events[^1]["response"]!["output"]!
            .AsArray()
            .Select(item => item!["arguments"]!.ToString())
            .ShouldBe(["{\"x\":1}", "{\"y\":2}"]);
    }

    [Fact]
    public void Take_ACallThatIsWhole_IsDoneBeforeTheNextBegins()
    {
        var events = Written(
            Tools,
            sink =>
            {
                sink.Take(ChatEvent.OfToolCall(0, 0, "a"u8, "f"u8));
                sink.Take(ChatEvent.OfToolArguments(0, 0, "{}"u8));
                sink.Take(ChatEvent.OfToolCall(0, 1, "b"u8, "f"u8));
                sink.Take(ChatEvent.OfToolArguments(0, 1, "{}"u8));
                sink.Take(ChatEvent.OfEnd());
            }
        );

        events
            .Where(item =>
                item["type"]!
                    .ToString()
                    .StartsWith("response.output_item", StringComparison.Ordinal)
            )
            .Select(item => $"{item["type"]} {item["output_index"]}")
            .ShouldBe([
                "response.output_item.added 0",
                "response.output_item.done 0",
                "response.output_item.added 1",
                "response.output_item.done 1",
            ]);
    }

    [Theory]
    [InlineData("*** Begin \"x\"\n\\d\t\u0001 é 🐉 </>")]
    [InlineData("")]
    [InlineData("{\"input\":\"nested\"}")]
    public void Take_ACustomToolsInput_IsFoundHoweverItIsCut(string input)
    {
        foreach (var arguments in ArgumentsOf(input))
        {
            var escaped = JsonText.Of(arguments).Escaped.ToArray();
            for (var size = 1; size <= escaped.Length; size = size < 8 ? size + 1 : size * 2)
            {
                var events = Written(
                    Tools,
                    sink =>
                    {
                        sink.Take(ChatEvent.OfToolCall(0, 0, "call_1"u8, "patch"u8));
                        foreach (var piece in Cut(escaped, size))
                            sink.Take(ChatEvent.OfToolArguments(0, 0, piece));
                        sink.Take(ChatEvent.OfEnd());
                    }
                );

                var call = events[^1]["response"]!["output"]![0]!;
                call["type"]!.ToString().ShouldBe("custom_tool_call");
                call["name"]!.ToString().ShouldBe("patch");
                call["call_id"]!.ToString().ShouldBe("call_1");
                call["input"]!.GetValue<string>().ShouldBe(input, $"{arguments} by {size}");
            }
        }
    }

    [Theory]
    [InlineData("*** Begin Patch", "*** Begin Patch")]
    [InlineData("{\"patch\":\"x\"}", "{\"patch\":\"x\"}")]
    [InlineData("{\"input\":[1]}", "{\"input\":[1]}")]
    [InlineData("{\"input\":\"cut sho", "cut sho")]
    public void Take_ArgumentsThatAreNotWhatWasAsked_AreTheInputAsFarAsTheyGo(
        string arguments,
        string input
    )
    {
        var events = Written(
            Tools,
            sink =>
            {
                sink.Take(ChatEvent.OfToolCall(0, 0, "call_1"u8, "patch"u8));
                sink.Take(ChatEvent.OfToolArguments(0, 0, JsonText.Of(arguments).Escaped.Span));
                sink.Take(ChatEvent.OfEnd());
            }
        );

        events[^1]["response"]!["output"]![0]!["input"]!.GetValue<string>().ShouldBe(input);
    }

    [Theory]
    [InlineData(
        "local_shell",
        """{"command":["ls"],"timeout_ms":5}""",
        "local_shell_call",
        """{"type":"exec","command":["ls"],"timeout_ms":5}"""
    )]
    [InlineData("shell", """{"commands":["ls"]}""", "shell_call", """{"commands":["ls"]}""")]
    [InlineData(
        "apply_patch",
        """{"type":"delete_file","path":"a"}""",
        "apply_patch_call",
        """{"type":"delete_file","path":"a"}"""
    )]
    [InlineData("tool_search", """{"query":"q"}""", "tool_search_call", """{"query":"q"}""")]
    [InlineData("tool_search", "no json", "tool_search_call", "{}")]
    public void Take_ACallOfAToolOfTheClients_IsAnItemOfItsKind(
        string name,
        string arguments,
        string type,
        string value
    )
    {
        var events = Written(
            Tools,
            sink =>
            {
                sink.Take(ChatEvent.OfToolCall(0, 0, "call_1"u8, Encoding.UTF8.GetBytes(name)));
                sink.Take(ChatEvent.OfToolArguments(0, 0, JsonText.Of(arguments).Escaped.Span));
                sink.Take(ChatEvent.OfEnd());
            }
        );

        var call = events[^1]["response"]!["output"]![0]!.AsObject();
        call["type"]!.ToString().ShouldBe(type);
        call["call_id"]!.ToString().ShouldBe("call_1");
        var member = call["action"] ?? call["operation"] ?? call["arguments"];
        JsonNode.DeepEquals(member, JsonNode.Parse(value)).ShouldBeTrue(member!.ToJsonString());
    }

    [Fact]
    public void Take_AfterTheClientHasTheHead_GoesOnBehindIt()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ResponsesStreamWriter(
            output,
            new StreamWriting(Fallback("{}")) { LeavesOutPreamble = true }
        );
        writer.Take(ChatEvent.OfText(0, "x"u8));
        writer.Take(ChatEvent.OfEnd());

        var events = ResponsesStreamRules.Parse(output.WrittenSpan.ToArray(), "");
        events[0]["type"]!.ToString().ShouldBe("response.output_item.added");
        events[0]["sequence_number"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public void Take_AnError_WritesNothingMore()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ResponsesStreamWriter(output, new StreamWriting(Fallback("{}")));
        writer.Take(ChatEvent.OfText(0, "x"u8));
        var before = output.WrittenCount;
        writer.Take(ChatEvent.OfError(new GatewayError(GatewayErrorKind.Upstream, "broke")));
        writer.Take(ChatEvent.OfEnd());

        output.WrittenCount.ShouldBe(before);
    }

    [Fact]
    public void Take_TheEnd_HandsTheWholeAnswerOn()
    {
        var whole = new Whole();
        var output = new ArrayBufferWriter<byte>();
        var writer = new ResponsesStreamWriter(
            output,
            new StreamWriting(Fallback("{}")) { Observer = whole }
        );
        writer.Take(ChatEvent.OfText(0, "x"u8));
        whole.Json.ShouldBeNull();
        writer.Take(ChatEvent.OfEnd());

        var told = ResponsesStreamRules.Parse(output.WrittenSpan.ToArray(), "")[^1]["response"];
        JsonNode.DeepEquals(JsonNode.Parse(whole.Json), told).ShouldBeTrue();
    }

    [Fact]
    public void Take_ATextDelta_AllocatesNothing()
    {
        var output = new Sink();
        var writer = new ResponsesStreamWriter(output, new StreamWriting(Fallback("{}")));
        for (var i = 0; i < 50_000; i++)
            writer.Take(ChatEvent.OfText(0, " word"u8));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            writer.Take(ChatEvent.OfText(0, " word"u8));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void WriteStreamError_AFailure_IsToldForCodexAndForLibraries()
    {
        var output = new ArrayBufferWriter<byte>();
        new OpenAIResponsesDialect().WriteStreamError(
            output,
            new GatewayError(GatewayErrorKind.RateLimited, "Slow \"down\"\n")
        );

        var events = ResponsesStreamRules.Parse(output.WrittenSpan.ToArray(), "");
        events[0]["type"]!.ToString().ShouldBe("response.failed");
        events[0]["response"]!["status"]!.ToString().ShouldBe("failed");
        events[0]["response"]!["error"]!["code"]!.ToString().ShouldBe("rate_limit_exceeded");
        events[0]["response"]!["error"]!["message"]!.ToString().ShouldBe("Slow \"down\"\n");
        events[1]["type"]!.ToString().ShouldBe("error");
        events[1]["error"]!["message"]!.ToString().ShouldBe("Slow \"down\"\n");
        events[1]["code"]!.ToString().ShouldBe("rate_limit_exceeded");
    }

    private static List<JsonNode> Written(string request, Action<IChatEventSink> tell)
    {
        var output = new ArrayBufferWriter<byte>();
        tell(new ResponsesStreamWriter(output, new StreamWriting(Fallback(request))));
        var stream = output.WrittenSpan.ToArray();
        ResponsesStreamRules.ShouldHold(stream, request);
        return ResponsesStreamRules.Parse(stream, request);
    }

    private static ReplyFallback Fallback(string request) =>
        new(JsonText.Of("1"), JsonText.Of("m"), 1) { Request = Encoding.UTF8.GetBytes(request) };

    /// <summary>The same arguments, spelled as providers do.</summary>
    private static string[] ArgumentsOf(string input)
    {
        var text = JsonEscape.Escape(input);
        return
        [
            $"{{\"input\":\"{text}\"}}",
            $"{{ \n \"input\" : \"{text}\" }}",
            $"{{\"input\":\"{string.Concat(input.Select(unit => $"\\u{(int)unit:x4}"))}\"}}",
        ];
    }

    /// <summary>Pieces of an escaped text, as a provider sends them: never within an escape.</summary>
    private static List<byte[]> Cut(byte[] escaped, int size)
    {
        var pieces = new List<byte[]>();
        for (var start = 0; start < escaped.Length; )
        {
            var end = start;
            while (end < escaped.Length && end - start < size)
                end +=
                    escaped[end] != (byte)'\\' ? Utf8Length(escaped[end])
                    : escaped[end + 1] == (byte)'u' ? 6
                    : 2;
            pieces.Add(escaped[start..end]);
            start = end;
        }
        return pieces;
    }

    private static int Utf8Length(byte lead) =>
        lead switch
        {
            < 0x80 => 1,
            < 0xE0 => 2,
            < 0xF0 => 3,
            _ => 4,
        };

    private sealed class Whole : IReplyObserver
    {
        public byte[]? Json { get; private set; }

        public void Take(ReadOnlySpan<byte> reply) => Json = reply.ToArray();
    }

    private sealed class Sink : IBufferWriter<byte>
    {
        private readonly byte[] _scratch = new byte[64 * 1024];

        public void Advance(int count) { }

        public Memory<byte> GetMemory(int sizeHint = 0) => _scratch;

        public Span<byte> GetSpan(int sizeHint = 0) => _scratch;
    }
}
