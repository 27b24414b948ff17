using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.TestKit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

public class OpenAIChatContractTests : DialectContract
{
    private static readonly OpenAIReplyFallback Fallback = new(
        JsonText.Of("chatcmpl-1"),
        JsonText.Of("m"),
        1
    );

    protected override string Folder => "openai-chat";

    protected override ChatRequest? ReadRequest(byte[] body, out GatewayError? error)
    {
        OpenAIChatRequestReader.TryRead(body, out var request, out error);
        return request;
    }

    protected override byte[] WriteRequest(ChatRequest request, ICollection<string> losses)
    {
        var output = new ArrayBufferWriter<byte>();
        OpenAIChatRequestWriter.Write(output, request, losses);
        return output.WrittenSpan.ToArray();
    }

    protected override ChatReply? ReadReply(byte[] body, out GatewayError? error)
    {
        OpenAIChatReplyReader.TryRead(body, false, out var reply, out error);
        return reply;
    }

    protected override byte[] WriteReply(ChatReply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        OpenAIChatReplyWriter.Write(output, reply, Fallback);
        return output.WrittenSpan.ToArray();
    }

    protected override void ReadStream(byte[] body, int pieces, IChatEventSink sink)
    {
        var reader = new OpenAIChatStreamReader(false);
        foreach (var piece in body.Chunk(pieces))
            reader.Feed(piece, sink);
        reader.Complete(sink);
    }

    protected override byte[] WriteStream(Action<IChatEventSink> events)
    {
        var output = new ArrayBufferWriter<byte>();
        events(new OpenAIChatStreamWriter(output, includeUsage: true, Fallback));
        return output.WrittenSpan.ToArray();
    }
}
