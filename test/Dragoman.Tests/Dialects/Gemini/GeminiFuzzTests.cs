using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.Gemini;
using Dragoman.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Gemini;

/// <summary>Whatever bytes come, nothing here throws or hangs, and what was read can be written.</summary>
public class GeminiFuzzTests
{
    private static readonly GeminiDialect Dialect = new();
    private static readonly GeminiDialect One = new(embedsOne: true);

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
            "\"error\":",
            "\"candidates\":[",
            "\"content\":{",
            "\"contents\":[",
            "\"parts\":[",
            "{\"text\":\"x\"",
            "\"thought\":true",
            "\"thoughtSignature\":\"x\"",
            "\"functionCall\":{",
            "\"functionResponse\":{",
            "\"response\":{",
            "\"inlineData\":{",
            "\"role\":\"user\"",
            "\"name\":\"f\"",
            "\"args\":{",
            "\"tools\":[",
            "\"functionDeclarations\":[",
            "\"parameters\":{\"type\":\"OBJECT\"",
            "\"generationConfig\":{",
            "\"usageMetadata\":{",
            "\"promptTokenCount\":",
            "\"promptFeedback\":{\"blockReason\":\"X\"}",
            "\"finishReason\":\"STOP\"",
            "\"index\":",
            "\"embeddings\":[",
            "\"values\":[",
            "\"requests\":[",
            "data: ",
            "\n\n",
            "\r\n",
            "é",
            "\u0000"
        )
        .ListOf()
        .Select(list => string.Concat(list));

    [Fact]
    public void Readers_ArbitraryBytes_NeverThrow() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll<byte[]>(bytes => ReadByAll(bytes))
        );

    [Fact]
    public void Readers_NearlyJson_NeverThrow() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(5000).WithEndSize(60),
            Prop.ForAll(NearlyJson.ToArbitrary(), text => ReadByAll(Encoding.UTF8.GetBytes(text)))
        );

    [Theory]
    [InlineData("request.json")]
    [InlineData("reply.json")]
    [InlineData("stream.sse")]
    public void Readers_NearlyRight_NeverThrow(string file)
    {
        foreach (var (name, body) in Fixtures.Of("gemini", file))
        foreach (var mutated in Mutations.Of(body, count: 300, seed: 7))
            ReadByAll(mutated).ShouldBeTrue(name);
    }

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData(
        """{"candidates":[{"\ud800":1,"content":{"\udfff":2,"parts":[{"text":"\ud800"},{"\ud800":{}}]}}],"\ud800x":3}"""
    )]
    [InlineData(
        """{"contents":[{"parts":[{"text":"\ud800"},{"functionResponse":{"name":"\ud800","response":{"\ud800":"\udfff"}}}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"\ud800":{"type":"\ud800"}}}}]},{"\udfff":{}}]}"""
    )]
    [InlineData("""{"error":{"\ud800":"x","message":"\ud800","details":[{"\ud800":1}]}}""")]
    public void Readers_HalfSurrogatesInNames_DoNotThrow(string json) =>
        ReadByAll(Encoding.UTF8.GetBytes(json)).ShouldBeTrue();

    [Fact]
    public void Readers_DeepNesting_DoesNotThrow()
    {
        ReadByAll(Encoding.UTF8.GetBytes("{\"contents\":" + new string('[', 100_000)))
            .ShouldBeTrue();
        var schema =
            string.Concat(Enumerable.Repeat("{\"type\":\"ARRAY\",\"items\":", 400))
            + "{}"
            + new string('}', 400);
        ReadByAll(
                Encoding.UTF8.GetBytes(
                    "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"parameters\":"
                        + schema
                        + "}]}]}"
                )
            )
            .ShouldBeTrue();
    }

    private static bool ReadByAll(byte[] bytes)
    {
        var envelope = new RequestEnvelope { Model = "m" };
        foreach (var model in (string[])["m", "gemini-1.5-pro", "gemini-2.5-flash", "gemini-3-pro"])
        {
            if (!Dialect.TryReadRequest(bytes, envelope, out var request, out _))
                break;
            var written = new ArrayBufferWriter<byte>();
            Dialect.WriteRequest(written, request!, Targets.Of("gemini", model), new Losses());
            new DialectJsonCheck(written.WrittenSpan).ShouldBeSound();
        }
        if (Dialect.TryReadReply(bytes, Targets.Of("gemini").Provider.Type, out var reply, out _))
        {
            var written = new ArrayBufferWriter<byte>();
            Dialect.WriteReply(written, reply!, default);
            new DialectJsonCheck(written.WrittenSpan).ShouldBeSound();
        }
        foreach (var dialect in (GeminiDialect[])[Dialect, One])
        {
            dialect.Embeddings.TryReadRequest(bytes, envelope, out _, out _);
            dialect.Embeddings.TryReadReply(bytes, null, out _, out _);
        }
        Dialect.ReadError(bytes);
        byte[] asEvent = [.. "data: "u8, .. bytes, .. "\n\n"u8];
        foreach (var stream in (byte[][])[bytes, asEvent])
        {
            var builder = new ChatReplyBuilder();
            StreamFeed.Feed(
                Dialect,
                new ProviderType { Name = "p", Dialect = "gemini" },
                stream,
                5,
                builder
            );
            builder.Build();
            (builder.IsComplete || builder.Error is not null).ShouldBeTrue();
        }
        return true;
    }

    /// <summary>What is written is JSON, whatever was read.</summary>
    private readonly ref struct DialectJsonCheck(ReadOnlySpan<byte> json)
    {
        private readonly ReadOnlySpan<byte> _json = json;

        public void ShouldBeSound()
        {
            var reader = new System.Text.Json.Utf8JsonReader(
                _json,
                new System.Text.Json.JsonReaderOptions { MaxDepth = 2048 }
            );
            while (reader.Read()) { }
        }
    }
}
