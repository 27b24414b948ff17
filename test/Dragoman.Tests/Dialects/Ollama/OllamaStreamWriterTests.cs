using System.Buffers;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.Ollama;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Ollama;

public sealed class OllamaStreamWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private TimeSpan _elapsed = TimeSpan.FromMilliseconds(10);

    private OllamaStreamWriter Writer(bool isGenerate = false) =>
        new(
            _output,
            new ReplyFallback(JsonText.Of("1"), JsonText.Of("m"), 1_700_000_000)
            {
                Elapsed = () => _elapsed,
            },
            isGenerate
        );

    [Fact]
    public void Take_TextOfAnotherDialect_WritesALineADeltaAndTheEndLast()
    {
        var writer = Writer();
        writer.Take(ChatEvent.OfStart("chatcmpl-1"u8, "gpt"u8, 1_700_000_001));
        writer.Take(ChatEvent.OfReasoning(0, "Hm"u8));
        writer.Take(ChatEvent.OfText(0, "a\\n"u8));
        _elapsed = TimeSpan.FromMilliseconds(30);
        writer.Take(ChatEvent.OfStop(0, StopReason.Length, "length"u8));
        writer.Take(
            ChatEvent.OfUsage(
                new TokenUsage
                {
                    Input = 3,
                    CacheRead = 4,
                    Output = 5,
                    Reasoning = 6,
                }
            )
        );
        writer.Take(ChatEvent.OfEnd());

        Lines()
            .Select(line => line.GetRawText())
            .ShouldBe([
                """{"model":"gpt","created_at":"2023-11-14T22:13:21Z","message":{"role":"assistant","content":"","thinking":"Hm"},"done":false}""",
                """{"model":"gpt","created_at":"2023-11-14T22:13:21Z","message":{"role":"assistant","content":"a\n"},"done":false}""",
                """{"model":"gpt","created_at":"2023-11-14T22:13:21Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"length","total_duration":30000000,"prompt_eval_duration":10000000,"eval_duration":20000000,"prompt_eval_count":7,"prompt_eval_cached_count":4,"eval_count":11}""",
            ]);
    }

    [Fact]
    public void Take_Generate_HasAResponseInPlaceOfAMessage()
    {
        var writer = Writer(isGenerate: true);
        writer.Take(ChatEvent.OfReasoning(0, "Hm"u8));
        writer.Take(ChatEvent.OfText(0, "a"u8));
        writer.Take(ChatEvent.OfEnd());

        var lines = Lines();
        lines.Select(line => line.GetProperty("response").GetString()).ShouldBe(["", "a", ""]);
        lines[0].GetProperty("thinking").GetString().ShouldBe("Hm");
        lines[^1].GetProperty("done_reason").GetString().ShouldBe("stop");
        lines.ShouldAllBe(line => !Has(line, "message"));
    }

    [Fact]
    public void Take_InterleavedToolCalls_WritesEachWhole()
    {
        var writer = Writer();
        writer.Take(ChatEvent.OfToolCall(0, 0, "call_a"u8, "f"u8));
        writer.Take(ChatEvent.OfToolArguments(0, 0, "{\\\"a\\\":"u8));
        writer.Take(ChatEvent.OfToolCall(0, 1, default, "g"u8));
        writer.Take(ChatEvent.OfToolArguments(0, 1, "\\n{ }"u8));
        writer.Take(ChatEvent.OfToolArguments(0, 0, "\\\"\\\\\\\"1\\\"}"u8));
        _output.WrittenCount.ShouldBe(0);
        writer.Take(ChatEvent.OfStop(0, StopReason.ToolCalls, "tool_calls"u8));
        writer.Take(ChatEvent.OfEnd());

        var calls = Lines()[..^1]
            .Select(line => line.GetProperty("message").GetProperty("tool_calls")[0])
            .ToList();
        calls[0].GetProperty("id").GetString().ShouldBe("call_a");
        calls[0]
            .GetProperty("function")
            .GetProperty("arguments")
            .GetProperty("a")
            .GetString()
            .ShouldBe("\"1");
        calls[1].TryGetProperty("id", out _).ShouldBeFalse();
        calls[1].GetProperty("function").GetProperty("arguments").EnumerateObject().ShouldBeEmpty();
        Lines()[^1].GetProperty("done_reason").GetString().ShouldBe("stop");
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("{\\\"cut", """{"arguments":"{\"cut"}""")]
    [InlineData("7", """{"arguments":7}""")]
    public void Take_ArgumentsThatAreNoObject_AreCarriedInOne(string escaped, string arguments)
    {
        var writer = Writer();
        writer.Take(ChatEvent.OfToolCall(0, 0, default, "f"u8));
        writer.Take(ChatEvent.OfToolArguments(0, 0, Encoding.UTF8.GetBytes(escaped)));
        writer.Take(ChatEvent.OfEnd());

        Lines()[0]
            .GetProperty("message")
            .GetProperty("tool_calls")[0]
            .GetProperty("function")
            .GetProperty("arguments")
            .GetRawText()
            .ShouldBe(arguments);
    }

    [Fact]
    public void Take_Error_WritesNothingMore()
    {
        var writer = Writer();
        writer.Take(ChatEvent.OfText(0, "a"u8));
        writer.Take(ChatEvent.OfError(new GatewayError(GatewayErrorKind.Upstream, "x")));
        writer.Take(ChatEvent.OfEnd());

        Lines().Count.ShouldBe(1);
    }

    [Fact]
    public void Take_SecondAnswer_IsLeftOut()
    {
        var writer = Writer();
        writer.Take(ChatEvent.OfText(1, "b"u8));
        writer.Take(ChatEvent.OfText(0, "a"u8));

        Lines()
            .ShouldHaveSingleItem()
            .GetProperty("message")
            .GetProperty("content")
            .GetString()
            .ShouldBe("a");
    }

    [Fact]
    public void Take_ATextDelta_AllocatesNothing()
    {
        var writer = Writer();
        for (var i = 0; i < 100; i++)
            writer.Take(ChatEvent.OfText(0, "word "u8));
        _output.ResetWrittenCount();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
            writer.Take(ChatEvent.OfText(0, "word "u8));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static bool Has(JsonElement line, string member) => line.TryGetProperty(member, out _);

    private List<JsonElement> Lines() =>
        [
            .. Encoding
                .UTF8.GetString(_output.WrittenSpan)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
}
