using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIResponses;
using Dragoman.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIResponses;

/// <summary>Whatever bytes come, nothing here throws or hangs.</summary>
public class ResponsesFuzzTests
{
    private static readonly OpenAIResponsesDialect Dialect = new();
    private static readonly ProviderType Type = new() { Name = "p", Dialect = "openai-responses" };

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
            "\"output\":[",
            "\"input\":[",
            "\"item\":{",
            "\"response\":{",
            "\"type\":\"message\"",
            "\"type\":\"reasoning\"",
            "\"type\":\"custom_tool_call\"",
            "\"type\":\"response.output_text.delta\"",
            "\"type\":\"response.output_item.done\"",
            "\"type\":\"response.completed\"",
            "\"role\":\"user\"",
            "\"content\":",
            "\"summary\":[",
            "\"delta\":\"x\"",
            "\"arguments\":",
            "\"action\":{",
            "\"usage\":{",
            "\"output_index\":",
            "\"model\":\"m\"",
            "\"tools\":[",
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
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll<byte[]>(bytes => ReadByAll(bytes))
        );

    [Fact]
    public void Readers_NearlyJson_NeverThrow() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(60),
            Prop.ForAll(NearlyJson.ToArbitrary(), text => ReadByAll(Encoding.UTF8.GetBytes(text)))
        );

    [Fact]
    public void Readers_NearlyRight_NeverThrow()
    {
        foreach (var file in (string[])["request.json", "reply.json", "stream.sse"])
        foreach (var (name, body) in Fixtures.Of("openai-responses", file))
        foreach (var mutated in Mutations.Of(body, count: 60, seed: 7))
            ReadByAll(mutated).ShouldBeTrue(name);
    }

    [Fact]
    public void Readers_DeepNesting_DoesNotThrow() =>
        ReadByAll(Encoding.UTF8.GetBytes("{\"input\":" + new string('[', 100_000))).ShouldBeTrue();

    private static bool ReadByAll(byte[] bytes)
    {
        if (ResponsesRequestReader.TryRead(bytes, out var request, out _))
        {
            var losses = new Losses();
            Dialect.WriteRequest(new ArrayBufferWriter<byte>(), request!, Targets.Of("x"), losses);
            Dialect.ForOthers(request!, losses);
            new ClientTools(bytes).Find("f"u8);
            ResponseWants.Read(bytes);
        }
        if (Dialect.TryReadReply(bytes, Type, out var reply, out _))
            Dialect.WriteReply(new ArrayBufferWriter<byte>(), reply!, default);
        Dialect.ReadError(bytes);
        byte[] asEvent = [.. "data: "u8, .. bytes, .. "\n\n"u8];
        foreach (var stream in (byte[][])[bytes, asEvent])
        {
            var builder = new ChatReplyBuilder();
            StreamFeed.Feed(Dialect, Type, stream, 5, builder);
            builder.Build();
            (builder.IsComplete || builder.Error is not null).ShouldBeTrue();
            StreamFeed.Feed(
                Dialect,
                Type,
                stream,
                50,
                Dialect.CreateStreamWriter(
                    new ArrayBufferWriter<byte>(),
                    new StreamWriting(new ReplyFallback(JsonText.Of("1"), JsonText.Of("m"), 1))
                )
            );
        }
        return true;
    }
}
