using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects;

/// <summary>The embeddings of a wire format, at both doors.</summary>
public interface IEmbeddingDialect
{
    /// <summary>Reads a request that a client sent.</summary>
    bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out EmbeddingRequest? request,
        out GatewayError? error
    );

    /// <summary>Writes a request to a provider; <see cref="EmbeddingRequest.Model"/> is the provider's name.</summary>
    void WriteRequest(
        IBufferWriter<byte> output,
        EmbeddingRequest request,
        Deployment target,
        Losses losses
    );

    /// <summary>Reads a provider's answer; never throws.</summary>
    /// <param name="body">The answer's body.</param>
    /// <param name="asked">How its numbers are encoded where they do not tell.</param>
    /// <param name="reply">The embeddings; null where there are none.</param>
    /// <param name="error">What the provider says went wrong; null too where it says nothing.</param>
    bool TryReadReply(
        ReadOnlyMemory<byte> body,
        EmbeddingEncoding? asked,
        out EmbeddingReply? reply,
        out UpstreamError? error
    );

    /// <summary>Writes an answer for a client.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="reply">The embeddings, in any encoding.</param>
    /// <param name="asked">The encoding the client asked for; null takes the dialect's usual one.</param>
    /// <param name="model">The model's name where the provider did not say it.</param>
    void WriteReply(
        IBufferWriter<byte> output,
        EmbeddingReply reply,
        EmbeddingEncoding? asked,
        JsonText model
    );
}
