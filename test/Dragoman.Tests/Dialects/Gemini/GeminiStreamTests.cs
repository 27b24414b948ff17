using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.Gemini;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Gemini;

/// <summary>What a client of this dialect sees of a stream that another one wrote, and what is read of Google's own.</summary>
public class GeminiStreamTests
{
    private static readonly ProviderType Type = new() { Name = "p", Dialect = "gemini" };

    [Fact]
    public void Write_ACallInPieces_IsOnePart_AndTheFinishComesLastWithTheUsage()
    {
        var chunks = Write(sink =>
        {
            sink.Take(ChatEvent.OfStart("id-1"u8, "model-1"u8));
            sink.Take(ChatEvent.OfText(0, "Hm"u8));
            sink.Take(ChatEvent.OfToolCall(0, 0, "a"u8, "f"u8));
            sink.Take(ChatEvent.OfToolArguments(0, 0, "{\\\"x\\\":"u8));
            sink.Take(ChatEvent.OfToolArguments(0, 0, "1}"u8));
            sink.Take(ChatEvent.OfToolCall(0, 1, "b"u8, "g"u8));
            sink.Take(ChatEvent.OfStop(0, StopReason.ToolCalls, "tool_calls"u8));
            sink.Take(
                ChatEvent.OfUsage(
                    new TokenUsage
                    {
                        Input = 3,
                        CacheRead = 2,
                        Output = 4,
                        Reasoning = 1,
                    }
                )
            );
            sink.Take(ChatEvent.OfEnd());
        });

        chunks.Count.ShouldBe(4);
        chunks.ShouldAllBe(chunk =>
            chunk["modelVersion"]!.ToString() == "model-1"
            && chunk["responseId"]!.ToString() == "id-1"
        );
        chunks[1]["candidates"]![0]!["content"]!["parts"]![0]!
            .ToJsonString()
            .ShouldBe("""{"functionCall":{"id":"a","name":"f","args":{"x":1}}}""");
        chunks[2]["candidates"]![0]!["content"]!["parts"]![0]!
            .ToJsonString()
            .ShouldBe("""{"functionCall":{"id":"b","name":"g","args":{}}}""");
        chunks[3]["candidates"]![0]!["finishReason"]!.ToString().ShouldBe("STOP");
        chunks[3]["usageMetadata"]!
            .ToJsonString()
            .ShouldBe(
                """{"promptTokenCount":5,"cachedContentTokenCount":2,"candidatesTokenCount":4,"thoughtsTokenCount":1,"totalTokenCount":10}"""
            );
        chunks.SkipLast(1).ShouldAllBe(chunk => chunk["candidates"]![0]!["finishReason"] == null);
    }

    [Fact]
    public void Write_InterleavedCalls_AreEachWhole()
    {
        var chunks = Write(sink =>
        {
            sink.Take(ChatEvent.OfToolCall(0, 0, "a"u8, "f"u8));
            sink.Take(ChatEvent.OfToolArguments(0, 0, "{\\\"x\\\":"u8));
            sink.Take(ChatEvent.OfToolCall(0, 1, "b"u8, "g"u8));
            sink.Take(ChatEvent.OfToolArguments(0, 1, "{}"u8));
            sink.Take(ChatEvent.OfToolArguments(0, 0, "1}"u8));
            sink.Take(ChatEvent.OfStop(0, StopReason.ToolCalls));
            sink.Take(ChatEvent.OfEnd());
        });

        chunks
            .SkipLast(1)
            .Select(chunk =>
                chunk["candidates"]![0]!["content"]!["parts"]![0]!["functionCall"]![
                    "args"
                ]!.ToJsonString()
            )
            .ShouldBe(["""{"x":1}""", "{}"]);
    }

