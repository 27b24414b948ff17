using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

public class OpenAIChatStreamWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    private string Written => Encoding.UTF8.GetString(_output.WrittenSpan);

    [Fact]
    public void Take_AnAnswerOfAnotherDialect_IsASoundStream()
    {
        var writer = Writer(includeUsage: true);
        writer.Take(ChatEvent.OfStart(default, default));
        writer.Take(ChatEvent.OfRaw("anthropic", RawScope.Reply, 0, "x"u8, "1"u8));
        writer.Take(ChatEvent.OfReasoning(0, "hm"u8));
        writer.Take(ChatEvent.OfSignature(0, "sig"u8, "anthropic"));
        writer.Take(ChatEvent.OfText(0, "a\\n"u8));
        writer.Take(ChatEvent.OfToolCall(0, 0, default, "f"u8));
        writer.Take(ChatEvent.OfToolArguments(0, 0, "{}"u8));
        writer.Take(ChatEvent.OfStop(0, StopReason.ToolCalls, "tool_use"u8));
        writer.Take(
            ChatEvent.OfUsage(
                new TokenUsage
                {
                    Input = 3,
                    CacheRead = 1,
                    Output = 4,
                    Reasoning = 5,
                }
            )
        );
        writer.Take(ChatEvent.OfEnd());

        StreamRules.ShouldHold(_output.WrittenSpan.ToArray(), "translated");
        Written.ShouldContain("""{"reasoning_content":"hm"}""");
        Written.ShouldContain("""{"content":"a\n"}""");
        Written.ShouldContain(""" "id":"call_chatcmpl-9_0_0" """.Trim());
        Written.ShouldContain(""" "finish_reason":"tool_calls" """.Trim());
        Written.ShouldContain(
            """ "prompt_tokens":4,"completion_tokens":9,"total_tokens":13 """.Trim()
        );
        Written.ShouldNotContain("\"x\":1");
    }

    [Fact]
    public void Take_UsageNotAskedFor_IsLeftOut()
    {
        var writer = Writer(includeUsage: false);
        writer.Take(ChatEvent.OfStart("c"u8, "m"u8, 5));
        writer.Take(ChatEvent.OfText(0, "a"u8));
        writer.Take(ChatEvent.OfUsage(new TokenUsage { Input = 3 }));
        writer.Take(ChatEvent.OfStop(0, StopReason.Stop));
        writer.Take(ChatEvent.OfEnd());

        Written.ShouldBe(
            """
            data: {"id":"c","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            data: {"id":"c","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}

            data: {"id":"c","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]


            """.ReplaceLineEndings("\n")
        );
    }

    [Fact]
    public void Take_AnError_WritesNeitherItNorAnythingAfter()
    {
        var writer = Writer(includeUsage: true);
        writer.Take(ChatEvent.OfText(0, "a"u8));
        writer.Take(ChatEvent.OfStop(0, StopReason.Error, "error"u8));
        writer.Take(ChatEvent.OfError(new GatewayError(GatewayErrorKind.Upstream, "cut")));
        writer.Take(ChatEvent.OfEnd());

        Written.ShouldContain("\"content\":\"a\"");
        Written.ShouldNotContain("error");
        Written.ShouldNotContain("[DONE]");
        Written.ShouldNotContain("\"finish_reason\":\"");
    }

    [Fact]
    public void Take_TwoFinishes_WritesOne()
    {
        var writer = Writer(includeUsage: false);
        writer.Take(ChatEvent.OfStop(0, StopReason.Length));
        writer.Take(ChatEvent.OfStop(0, StopReason.Stop));
        writer.Take(ChatEvent.OfEnd());

        Written.Split("\"finish_reason\":\"").Length.ShouldBe(2);
        Written.ShouldContain("\"finish_reason\":\"length\"");
    }

    [Fact]
    public void Take_ATextDelta_AllocatesNothing()
    {
        var output = new ArrayBufferWriter<byte>(1 << 16);
        var writer = new OpenAIChatStreamWriter(
            output,
            includeUsage: true,
            new(JsonText.Of("c"), JsonText.Of("m"), 1)
        );
        writer.Take(ChatEvent.OfStart("c"u8, "m"u8, 5));
        for (var i = 0; i < 200; i++)
            WriteOne();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            WriteOne();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
        output.WrittenCount.ShouldBeGreaterThan(50);

        void WriteOne()
        {
            output.ResetWrittenCount();
            writer.Take(ChatEvent.OfText(0, "a few words"u8));
        }
    }

    private OpenAIChatStreamWriter Writer(bool includeUsage) =>
        new(_output, includeUsage, new(JsonText.Of("chatcmpl-9"), JsonText.Of("m"), 1));
}
