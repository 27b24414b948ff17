using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.Ollama;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Ollama;

public sealed class OllamaEmbeddingsTests
{
    private static readonly RequestEnvelope Envelope = new() { Model = "m" };

    private static readonly IEmbeddingDialect Embed = new OllamaDialect().Embeddings;

    private static readonly IEmbeddingDialect Old = new OllamaDialect(
        OllamaCall.Embeddings
    ).Embeddings;

    [Theory]
    [InlineData(
        """{"model":"m","input":"a","truncate":false,"keep_alive":"5m","options":{"num_ctx":9}}"""
    )]
    [InlineData("""{"model":"m","input":["a","b"],"dimensions":3}""")]
    public void Request_ReadThenWritten_IsEqualJson(string body)
    {
        Embed
            .TryReadRequest(Bytes(body), Envelope, out var request, out var error)
            .ShouldBeTrue(error?.Message);
        var output = new ArrayBufferWriter<byte>();
        var losses = new Losses();
        Embed.WriteRequest(output, request!, Targets.Of("ollama"), losses);

        losses.Changes.ShouldBeEmpty();
        JsonEquality.ShouldBeEqual(Bytes(body), output.WrittenMemory, "embed");
    }

    [Fact]
    public void Reply_ReadThenWritten_IsEqualJson()
    {
        var body = Bytes(
            """{"model":"m","embeddings":[[0.5,-1e-3],[1,2]],"total_duration":14143917,"load_duration":1019500,"prompt_eval_count":8}"""
        );
        Embed.TryReadReply(body, asked: null, out var reply, out _).ShouldBeTrue();
        reply!.Usage!.Input.ShouldBe(8);
        var output = new ArrayBufferWriter<byte>();
        Embed.WriteReply(output, reply, asked: null, JsonText.Of("x"));

        JsonEquality.ShouldBeEqual(body, output.WrittenMemory, "embed");
    }

    [Fact]
    public void Old_PromptAndItsAnswer_AreThoseOfEmbed()
    {
        Old.TryReadRequest(
                Bytes("""{"model":"m","prompt":"a"}"""),
                Envelope,
                out var request,
                out _
            )
            .ShouldBeTrue();
        request!.Inputs.ShouldHaveSingleItem().Text!.Value.ToString().ShouldBe("a");
        Embed
            .TryReadReply(
                Bytes("""{"model":"m","embeddings":[[0.5,1]]}"""),
                asked: null,
                out var reply,
                out _
            )
            .ShouldBeTrue();
        var output = new ArrayBufferWriter<byte>();
        Old.WriteReply(output, reply!, asked: null, JsonText.Of("x"));

        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe("""{"embedding":[0.5,1]}""");
    }

    [Fact]
    public void WriteReply_Base64OfOpenAI_IsNumbers()
    {
        DialectSlice
            .Find("openai")!
            .Embeddings!.TryReadReply(
                Bytes(
                    """{"data":[{"index":1,"embedding":"AAAAQA=="},{"index":0,"embedding":"AACAPw=="}]}"""
                ),
                asked: null,
                out var reply,
                out _
            )
            .ShouldBeTrue();
        var output = new ArrayBufferWriter<byte>();
        Embed.WriteReply(output, reply!, asked: null, JsonText.Of("m"));

        Encoding
            .UTF8.GetString(output.WrittenSpan)
            .ShouldBe("""{"model":"m","embeddings":[[1],[2]]}""");
    }

    [Fact]
    public void WriteRequest_TokenIds_AreRefused()
    {
        DialectSlice
            .Find("openai")!
            .Embeddings!.TryReadRequest(
                Bytes("""{"model":"m","input":[[1,2]]}"""),
                Envelope,
                out var request,
                out _
            )
            .ShouldBeTrue();
        var losses = new Losses();
        Embed.WriteRequest(new ArrayBufferWriter<byte>(), request!, Targets.Of("ollama"), losses);

        losses.Refusal.ShouldNotBeNull();
    }

    [Fact]
    public void ReadRequest_WithoutInput_SaysWhichFieldIsMissing()
    {
        Old.TryReadRequest(Bytes("""{"model":"m","input":"a"}"""), Envelope, out _, out var error)
            .ShouldBeFalse();
        error!.Param.ShouldBe("prompt");
    }

    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