    [Fact]
    public void Write_WithoutAltSse_IsOneListThatCloses()
    {
        var list = new GeminiDialect(streamsList: true);
        var output = new ArrayBufferWriter<byte>();
        var writer = list.CreateStreamWriter(output, default);
        output.Write(list.KeepAlive);
        writer.Take(ChatEvent.OfText(0, "a"u8));
        output.Write(list.KeepAlive);
        writer.Take(ChatEvent.OfText(0, "b"u8));
        writer.Take(ChatEvent.OfStop(0, StopReason.Length));
        writer.Take(ChatEvent.OfEnd());

        var items = JsonNode.Parse(output.WrittenSpan)!.AsArray();
        items.Count.ShouldBe(3);
        items[2]!["candidates"]![0]!["finishReason"]!.ToString().ShouldBe("MAX_TOKENS");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void WriteError_InAList_IsItsLastItem_AndTheListStaysOpen(int before)
    {
        var list = new GeminiDialect(streamsList: true);
        var output = new ArrayBufferWriter<byte>();
        var writer = list.CreateStreamWriter(output, default);
        for (var i = 0; i < before; i++)
            writer.Take(ChatEvent.OfText(0, "a"u8));
        list.WriteStreamError(
            output,
            new GatewayError(GatewayErrorKind.RateLimited, "slow")
            {
                RetryAfter = TimeSpan.FromSeconds(2.5),
            }
        );

        Should.Throw<System.Text.Json.JsonException>(() => JsonNode.Parse(output.WrittenSpan));
        output.Write("]"u8);
        var items = JsonNode.Parse(output.WrittenSpan)!.AsArray();
        items.Count.ShouldBe(before + 1);
        var error = items[before]!["error"]!;
        error["code"]!.GetValue<int>().ShouldBe(429);
        error["status"]!.ToString().ShouldBe("RESOURCE_EXHAUSTED");
        error["details"]![0]!["retryDelay"]!.ToString().ShouldBe("3s");
    }

    [Fact]
    public void Write_AnotherModelsReasoning_ComesBackWhole()
    {
        var chunks = Write(sink =>
        {
            sink.Take(ChatEvent.OfReasoning(0, "think "u8));
            sink.Take(ChatEvent.OfReasoning(0, "hard"u8));
            sink.Take(ChatEvent.OfSignature(0, "sig/1"u8, "anthropic"));
            sink.Take(ChatEvent.OfPartEnd(0));
            sink.Take(ChatEvent.OfRedacted(0, "opaque"u8, "anthropic"));
            sink.Take(ChatEvent.OfToolCall(0, 0, "toolu_1"u8, "f"u8));
            sink.Take(ChatEvent.OfPartEnd(0));
            sink.Take(ChatEvent.OfStop(0, StopReason.ToolCalls));
            sink.Take(ChatEvent.OfEnd());
        });
        // As Google's libraries keep it: every part of every chunk.
        var parts = new JsonArray([
            .. chunks
                .SelectMany(chunk => chunk["candidates"]![0]!["content"]!["parts"]!.AsArray())
                .Select(part => part!.DeepClone()),
        ]);
        var body = new JsonObject
        {
            ["contents"] = new JsonArray(new JsonObject { ["role"] = "model", ["parts"] = parts }),
        };
        new GeminiDialect().TryReadRequest(
            Encoding.UTF8.GetBytes(body.ToJsonString()),
            new RequestEnvelope { Model = "m" },
            out var request,
            out var error
        );

        error.ShouldBeNull();
        var said = request!.Messages[0].Parts;
        var thought = said[0].ShouldBeOfType<ReasoningPart>();
        (thought.Text.ToString(), thought.Signature.ToString(), thought.SignatureOf).ShouldBe(
            ("think hard", "sig/1", "anthropic")
        );
        var redacted = said[1].ShouldBeOfType<ReasoningPart>();
        (redacted.IsRedacted, redacted.Signature.ToString()).ShouldBe((true, "opaque"));
        said[2].ShouldBeOfType<ToolCallPart>().Id.ToString().ShouldBe("toolu_1");
    }

    [Fact]
    public void Write_SourcesOfAnother_AreGroundingChunks()
    {
        var chunks = Write(sink =>
        {
            sink.Take(ChatEvent.OfText(0, "x"u8));
            sink.Take(ChatEvent.OfCitation("https://a.example"u8, "A"u8));
            sink.Take(ChatEvent.OfStop(0, StopReason.Stop));
            sink.Take(ChatEvent.OfEnd());
        });

        chunks[^1]["candidates"]![0]!["groundingMetadata"]!
            .ToJsonString()
            .ShouldBe("""{"groundingChunks":[{"web":{"uri":"https://a.example","title":"A"}}]}""");
    }

    [Fact]
    public void Read_SignatureOfWhatFollowsThoughts_IsNotTheThoughts()
    {
        var reply = Read(
            """{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"},"thoughtSignature":"S"}]},"finishReason":"STOP"}]}"""
        );

        var parts = reply.Choices[0].Message.Parts;
        parts[0].ShouldBeOfType<ReasoningPart>().Signature.ShouldBeNull();
        parts[1].ShouldBeOfType<ReasoningPart>().Signature.ToString().ShouldBe("S");
        parts[2].ShouldBeOfType<ToolCallPart>().Arguments.ToString().ShouldBe("{}");
        reply.Choices[0].Stop.ShouldBe(StopReason.ToolCalls);
    }

    [Theory]
    [InlineData(
        "data: {\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n"
    )]
    [InlineData(
        "[{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"The model is overloaded.\",\n    \"status\": \"UNAVAILABLE\"\n  }\n}]\n"
    )]
    public void Read_AnErrorAmidAStream_IsTold(string error)
    {
        var builder = new ChatReplyBuilder();
        StreamFeed.Feed(
            new GeminiDialect(),
            Type,
            Encoding.UTF8.GetBytes(
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}],\"usageMetadata\":{\"promptTokenCount\":3}}\r\n\r\n"
                    + error
            ),
            5,
            builder
        );

