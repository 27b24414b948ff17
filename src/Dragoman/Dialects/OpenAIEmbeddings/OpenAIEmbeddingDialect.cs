using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.OpenAIEmbeddings;

/// <summary>OpenAI's embeddings.</summary>
internal sealed class OpenAIEmbeddingDialect : IEmbeddingDialect
{
    public bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out EmbeddingRequest? request,
        out GatewayError? error
    ) => OpenAIEmbeddingRequestReader.TryRead(body, out request, out error);

    public void WriteRequest(
        IBufferWriter<byte> output,
        EmbeddingRequest request,
        Deployment target,
        Losses losses
    ) => OpenAIEmbeddingRequestWriter.Write(output, request, losses);

    public bool TryReadReply(
        ReadOnlyMemory<byte> body,
        EmbeddingEncoding? asked,
        out EmbeddingReply? reply,
        out UpstreamError? error
    ) => OpenAIEmbeddingReplyReader.TryRead(body, asked, out reply, out error);

    public void WriteReply(
        IBufferWriter<byte> output,
        EmbeddingReply reply,
        EmbeddingEncoding? asked,
        JsonText model
    ) =>
        OpenAIEmbeddingReplyWriter.Write(
            output,
            reply,
            // What nobody asked for is a list of numbers, whatever another dialect sent.
            asked ?? EmbeddingEncoding.Float,
            model
        );
}
