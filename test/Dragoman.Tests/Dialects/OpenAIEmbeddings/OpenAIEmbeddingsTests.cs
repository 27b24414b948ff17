using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Dialects.OpenAIEmbeddings;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIEmbeddings;

public class OpenAIEmbeddingsTests
{
    [Fact]
    public void Read_EachRecording_FindsTheFacts()
    {
        var recordings = Recording.OfWire("embeddings");
        recordings.ShouldNotBeEmpty();
        foreach (var recording in recordings)
        {
            if (recording.Status != 200)
            {
                OpenAIErrorReader
                    .Read(recording.Body)
                    .Message.ShouldBe(recording.Expected["error"]!["message"]!.GetValue<string>());
                continue;
            }
            var reply = ReadReply(recording.Body);
            var expected = recording.Expected["embeddings"]!;
            reply.Embeddings.Count.ShouldBe(expected["count"]!.GetValue<int>(), recording.Id);
            reply.Embeddings.ShouldAllBe(
                embedding =>
                    embedding.Encoding.ToString()
                    == (expected["encoding"]!.GetValue<string>() == "float" ? "Float" : "Base64"),
                recording.Id
            );
            reply.Usage!.TotalInput.ShouldBe(recording.Count("in"), recording.Id);
            reply.Usage.ReportedTotal.ShouldBe(recording.Count("total"), recording.Id);
            if (expected["head"] is JsonArray head)
            {
                var floats = reply.Embeddings[0].ToFloats().ShouldNotBeNull(recording.Id);
                floats.Length.ShouldBe(expected["dims"]!.GetValue<int>(), recording.Id);
                floats[..head.Count]
                    .ShouldBe(head.Select(number => number!.GetValue<float>()), recording.Id);
            }
            JsonEquality.ShouldBeEqual(
                recording.Body,
                WriteReply(reply, asked: null),
                recording.Id
            );
        }
    }

    [Theory]
    [InlineData("""{"model":"m","input":"text"}""")]
    [InlineData(
        """{"model":"m","input":["a","b \ud83d"],"encoding_format":"base64","dimensions":256,"user":"u"}"""
    )]
    [InlineData("""{"model":"m","input":[1,2,3],"encoding_format":"float"}""")]
    [InlineData(
        """{"model":"m","input":[[1,2],[3]],"encoding_format":"base64_int8","input_type":"query","user":null}"""
    )]
    public void Request_ReadThenWritten_IsEqualJson(string body)
    {
        OpenAIEmbeddingRequestReader
            .TryRead(Encoding.UTF8.GetBytes(body), out var request, out var error)
            .ShouldBeTrue(error?.Message);
        var output = new ArrayBufferWriter<byte>();
        var losses = new Losses();
        OpenAIEmbeddingRequestWriter.Write(output, request!, losses);

        losses.ShouldBeEmpty();
        JsonEquality.ShouldBeEqual(Encoding.UTF8.GetBytes(body), output.WrittenMemory, body);
    }

    [Theory]
    [InlineData(
        """{"model":"m"}""",
        "input",
        "input: is missing: expected a string, a list of strings, or lists of token ids."
    )]
    [InlineData(
        """{"model":"m","input":{}}""",
        "input",
        "input: expected a string, a list of strings, or lists of token ids, got an object."
    )]
    [InlineData(
        """{"model":"m","input":["a",null]}""",
        "input[1]",
        "input[1]: expected a string or a list of token ids, got null."
    )]
    [InlineData(
        """{"model":"m","input":"a","dimensions":"many"}""",
        "dimensions",
        "dimensions: expected a whole number of at least 1, got 'many'."
    )]
    public void Request_Wrong_NamesTheField(string body, string param, string message)
    {
        OpenAIEmbeddingRequestReader
            .TryRead(Encoding.UTF8.GetBytes(body), out _, out var error)
            .ShouldBeFalse();
        error!.Message.ShouldBe(message);
        error.Param.ShouldBe(param);
    }

    [Fact]
    public void Reply_AskedForBase64_FloatsAreConvertedAndBack()
    {
        var floats = ReadReply(Body("[0.5,-1,3.4028235e38]"));

        var asBase64 = WriteReply(floats, EmbeddingEncoding.Base64);
        Encoding.UTF8.GetString(asBase64).ShouldContain("\"embedding\":\"AAAAPwAAgL///39/\"");
        JsonEquality.ShouldBeEqual(
            Body("[0.5,-1,3.4028235e38]"),
            WriteReply(ReadReply(asBase64), EmbeddingEncoding.Float),
            "back"
        );
    }

    [Fact]
    public void Reply_EscapedSlashInBase64_IsRead() =>
        ReadReply(Body(""" "AAAAPwAAgL\/\/\/39\/" """.Trim()))
            .Embeddings[0]
            .ToFloats()
            .ShouldBe([0.5f, -1f, float.MaxValue]);

    [Theory]
    [InlineData("\"AAA\"")]
    [InlineData("\"????\"")]
    [InlineData("[1,null]")]
    [InlineData("{}")]
    public void Reply_ValueThatIsNoVector_IsLeftAsItCame(string value)
    {
        var reply = ReadReply(Body(value));

        reply.Embeddings[0].ToFloats().ShouldBeNull();
        JsonEquality.ShouldBeEqual(Body(value), WriteReply(reply, EmbeddingEncoding.Base64), value);
    }

    private static byte[] Body(string value) =>
        Encoding.UTF8.GetBytes(
            $$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{{value}}}}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}"""
        );

    private static EmbeddingReply ReadReply(byte[] body)
    {
        OpenAIEmbeddingReplyReader
            .TryRead(body, null, out var reply, out var error)
            .ShouldBeTrue(error?.Message);
        return reply!;
    }

    private static byte[] WriteReply(EmbeddingReply reply, EmbeddingEncoding? asked)
    {
        var output = new ArrayBufferWriter<byte>();
        OpenAIEmbeddingReplyWriter.Write(output, reply, asked, JsonText.Of("m"));
        return output.WrittenSpan.ToArray();
    }
}
