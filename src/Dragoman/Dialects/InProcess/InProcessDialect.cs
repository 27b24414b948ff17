using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.InProcess;

/// <summary>
/// The dialect of a caller in this process, of one call: requests are the canonical shape itself, whole answers are kept as they
/// are read, and streams are <see cref="ChatEvent"/>s in frames. Nobody speaks it on a wire.
/// </summary>
internal sealed class InProcessDialect : IDialect, IEmbeddingDialect
{
    public const string DialectName = "native";

    private readonly ChatRequest? _chat;
    private readonly EmbeddingRequest? _embedding;

    public InProcessDialect(ChatRequest request) => _chat = request;

    public InProcessDialect(EmbeddingRequest request) => _embedding = request;

    /// <summary>The whole answer; null until there is one, and where the answer is a stream.</summary>
    public ChatReply? Reply { get; private set; }

    /// <summary>The embeddings; null until there are any.</summary>
    public EmbeddingReply? Vectors { get; private set; }

    /// <summary>What went wrong; null where nothing did.</summary>
    public GatewayError? Error { get; private set; }

    public string Name => DialectName;

    public string StreamContentType => "application/octet-stream";

    public ReadOnlySpan<byte> KeepAlive => default;

    public ReadOnlySpan<byte> Terminator => default;

    public ReadOnlySpan<byte> RecoveryMark => default;

    public bool AnswersWithMedia => true;

    public bool HasStatelessStream => true;

    public bool RelaysStreams => false;

    public bool RelaysEmbeddings => false;

    public bool KeepsReplies => true;

    public IEmbeddingDialect Embeddings => this;

    public long EstimatePrompt(ReadOnlyMemory<byte> body) =>
        _chat is { } chat ? PromptText.Tokens(chat) : PromptText.Tokens(_embedding!);

    public bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out ChatRequest? request,
        out GatewayError? error
    )
    {
        (request, error) = (_chat, null);
        return true;
    }

    public bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out EmbeddingRequest? request,
        out GatewayError? error
    )
    {
        (request, error) = (_embedding, null);
        return true;
    }

    public void WriteReply(
        IBufferWriter<byte> output,
        ChatReply reply,
        in ReplyFallback fallback
    ) => Reply = reply;

    public void WriteReply(
        IBufferWriter<byte> output,
        EmbeddingReply reply,
        EmbeddingEncoding? asked,
        JsonText model
    ) => Vectors = reply;

    public IChatEventSink CreateStreamWriter(
        IBufferWriter<byte> output,
        in StreamWriting writing
    ) => new EventFrames.Writer(output);

    public void WriteError(IBufferWriter<byte> output, GatewayError error) => Error = error;

    public void WriteStreamError(IBufferWriter<byte> output, GatewayError error) => Error = error;

    public string PathOf(Operation operation, string model, bool stream) => throw NotSpoken();

    public void WriteRequest(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment target,
        Losses losses
    ) => throw NotSpoken();

    public void WriteRequest(
        IBufferWriter<byte> output,
        EmbeddingRequest request,
        Deployment target,
        Losses losses
    ) => throw NotSpoken();

    public bool TryReadReply(
        ReadOnlyMemory<byte> body,
        ProviderType provider,
        out ChatReply? reply,
        out UpstreamError? error
    ) => throw NotSpoken();

    public bool TryReadReply(
        ReadOnlyMemory<byte> body,
        EmbeddingEncoding? asked,
        out EmbeddingReply? reply,
        out UpstreamError? error
    ) => throw NotSpoken();

    public ChatStreamReader CreateStreamReader(ProviderType provider) => throw NotSpoken();

    public UpstreamError ReadError(ReadOnlySpan<byte> body) => throw NotSpoken();

    private static NotSupportedException NotSpoken() =>
        new("No provider speaks the dialect of callers in this process.");
}
