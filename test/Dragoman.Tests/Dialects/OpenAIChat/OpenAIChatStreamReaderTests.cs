using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

public class OpenAIChatStreamReaderTests
{
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public void Feed_PerplexitysLastMessage_IsNotAppended()
    {
        var told = Read(
            Chunk(
                """{"index":0,"delta":{"content":"Hi"},"message":{"content":"Hi"}}""",
                ",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}"
            )
                + Chunk(
                    """{"index":0,"delta":{"content":"!"},"message":{"content":"Hi!"}}""",
                    ",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}"
                )
                + """data: {"object":"chat.completion.done","choices":[{"index":0,"delta":{"content":""},"message":{"content":"Hi!"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":3}}""".Replace(
                    "\n",
                    "",
                    StringComparison.Ordinal
                )
                + "\r\n\r\n"
        );

        told.IsComplete.ShouldBeTrue();
        TextOf(told).ShouldBe("Hi!");
        told.Build().Usage!.Output.ShouldBe(3);
    }

    [Fact]
    public void Feed_AWholeMessageInsteadOfDeltas_IsTaken() =>
        TextOf(
                Read(
                    Chunk(
                        """{"index":0,"message":{"role":"assistant","content":"all"},"finish_reason":"stop"}"""
                    )
                )
            )
            .ShouldBe("all");

    [Fact]
    public void Feed_AzuresFirstChunk_DoesNotBeginTheAnswer()
    {
        var told = Read(
                """data: {"id":"","model":"","object":"","created":0,"choices":[],"prompt_filter_results":[{"prompt_index":0}]}"""
                    + "\n\n"
                    + Chunk("""{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}""")
                    + Done
            )
            .Build();

        told.Id.ShouldBe(JsonText.Of("c"));
        told.Raw.ShouldHaveSingleItem().Name.ShouldBe(JsonText.Of("prompt_filter_results"));
    }

    [Theory]
    [InlineData(
        "event: error\ndata: {\"error\":{\"message\":\"bad tool call\",\"code\":\"tool_use_failed\"}}\n\n",
        "bad tool call",
        true
    )]
    [InlineData(
        "data: {\"id\":\"c\",\"error\":{\"code\":502,\"message\":\"lost\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n",
        "lost",
        true
    )]
    [InlineData("data: {\"error\":\"text\"}\n\n", "text", false)]
    [InlineData("data: {\"x_groq\":{\"error\":\"groq\"}}\n\n", "groq", false)]
    public void Feed_ErrorInTheStream_EndsItWithTheProvidersWords(
        string error,
        string message,
        bool relayed
    )
    {
        var told = Read(
            Chunk("""{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}""") + error + Done
        );

        told.IsComplete.ShouldBeFalse();
        told.Error!.Message.ShouldBe(message);
        told.Error.UpstreamBody.IsEmpty.ShouldBe(!relayed);
        TextOf(told).ShouldBe("a");
    }

    [Fact]
    public void Feed_FinishForAnError_IsNoSoundEnd() =>
        Read(Chunk("""{"index":0,"delta":{},"finish_reason":"error"}""") + Done)
            .Error.ShouldNotBeNull();

    [Theory]
    [InlineData(
        "no index, whole calls",
        """{"id":"a","function":{"name":"f","arguments":"{1}"}}|{"id":"b","function":{"name":"g","arguments":"{2}"}}""",
        "a f{1}; b g{2}"
    )]
    [InlineData(
        "always index 0",
        """{"index":0,"id":"a","function":{"name":"f","arguments":"{1}"}}|{"index":0,"id":"b","function":{"name":"g","arguments":"{2}"}}""",
        "a f{1}; b g{2}"
    )]
    [InlineData(
        "an empty name repeated",
        """{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}|{"index":0,"id":"","function":{"name":"","arguments":"}"}}""",
        "a f{}"
    )]
    [InlineData(
        "the id and name repeated",
        """{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}|{"index":0,"id":"a","function":{"name":"f","arguments":"}"}}""",
        "a f{}"
    )]
    [InlineData(
        "a new id in every delta",
        """{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}|{"index":0,"id":"z","function":{"name":null,"arguments":"}"}}""",
        "a f{}"
    )]
    [InlineData(
        "indexes from 1, interleaved",
        """{"index":1,"id":"a","function":{"name":"f"}}|{"index":2,"id":"b","function":{"name":"g"}}|{"index":1,"function":{"arguments":"1"}}|{"index":2,"function":{"arguments":"2"}}""",
        "a f1; b g2"
    )]
    [InlineData(
        "arguments in place",
        """{"id":"a","function":{"name":"f","arguments":{"x":"\"q\""}}}""",
        """a f{"x":"\"q\""}"""
    )]
    [InlineData(
        "no id at all",
        """{"function":{"name":"f","arguments":"1"}}|{"function":{"name":"f","arguments":"2"}}""",
        " f1;  f2"
    )]
    public void Feed_ToolCallsInEachManner_AreTheSameCalls(
        string what,
        string deltas,
        string expected
    )
    {
        var stream = string.Concat(
            deltas
                .Split('|')
                .Select(delta => Chunk($$$"""{"index":0,"delta":{"tool_calls":[{{{delta}}}]}}"""))
        );
        var choice = Read(
                stream + Chunk("""{"index":0,"delta":{},"finish_reason":"stop"}""") + Done
            )
            .Build()
            .Choices[0];

        string.Join(
                "; ",
                choice
                    .Message.Parts.OfType<ToolCallPart>()
                    .Select(call => $"{call.Id} {call.Name}{call.Arguments}")
            )
            .ShouldBe(expected, what);
        choice.Stop.ShouldBe(StopReason.ToolCalls);
    }

