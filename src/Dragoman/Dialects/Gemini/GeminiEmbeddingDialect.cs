using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.Gemini;

/// <summary>Google's embeddings: <c>batchEmbedContents</c> to providers, and that or <c>embedContent</c> from clients.</summary>
/// <param name="isOne">The client called <c>embedContent</c>.</param>
internal sealed class GeminiEmbeddingDialect(bool isOne) : IEmbeddingDialect
{
    public bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out EmbeddingRequest? request,
        out GatewayError? error
    ) => GeminiEmbeddingRequestReader.TryRead(body, envelope, isOne, out request, out error);

    public void WriteRequest(
        IBufferWriter<byte> output,
        EmbeddingRequest request,
        Deployment target,
        Losses losses
    ) => GeminiEmbeddingRequestWriter.Write(output, request, target, losses);

    public bool TryReadReply(
        ReadOnlyMemory<byte> body,
        EmbeddingEncoding? asked,
        out EmbeddingReply? reply,
        out UpstreamError? error
    ) => GeminiEmbeddingReplyReader.TryRead(body, out reply, out error);

    public void WriteReply(
        IBufferWriter<byte> output,
        EmbeddingReply reply,
        EmbeddingEncoding? asked,
        JsonText model
    ) => GeminiEmbeddingReplyWriter.Write(output, reply, isOne);
}
