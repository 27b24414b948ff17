using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.AnthropicMessages;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.AnthropicMessages;

public class AnthropicStreamReaderTests
{
    private static readonly AnthropicDialect Dialect = new();
    private static readonly ProviderType Type = new() { Name = "p", Dialect = "anthropic" };

    private const string Start =
        """{"type":"message_start","message":{"id":"msg_1","model":"m","usage":{"input_tokens":5,"output_tokens":1}}}""";
    private const string End =
        """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}""";
    private const string Stop = """{"type":"message_stop"}""";

    [Fact]
    public void Read_ATextDelta_AllocatesNothing()
    {
        var delta = Encoding.UTF8.GetBytes(
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a few words\"}}\n\n"
        );
        var reader = new AnthropicStreamReader();
        var sink = new Nothing();
        reader.Read(
            "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"u8,
            sink
        );
        for (var i = 0; i < 200; i++)
            reader.Read(delta, sink);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            reader.Read(delta, sink);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
        sink.Texts.ShouldBe(1200);
    }

    [Fact]
    public void Read_InputToldInTheBlocksStart_IsTheCallsInput()
    {
        var reply = Gather(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{"a":"\"x\""}}}""",
            """{"type":"content_block_stop","index":0}""",
            End,
            Stop
        );

        Call(reply, 0).Arguments.ToString().ShouldBe("""{"a":"\"x\""}""");
    }

    [Theory]
    [InlineData("")]
    [InlineData(
        """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}"""
    )]
    public void Read_ACallWithoutInput_HasAnEmptyOne(string delta)
    {
        var reply = Gather(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{}}}""",
            delta,
            """{"type":"content_block_stop","index":0}""",
            End,
            Stop
        );

        Call(reply, 0).Arguments.ToString().ShouldBe("{}");
    }

    [Fact]
    public void Read_TheAnswerTool_IsTextAndNoTurnOfTools()
    {
        var events = new Recorder();
        Feed(
            events,
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"dragoman_answer","input":{}}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"na"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"me\":\"Ann\"}"}}""",
            """{"type":"content_block_stop","index":0}""",
            End,
            Stop
        );

        // Told as it comes, not at the end.
        events
            .Told.Where(told => told.StartsWith("TextDelta", StringComparison.Ordinal))
            .ShouldBe(["TextDelta {\\\"na", "TextDelta me\\\":\\\"Ann\\\"}"]);
        events.Told.ShouldContain("Stop Stop");
        events.Told.ShouldNotContain(told => told.StartsWith("Tool", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ASignatureThatComesInPieces_IsJoinedByteForByte()
    {
        var reply = Gather(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Eo8B+/"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"=="}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"signature_delta","signature":"second"}}""",
            """{"type":"content_block_stop","index":1}""",
            End,
            Stop
        );

        reply
            .Choices[0]
            .Message.Parts.OfType<ReasoningPart>()
            .Select(part => $"{part.Text}|{part.Signature}|{part.SignatureOf}")
            .ShouldBe(["hm|Eo8B+/==|anthropic", "|second|anthropic"]);
    }

    [Theory]
    [InlineData("overloaded_error", "Overloaded", GatewayErrorKind.Upstream)]
    [InlineData("rate_limit_error", "Slow down", GatewayErrorKind.RateLimited)]
    [InlineData("invalid_request_error", "Wrong", GatewayErrorKind.InvalidRequest)]
    public void Read_AnErrorEvent_EndsTheStreamWithIt(
        string type,
        string message,
        GatewayErrorKind kind
    )
    {
        var builder = new ChatReplyBuilder();
        Feed(
            builder,
            Start,
            $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"}}""",
            Stop
        );

        builder.IsComplete.ShouldBeFalse();
        builder.Error!.Kind.ShouldBe(kind);
        builder.Error.Type.ShouldBe(type);
        builder.Error.Message.ShouldBe(message);
    }

    [Fact]
    public void Complete_WithoutMessageStop_IsSoundOnlyBehindAReason()
    {
        var whole = new ChatReplyBuilder();
        Feed(whole, Start, End);
        whole.IsComplete.ShouldBeTrue();

        var cut = new ChatReplyBuilder();
        Feed(cut, Start);
        cut.Error!.Code.ShouldBe(ChatStreamReader.CutCode);
    }

    private static ToolCallPart Call(ChatReply reply, int index) =>
        reply.Choices[0].Message.Parts.OfType<ToolCallPart>().ElementAt(index);

    private static ChatReply Gather(params string[] events)
    {
        var builder = new ChatReplyBuilder();
        Feed(builder, events);
        builder.IsComplete.ShouldBeTrue();
        return builder.Build();
    }

    private static void Feed(IChatEventSink sink, params string[] events) =>
        StreamFeed.Feed(
            Dialect,
            Type,
            Encoding.UTF8.GetBytes(
                string.Concat(
                    events.Where(data => data.Length > 0).Select(data => $"data: {data}\n\n")
                )
            ),
            13,
            sink
        );

    private sealed class Nothing : IChatEventSink
    {
        public int Texts { get; private set; }

        public void Take(in ChatEvent chatEvent)
        {
            if (chatEvent.Kind is ChatEventKind.TextDelta)
                Texts++;
        }
    }

    private sealed class Recorder : IChatEventSink
    {
        public List<string> Told { get; } = [];

        public void Take(in ChatEvent chatEvent) =>
            Told.Add(
                chatEvent.Kind is ChatEventKind.Stop
                    ? $"Stop {chatEvent.Stop}"
                    : $"{chatEvent.Kind} {Encoding.UTF8.GetString(chatEvent.Text)}"
            );
    }
}
