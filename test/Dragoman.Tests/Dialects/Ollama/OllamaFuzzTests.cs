using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects.Ollama;
using Dragoman.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Ollama;

/// <summary>Whatever bytes come, nothing here throws or hangs.</summary>
public class OllamaFuzzTests
{
    /// <summary>Pieces that together are often nearly this dialect.</summary>
    private static readonly Gen<string> NearlyJson = Gen.Elements(
            "{",
            "}",
            "[",
            "]",
            ",",
            "\"",
            "\\ud83d",
            "\\",
            "null",
            "true",
            "-1",
            "1e400",
            "\"error\":",
            "\"message\":{",
            "\"messages\":[",
            "\"role\":\"user\"",
            "\"content\":",
            "\"thinking\":",
            "\"tool_calls\":[",
            "\"function\":{",
            "\"arguments\":",
            "\"options\":{",
            "\"num_predict\":",
            "\"format\":",
            "\"think\":",
            "\"images\":[",
            "\"response\":",
            "\"prompt\":",
            "\"model\":\"m\"",
            "\"input\":",
            "\"embeddings\":[",
            "\"done\":true",
            "\"created_at\":\"2026",
            "\"eval_count\":",
            "\n",
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

    [Fact]
    public void Readers_NearlyRight_NeverThrow()
    {
        foreach (var file in (string[])["request.json", "reply.json", "stream.ndjson"])
        foreach (var (name, body) in Fixtures.Of("ollama", file))
        foreach (var mutated in Mutations.Of(body, count: 200, seed: 9))
            ReadByAll(mutated).ShouldBeTrue(name);
    }

    [Theory]
    [InlineData(
        """{"message":{"role":"assistant","content":"\ud800","\ud801":1},"\udfff":2,"done":true}"""
    )]
    [InlineData(
        """{"message":{"tool_calls":[{"function":{"name":"\ud800","arguments":{"\ud800":"\udfff"}}}]},"done":true}"""
    )]
    [InlineData("""{"error":"\ud800"}""")]
    public void Readers_HalfSurrogates_DoNotThrow(string json) =>
        ReadByAll(Encoding.UTF8.GetBytes(json)).ShouldBeTrue();

    [Fact]
    public void Readers_DeepNesting_DoesNotThrow() =>
        ReadByAll(Encoding.UTF8.GetBytes("{\"messages\":" + new string('[', 100_000)))
            .ShouldBeTrue();

    private static bool ReadByAll(byte[] bytes)
    {
        var target = Targets.Of("ollama");
        if (OllamaRequestReader.TryRead(bytes, out var chat, out _))
            OllamaRequestWriter.Write(
                new ArrayBufferWriter<byte>(),
                ToolCallIds.Given(chat!),
                target,
                new Losses()
            );
        if (OllamaGenerateReader.TryRead(bytes, out var generate, out _))
            OllamaRequestWriter.Write(
                new ArrayBufferWriter<byte>(),
                generate!,
                target,
                new Losses()
            );
        OllamaReplyReader.TryRead(bytes, out _, out _);
        OllamaEmbeddingReader.TryReadRequest(bytes, isOld: false, out _, out _);
        OllamaEmbeddingReader.TryReadRequest(bytes, isOld: true, out _, out _);
        OllamaEmbeddingReader.TryReadReply(bytes, out _, out _);
        OllamaErrorReader.Read(bytes);
        var builder = new ChatReplyBuilder();
        StreamFeed.Feed(
            new OllamaDialect(),
            new ProviderType { Name = "p", Dialect = "ollama" },
            bytes,
            5,
            builder
        );
        builder.Build();
        (builder.IsComplete || builder.Error is not null).ShouldBeTrue();
        return true;
    }
}
