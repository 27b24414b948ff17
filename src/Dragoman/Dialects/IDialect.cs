using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects;

/// <summary>
/// A wire format at both doors: as clients speak it to us (requests are read, answers and errors written) and as we speak it to
/// providers (requests are written, answers and errors read). Where both sides speak the same one, bytes are relayed and only watched.
/// </summary>
public interface IDialect
{
    /// <summary>Its name in configuration, e.g. <c>openai</c>. Providers that speak it are named by it.</summary>
    string Name { get; }

    // As clients speak it.

    /// <summary>Peeks what routing and splicing need, checking that the whole body is JSON.</summary>
    bool TryReadEnvelope(
        ReadOnlyMemory<byte> body,
        in RequestAddress address,
        out RequestEnvelope? envelope,
        out GatewayError? error
    ) => RequestEnvelope.TryRead(body, address, out envelope, out error);

    /// <summary>Reads a chat request whole; its slices live as long as the body's buffer.</summary>
    /// <param name="body">The body, without its <c>dragoman</c> member or with it: it is passed over.</param>
    /// <param name="envelope">What was peeked; model and stream are taken from it where the address says them.</param>
    /// <param name="request">The request; null where the body is wrong.</param>
    /// <param name="error">What is wrong, where, and what is allowed.</param>
    bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out ChatRequest? request,
        out GatewayError? error
    );

    /// <summary>
    /// A request of this dialect as any other dialect can be asked it: what only a provider of this dialect could do is said in
    /// other words, left out and named, or makes the target unfit.
    /// </summary>
    ChatRequest ForOthers(ChatRequest request, Losses losses) => request;

    /// <summary>The prompt in tokens, as we estimate them, where no provider told.</summary>
    long EstimatePrompt(ReadOnlyMemory<byte> body) => PromptEstimate.Of(body.Span);

    /// <summary>Whole answers are kept as they were read rather than written: the memory they were read from must stay theirs.</summary>
    bool KeepsReplies => false;

    /// <summary>Writes a whole answer.</summary>
    void WriteReply(IBufferWriter<byte> output, ChatReply reply, in ReplyFallback fallback);

    /// <summary>A writer of one stream; after each event <paramref name="output"/> holds whole events of this dialect. It writes no error.</summary>
    IChatEventSink CreateStreamWriter(IBufferWriter<byte> output, in StreamWriting writing);

    /// <summary>The HTTP status an error is answered with: where a dialect has its own for what others tell with another.</summary>
    int StatusOf(GatewayError error) => error.Status;

    /// <summary>Writes the body of an error answer.</summary>
    void WriteError(IBufferWriter<byte> output, GatewayError error);

    /// <summary>Writes an error into a stream that has begun. What follows is the end of the body, never a normal terminator.</summary>
    void WriteStreamError(IBufferWriter<byte> output, GatewayError error);

    /// <summary>Writes the answer to <see cref="Operation.CountTokens"/>; only of dialects that have such a call.</summary>
    void WriteTokenCount(IBufferWriter<byte> output, long tokens) =>
        throw new NotSupportedException($"{Name} has no call that counts tokens.");

    /// <summary>What <c>Content-Type</c> its streams have.</summary>
    string StreamContentType { get; }

    /// <summary>Bytes that keep a connection alive and mean nothing, wherever they come between two events.</summary>
    ReadOnlySpan<byte> KeepAlive { get; }

    /// <summary>The normal end of a stream, for providers that leave it out; empty where the dialect has none.</summary>
    ReadOnlySpan<byte> Terminator { get; }

    /// <summary>A comment that says: from here on another deployment carries on; empty where streams have no comments.</summary>
    ReadOnlySpan<byte> RecoveryMark { get; }

    /// <summary>Its answers have a place for images and sound.</summary>
    bool AnswersWithMedia => false;

    /// <summary>Its events stand alone: a second answer's can follow a first one's. Where not (numbered blocks, ids), one writer must write them all.</summary>
    bool HasStatelessStream => false;

    /// <summary>Streams of a provider of this dialect can be relayed as they are. False where a client asked for another framing than providers send.</summary>
    bool RelaysStreams => true;

    /// <summary>A client's own bytes can go to <paramref name="target"/>, which speaks this dialect. False where it would refuse them, though it can be asked otherwise: they are translated then.</summary>
    bool CanRelay(ReadOnlyMemory<byte> body, Deployment target) => true;

    /// <summary>Embeddings of a provider of this dialect can be relayed as they are. False where its calls have several shapes, or name the model where no splice can reach it.</summary>
    bool RelaysEmbeddings => true;

    // As providers speak it.

    /// <summary>How its streams' events are told apart.</summary>
    StreamFraming Framing => StreamFraming.Sse;

    /// <summary>Where a call goes, below the provider's address for this dialect, e.g. <c>/chat/completions</c>.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="model">The provider's own name of the model, for dialects that put it here.</param>
    /// <param name="stream">A stream is asked for.</param>
    string PathOf(Operation operation, string model, bool stream);

    /// <summary>Headers that every request of this dialect has, unless the client sent its own, e.g. <c>anthropic-version</c>.</summary>
    IReadOnlyList<KeyValuePair<string, string>> RequestHeaders => [];

    /// <summary>Writes a chat request.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="request">What is asked; the model is the provider's name, and <see cref="ChatRequest.Stream"/> says what is wanted now.</param>
    /// <param name="target">Whom it goes to: what the model can and how its provider bends the dialect.</param>
    /// <param name="losses">Takes what this dialect or the target cannot say.</param>
    void WriteRequest(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment target,
        Losses losses
    );

    /// <summary>Reads a whole answer with a status of success; its slices live as long as the body's buffer. Never throws.</summary>
    /// <param name="body">The answer's body.</param>
    /// <param name="provider">Whose answer it is: its quirks are told by its type.</param>
    /// <param name="reply">The answer; null where it is none.</param>
    /// <param name="error">What the provider says went wrong; null too where it says nothing.</param>
    bool TryReadReply(
        ReadOnlyMemory<byte> body,
        ProviderType provider,
        out ChatReply? reply,
        out UpstreamError? error
    );

    /// <summary>A reader of one stream of a provider of this dialect.</summary>
    ChatStreamReader CreateStreamReader(ProviderType provider);

    /// <summary>Reads what a provider of this dialect sent as an error; never throws.</summary>
    UpstreamError ReadError(ReadOnlySpan<byte> body);

    /// <summary>Its embeddings; null where it has none.</summary>
    IEmbeddingDialect? Embeddings => null;

    // Where both sides speak it.

    /// <summary>Looks through a whole answer that is relayed as it is; never throws.</summary>
    ReplyFacts ReadReply(ReadOnlyMemory<byte> body, Operation operation, ProviderType provider) =>
        ReplyFacts.Of(this, body, operation, provider);

    /// <summary>A tap for one stream that is relayed as it is.</summary>
    /// <param name="provider">Whose stream it is: its quirks are told by its type.</param>
    /// <param name="transcript">Where to gather the text, for a later recovery; null for none.</param>
    StreamTap CreateTap(ProviderType provider, ArrayBufferWriter<byte>? transcript) =>
        new EventTap(CreateStreamReader(provider)) { Transcript = transcript };
}