    [Fact]
    public void Feed_ExtrasOfAToolCall_StayWithIt()
    {
        var call = Read(
                Chunk(
                    """{"index":0,"delta":{"tool_calls":[{"id":"a","extra_content":{"google":{"thought_signature":"s"}},"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}"""
                ) + Done
            )
            .Build()
            .Choices[0]
            .Message.Parts.OfType<ToolCallPart>()
            .ShouldHaveSingleItem();

        call.Raw.ShouldHaveSingleItem()
            .Value.ToString()
            .ShouldBe("""{"google":{"thought_signature":"s"}}""");
    }

    [Fact]
    public void Feed_TheSameReasoningUnderTwoNames_CountsOnce()
    {
        var parts = Read(
                Chunk(
                    """{"index":0,"delta":{"content":"b","reasoning":"a","reasoning_content":"a"},"finish_reason":"stop"}"""
                )
            )
            .Build()
            .Choices[0]
            .Message.Parts;

        parts.OfType<ReasoningPart>().ShouldHaveSingleItem().Text.ShouldBe(JsonText.Of("a"));
    }

    [Fact]
    public void Feed_MalformedChunkAmidASoundStream_IsPassedOverAndCounted()
    {
        var builder = new ChatReplyBuilder();
        var reader = Feed(
            Chunk("""{"index":0,"delta":{"content":"a"}}""")
                + "data: {\"id\":\n\n"
                + Chunk("""{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}""")
                + Done,
            builder
        );

        reader.MalformedEvents.ShouldBe(1);
        builder.IsComplete.ShouldBeTrue();
        TextOf(builder).ShouldBe("ab");
    }

    [Theory]
    [InlineData("""{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}""", true)]
    [InlineData("""{"index":0,"delta":{"content":"a"},"finish_reason":null}""", false)]
    public void Complete_WithoutTerminator_IsSoundOnlyAfterAFinish(string choice, bool isSound)
    {
        var told = Read(Chunk(choice));

        told.IsComplete.ShouldBe(isSound);
        (told.Error?.Code).ShouldBe(isSound ? null : "stream_cut");
    }

    [Fact]
    public void Complete_WithoutTheLastBlankLine_TakesTheLastEvent() =>
        TextOf(
                Read(
                    Chunk("""{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}""")
                        .TrimEnd()
                )
            )
            .ShouldBe("a");

    [Fact]
    public void Feed_ATextDelta_AllocatesNothing()
    {
        var sink = new NullSink();
        var reader = new OpenAIChatStreamReader(false);
        var chunk = Encoding.UTF8.GetBytes(
            Chunk(
                """{"index":0,"delta":{"content":"a few words \ud83c\udfee"},"finish_reason":null}"""
            )
        );
        for (var i = 0; i < 200; i++)
            reader.Read(chunk, sink);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            reader.Read(chunk, sink);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
        sink.Deltas.ShouldBe(1200);
    }

    private static string Chunk(string choice, string more = "") =>
        $$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{{choice}}]{{more}}}"""
        + "\n\n";

    private static ChatReplyBuilder Read(string stream)
    {
        var builder = new ChatReplyBuilder();
        Feed(stream, builder);
        return builder;
    }

    private static ChatStreamReader Feed(string stream, IChatEventSink sink)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        return StreamFeed.Feed(
            new OpenAIChatDialect(),
            new ProviderType { Name = "p", Dialect = "openai" },
            bytes,
            bytes.Length,
            sink
        );
    }

    private static string TextOf(ChatReplyBuilder told) =>
        string.Concat(
            told.Build().Choices[0].Message.Parts.OfType<TextPart>().Select(part => part.Text)
        );

    private sealed class NullSink : IChatEventSink
    {
        public int Deltas { get; private set; }

        public void Take(in ChatEvent chatEvent)
        {
            if (chatEvent.Kind is ChatEventKind.TextDelta)
                Deltas++;
        }
    }
}
