using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.AnthropicMessages;
using Dragoman.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.AnthropicMessages;

/// <summary>Whatever bytes come, nothing here throws or hangs.</summary>
public class AnthropicFuzzTests
{
    private static readonly AnthropicDialect Dialect = new();
    private static readonly ProviderType Type = new() { Name = "p", Dialect = "anthropic" };
    private static readonly ReplyFallback Fallback = new(JsonText.Of("1"), JsonText.Of("m"), 1);

    /// <summary>Pieces that together are often nearly this dialect.</summary>
    private static readonly Gen<string> NearlyJson = Gen.Elements(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\ud83d",
            "\\",
            "null",
            "true",
            "-1",
            "1e400",
            "\"type\":\"error\"",
            "\"type\":\"text\"",
            "\"type\":{\"type\":\"text\"}",
            "\"type\":\"tool_use\"",
            "\"type\":\"tool_result\"",
            "\"type\":\"thinking\"",
            "\"type\":\"image\"",
            "\"error\":",
            "\"message\":{",
            "\"content\":[",
            "\"content_block\":{",
            "\"delta\":{",
            "\"source\":{",
            "\"input\":{",
            "\"partial_json\":\"{\"",
            "\"usage\":{",
            "\"input_tokens\":",
            "\"cache_creation\":{",
            "\"index\":",
            "\"thinking\":{",
            "\"output_config\":{",
            "\"format\":{",
            "\"schema\":{",
            "\"system\":",
            "\"messages\":[",
            "\"role\":\"user\"",
            "\"max_tokens\":1",
            "\"model\":\"m\"",
            "\"tools\":[",
            "\"tool_choice\":{",
            "event: message_start\ndata: {\"type\":\"message_start\",",
            "event: content_block_start\ndata: {\"type\":\"content_block_start\",",
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",",
            "event: message_delta\ndata: {\"type\":\"message_delta\",",
            "data: {\"type\":\"content_block_stop\"}\n\n",
            "data: {\"type\":\"message_stop\"}\n\n",
            "\n\n",
            "\r\n",
            "é",
            "\u0000"
        )
        .ListOf()
        .Select(list => string.Concat(list));

    [Fact]
    public void Readers_AnyBytes_NeverThrow() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(NearlyJson.ToArbitrary(), ReadEverything)
        );

    [Theory]
    [InlineData("""{"type":"message","content":[{"type":"x","\ud800":1}],"usage":{"\ud800":1}}""")]
    [InlineData("""{"type":"error","error":{"\ud800":"x","message":"\ud800","type":"\udfff"}}""")]
    [InlineData(
        """{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"\ud800","\ud800":1},{"type":"text","text":"\ud800","\ud800":2}]}],"tools":[{"name":"t","input_schema":{"\ud800":1}}],"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"\ud800":{"type":"string","minLength":1}}}}},"\ud800":{}}"""
    )]
    [InlineData(
        "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"\\ud800\":1}}}\n\ndata: {\"type\":\"content_block_start\",\"content_block\":{\"type\":\"x\",\"\\ud800\":\"\\udfff\"}}\n\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"\\ud800\":\"\\ud800\",\"partial_json\":\"{\\\"\\ud800\\\":1}\"}}\n\ndata: {\"type\":\"message_delta\",\"usage\":{\"\\ud800\":2}}\n\n"
    )]
    public void Readers_HalfSurrogatesAnywhere_DoNotThrow(string text) => ReadEverything(text);

    [Fact]
    public void Readers_DeepNesting_DoesNotThrow() =>
        ReadEverything("{\"messages\":" + new string('[', 100_000));

    [Fact]
    public void Readers_EachFixtureWithAnyValueReplaced_NeverThrow()
    {
        foreach (var file in (string[])["request.json", "reply.json"])
        foreach (var (name, body) in Fixtures.Of("anthropic", file))
        {
            var text = Encoding.UTF8.GetString(body);
            var read = 0;
            foreach (var value in (string[])["null", "7", "\"x\"", "[]", "{}", "[{}]", "true"])
            {
                for (var at = text.IndexOf("\": ", StringComparison.Ordinal); at >= 0; )
                {
                    var end = text.IndexOfAny(['\n', ','], at);
                    ReadEverything(text[..(at + 3)] + value + text[end..]);
                    read++;
                    at = text.IndexOf("\": ", at + 3, StringComparison.Ordinal);
                }
            }
            read.ShouldBeGreaterThan(10, name);
        }
    }

    private static void ReadEverything(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        Dialect.ReadError(body);
        if (Dialect.TryReadReply(body, Type, out var reply, out _))
            Dialect.WriteReply(new ArrayBufferWriter<byte>(), reply!, Fallback);
        if (
            Dialect.TryReadRequest(
                body,
                new RequestEnvelope { Model = "m" },
                out var request,
                out var error
            )
        )
        {
            foreach (var model in (string[])["m", "claude-3-haiku", "claude-opus-5-5"])
                Dialect.WriteRequest(
                    new ArrayBufferWriter<byte>(),
                    request!,
                    Targets.Of("anthropic", model),
                    new Losses()
                );
        }
        else
            error!.Message.ShouldNotBeNullOrEmpty();
        StreamFeed.Feed(
            Dialect,
            Type,
            body,
            9,
            Dialect.CreateStreamWriter(new ArrayBufferWriter<byte>(), new StreamWriting(Fallback))
        );
    }
}
