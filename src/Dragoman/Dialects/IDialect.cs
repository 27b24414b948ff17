using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects;

/// <summary>A wire format: how its errors look, and what there is to notice in its answers as they are relayed.</summary>
public interface IDialect
{
    /// <summary>Its name in configuration, e.g. <c>openai</c>.</summary>
    string Name { get; }

    /// <summary>Writes the body of an error answer.</summary>
    void WriteError(IBufferWriter<byte> output, GatewayError error);

    /// <summary>Writes an error into a stream that has begun. What follows is the end of the body, never a normal terminator.</summary>
    void WriteStreamError(IBufferWriter<byte> output, GatewayError error);

    /// <summary>What <c>Content-Type</c> its streams have.</summary>
    string StreamContentType { get; }

    /// <summary>Bytes that keep a connection alive and mean nothing.</summary>
    ReadOnlySpan<byte> KeepAlive { get; }

    /// <summary>The normal end of a stream, for providers that leave it out; empty where the dialect has none.</summary>
    ReadOnlySpan<byte> Terminator { get; }

    /// <summary>A comment that says: from here on another deployment carries on.</summary>
    ReadOnlySpan<byte> RecoveryMark { get; }

    /// <summary>Writes an event of this dialect again with another text delta in place of its own: what is left of it after a replay.</summary>
    void WriteWithText(IBufferWriter<byte> output, ReadOnlySpan<byte> rawEvent, string text);

    /// <summary>Reads what a provider of this dialect sent as an error; never throws.</summary>
    UpstreamError ReadError(ReadOnlySpan<byte> body);

    /// <summary>Looks through a whole answer of a provider of this dialect; never throws.</summary>
    ReplyFacts ReadReply(ReadOnlySpan<byte> body, bool isEmbeddings, ProviderType provider);

    /// <summary>An embeddings answer with its numbers in another encoding; null where that cannot be done.</summary>
    ReadOnlyMemory<byte>? Encode(
        ReadOnlyMemory<byte> embeddings,
        EmbeddingEncoding encoding,
        string model
    );

    /// <summary>A tap for one stream of a provider of this dialect.</summary>
    /// <param name="provider">Whose stream it is: its quirks are told by its type.</param>
    /// <param name="transcript">Where to gather the text, for a later recovery; null for none.</param>
    StreamTap CreateTap(ProviderType provider, ArrayBufferWriter<byte>? transcript);
}
