using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.Ollama;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Ollama;

public sealed class OllamaReplyTests
{
    private static readonly ProviderType Type = new() { Name = "p", Dialect = "ollama" };
    private static readonly ReplyFallback Fallback = new(
        JsonText.Of("1"),
        JsonText.Of("m"),
        1_700_000_000
    );

    [Theory]
    [InlineData("""{"prompt_eval_count":26,"eval_count":5}""", 26L, null, 5L)]
    [InlineData(
        """{"prompt_eval_count":26,"prompt_eval_cached_count":20,"eval_count":5}""",
        6L,
        20L,
        5L
    )]
    [InlineData(
        """{"prompt_eval_count":26,"prompt_eval_cached_count":90,"eval_count":5}""",
        0L,
        26L,
        5L
    )]
    [InlineData("""{"eval_count":5}""", null, null, 5L)]
    [InlineData("""{"prompt_eval_count":0,"eval_count":0}""", 0L, null, 0L)]
    [InlineData(
        """{"prompt_eval_count":-1,"eval_count":"5","total_duration":1}""",
        null,
        null,
        null
    )]
    public void Read_Counts_AreDisjoint_AndAbsentIsNotZero(
        string counts,
        long? input,
        long? cached,
        long? output
    )
    {
        var body =
            """{"model":"m","message":{"role":"assistant","content":"x"},"done":true,"""
            + counts[1..];
        var builder = new ChatReplyBuilder();
        StreamFeed.Feed(new OllamaDialect(), Type, Encoding.UTF8.GetBytes(body + "\n"), 9, builder);

        foreach (var usage in (TokenUsage?[])[Read(body).Usage, builder.Build().Usage])
        {
            (usage?.Input, usage?.CacheRead, usage?.Output).ShouldBe((input, cached, output));
            (usage is null).ShouldBe(output is null);
        }
    }

    [Theory]
    [InlineData("""{"error":"model \"x\" not found"}""", "model \"x\" not found", true)]
    [InlineData("""{"error":{"message":"no","type":"api_error","code":null}}""", "no", false)]
    [InlineData(
        """{"StatusCode":429,"Status":"429 Too Many Requests","error":"slow down"}""",
        "slow down",
        true
    )]
    [InlineData("404 page not found", "404 page not found", false)]
    [InlineData("<html>no</html>", null, false)]
    [InlineData("""{"error":"x"} trailing""", """{"error":"x"} trailing""", false)]
    public void ReadError_AnyShape_FindsItsWords(string body, string? message, bool isOwn)
    {
        var error = new OllamaDialect().ReadError(Encoding.UTF8.GetBytes(body));

        error.Message.ShouldBe(message);
        error.IsCanonicalShape.ShouldBe(isOwn);
    }

    [Fact]
    public void Read_ErrorWithStatus200_IsNoAnswer()
    {
        new OllamaDialect()
            .TryReadReply("""{"error":"out of memory"}"""u8.ToArray(), Type, out _, out var error)
            .ShouldBeFalse();
        error!.Message.ShouldBe("out of memory");
    }

    [Fact]
    public void ReadStream_ErrorLine_EndsItInThatError()
    {
        var builder = new ChatReplyBuilder();
        StreamFeed.Feed(
            new OllamaDialect(),
            Type,
            "{\"message\":{\"content\":\"a\"},\"done\":false}\n{\"error\":\"runner has gone\"}\n"u8,
            7,
            builder
        );

        builder.Error!.Message.ShouldBe("runner has gone");
    }

    [Fact]
    public void ReadStream_ToolTurnThatSaysStop_WaitsForTools()
    {
        var builder = new ChatReplyBuilder();
        StreamFeed.Feed(
            new OllamaDialect(),
            Type,
            """
            {"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a": "\ud83d\"\\n"}}}]},"done":false}
            {"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}
            """u8,
            11,
            builder
        );

        var choice = builder.Build().Choices.ShouldHaveSingleItem();
        choice.Stop.ShouldBe(StopReason.ToolCalls);
        choice
            .Message.Parts.ShouldHaveSingleItem()
            .ShouldBeOfType<ToolCallPart>()
            .Arguments.TryAsJson(out _)
            .ShouldBeTrue();
    }

    [Fact]
    public void Generate_ReadThenWritten_IsEqualJson()
    {
        var body =
            """
            {"model":"m","created_at":"2026-11-20T10:00:00.5Z","response":"Hi","thinking":"Hm","done":true,"done_reason":"stop",
             "context":[1,2,3],"total_duration":5,"prompt_eval_count":26,"eval_count":290}
            """u8.ToArray();
        var output = new ArrayBufferWriter<byte>();
        new OllamaDialect(OllamaCall.Generate).WriteReply(output, Read(body), Fallback);

        JsonEquality.ShouldBeEqual(body, output.WrittenMemory, "generate");
    }

    [Fact]
    public void Write_AnswerOfAnotherDialect_HasAllThatClientsNeed()
    {
        DialectSlice
            .Find("openai")!
            .TryReadReply(
                """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}"""u8.ToArray(),
                new ProviderType { Name = "o", Dialect = "openai" },
                out var reply,
                out _
            )
            .ShouldBeTrue();
        var output = new ArrayBufferWriter<byte>();
        new OllamaDialect().WriteReply(
            output,
            reply!,
            Fallback with
            {
                Elapsed = static () => TimeSpan.FromSeconds(2),
            }
        );

        Encoding
            .UTF8.GetString(output.WrittenSpan)
            .ShouldBe(
                """{"model":"m","created_at":"2023-11-14T22:13:20Z","message":{"role":"assistant","content":"","tool_calls":[{"id":"c1","function":{"name":"f","arguments":{"a":1}}}]},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":4,"total_duration":2000000000}"""
            );
    }

    [Fact]
    public void Feed_ATextDelta_AllocatesNothing()
    {
        var reader = new OllamaStreamReader();
        var sink = new Ignoring();
        var line =
            "{\"model\":\"m\",\"created_at\":\"2026-11-20T10:00:00.1Z\",\"message\":{\"role\":\"assistant\",\"content\":\"word\"},\"done\":false}\n"u8.ToArray();
        for (var i = 0; i < 50; i++)
            reader.Read(line, sink);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            reader.Read(line, sink);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        sink.Texts.ShouldBe(150);
    }

    private static ChatReply Read(string body) => Read(Encoding.UTF8.GetBytes(body));

    private static ChatReply Read(byte[] body)
    {
        new OllamaDialect()
            .TryReadReply(body, Type, out var reply, out var error)
            .ShouldBeTrue(error?.Message);
        return reply!;
    }

    private sealed class Ignoring : IChatEventSink
    {
        public int Texts { get; private set; }

        public void Take(in ChatEvent chatEvent) =>
            Texts += chatEvent.Kind is ChatEventKind.TextDelta ? 1 : 0;
    }
}