        builder.Error!.Message.ShouldBe("The model is overloaded.");
        builder.Build().Usage!.Input.ShouldBe(3);
    }

    [Fact]
    public void Read_ATextDelta_AllocatesNothing()
    {
        var reader = new GeminiDialect().CreateStreamReader(Type);
        var chunk =
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"some text\"}],\"role\":\"model\"},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":17,\"candidatesTokenCount\":41,\"totalTokenCount\":58,\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":17}]},\"modelVersion\":\"gemini-2.5-pro\",\"responseId\":\"r\"}\r\n\r\n"u8.ToArray();
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var writer = new GeminiDialect().CreateStreamWriter(output, default);
        for (var i = 0; i < 100; i++)
            reader.Read(chunk, writer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            output.ResetWrittenCount();
            reader.Read(chunk, writer);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        output.WrittenCount.ShouldBeGreaterThan(50);
    }

    private static List<JsonNode> Write(Action<IChatEventSink> events)
    {
        var output = new ArrayBufferWriter<byte>();
        events(
            new GeminiDialect().CreateStreamWriter(
                output,
                new StreamWriting(new ReplyFallback(JsonText.Of("f"), JsonText.Of("m"), 1))
            )
        );
        return
        [
            .. Encoding
                .UTF8.GetString(output.WrittenSpan)
                .Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(static text => JsonNode.Parse(text["data: ".Length..])!),
        ];
    }

    private static ChatReply Read(params string[] chunks)
    {
        var builder = new ChatReplyBuilder();
        StreamFeed.Feed(
            new GeminiDialect(),
            Type,
            Encoding.UTF8.GetBytes(
                string.Concat(chunks.Select(static one => $"data: {one}\r\n\r\n"))
            ),
            7,
            builder
        );
        builder.IsComplete.ShouldBeTrue();
        return builder.Build();
    }
}
