using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Dialects.OpenAIEmbeddings;
using Dragoman.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

/// <summary>Whatever bytes come, nothing here throws or hangs.</summary>
public class OpenAIChatFuzzTests
{
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
            "\"message\":",
            "\"choices\":[",
            "\"delta\":{",
            "\"message\":{",
            "\"messages\":[",
            "\"role\":\"user\"",
            "\"content\":",
            "\"tool_calls\":[",
            "\"function\":{",
            "\"usage\":{",
            "\"prompt_tokens\":",
            "\"index\":",
            "\"model\":\"m\"",
            "\"input\":",
            "\"data\":[",
            "\"embedding\":",
            "data: ",
            "\n\n",
            "\r\n",
            "[DONE]",
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
    public void Readers_NearlyRightStreams_NeverThrow()
    {
        foreach (var (name, body) in Fixtures.Of("openai-chat", "stream.sse"))
        {
            foreach (var mutated in Mutations.Of(body, count: 300, seed: 7))
                ReadByAll(mutated).ShouldBeTrue(name);
        }
    }

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData(
        """{"choices":[{"\ud800":1,"delta":{"\udfff":2,"content":"\ud800"}}],"\ud800x":3}"""
    )]
    [InlineData("""{"error":{"\ud800":"x","message":"\ud800"}}""")]
    public void Readers_HalfSurrogatesInNames_DoNotThrow(string json) =>
        ReadByAll(Encoding.UTF8.GetBytes(json)).ShouldBeTrue();

    [Fact]
    public void Readers_DeepNesting_DoesNotThrow() =>
        ReadByAll(Encoding.UTF8.GetBytes("{\"messages\":" + new string('[', 100_000)))
            .ShouldBeTrue();

    private static bool ReadByAll(byte[] bytes)
    {
        OpenAIChatRequestReader.TryRead(bytes, out _, out _);
        OpenAIChatReplyReader.TryRead(bytes, false, out _, out _);
        OpenAIEmbeddingRequestReader.TryRead(bytes, out _, out _);
        OpenAIEmbeddingReplyReader.TryRead(bytes, null, out _, out _);
        OpenAIErrorReader.Read(bytes);
        OpenAIReplyTap.Read(bytes, "choices"u8, false);
        RequestEnvelope.TryRead(bytes, out _, out _);
        byte[] asEvent = [.. "data: "u8, .. bytes, .. "\n\n"u8];
        foreach (var stream in (byte[][])[bytes, asEvent])
        {
            var builder = new ChatReplyBuilder();
            StreamFeed.Feed(
                new OpenAIChatDialect(),
                new ProviderType { Name = "p", Dialect = "openai" },
                stream,
                5,
                builder
            );
            builder.Build();
            (builder.IsComplete || builder.Error is not null).ShouldBeTrue();
            new OpenAIStreamTap(false).Inspect(stream);
        }
        return true;
    }
}
