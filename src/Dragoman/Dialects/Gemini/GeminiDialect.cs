using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.Gemini;

/// <summary>Google's generateContent (Gemini API and Vertex AI), with its counting of tokens and its embeddings.</summary>
/// <param name="streamsList">Streams are one JSON list, as clients get them that do not ask for <c>alt=sse</c>; then an instance is for one call alone.</param>
/// <param name="embedsOne">The client called <c>embedContent</c> rather than <c>batchEmbedContents</c>.</param>
internal sealed class GeminiDialect(bool streamsList = false, bool embedsOne = false) : IDialect
{
    public const string DialectName = "gemini";

    private readonly GeminiFraming? _list = streamsList ? new GeminiFraming(isList: true) : null;

    public string Name => DialectName;

    public string StreamContentType => streamsList ? "application/json" : "text/event-stream";

    public bool AnswersWithMedia => true;

    /// <summary>White space: some of Google's libraries take no comments.</summary>
    public ReadOnlySpan<byte> KeepAlive => "\n"u8;

    public ReadOnlySpan<byte> Terminator => default;

    public ReadOnlySpan<byte> RecoveryMark => default;

    public bool RelaysStreams => !streamsList;

    /// <summary>Its two calls have two shapes, and name the model in the body.</summary>
    public bool RelaysEmbeddings => false;

    public IEmbeddingDialect Embeddings { get; } = new GeminiEmbeddingDialect(embedsOne);

    public string PathOf(Operation operation, string model, bool stream)
    {
        var name = string.Join('/', model.Split('/').Select(Uri.EscapeDataString));
        // Tuned models have a list of their own.
        var path =
            name.StartsWith("models/", StringComparison.Ordinal)
            || name.StartsWith("tunedModels/", StringComparison.Ordinal)
                ? "/" + name
                : "/models/" + name;
        return path
            + operation switch
            {
                Operation.CountTokens => ":countTokens",
                Operation.Embeddings => ":batchEmbedContents",
                _ => stream ? ":streamGenerateContent?alt=sse" : ":generateContent",
            };
    }

    public bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out ChatRequest? request,
        out GatewayError? error
    ) => GeminiRequestReader.TryRead(body, envelope, out request, out error);

    public void WriteRequest(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment target,
        Losses losses
    ) => GeminiRequestWriter.Write(output, request, target, losses);

    public bool TryReadReply(
        ReadOnlyMemory<byte> body,
        ProviderType provider,
        out ChatReply? reply,
        out UpstreamError? error
    ) => GeminiReplyReader.TryRead(body, out reply, out error);

    public void WriteReply(
        IBufferWriter<byte> output,
        ChatReply reply,
        in ReplyFallback fallback
    ) => GeminiReplyWriter.Write(output, reply, fallback);

    public ChatStreamReader CreateStreamReader(ProviderType provider) => new GeminiStreamReader();

    public IChatEventSink CreateStreamWriter(
        IBufferWriter<byte> output,
        in StreamWriting writing
    ) =>
        new GeminiStreamWriter(output, _list ?? new GeminiFraming(isList: false), writing.Fallback);

    public UpstreamError ReadError(ReadOnlySpan<byte> body) => GeminiErrorReader.Read(body);

    public void WriteError(IBufferWriter<byte> output, GatewayError error) =>
        GeminiErrorWriter.Write(output, error);

    public void WriteStreamError(IBufferWriter<byte> output, GatewayError error)
    {
        var framing = _list ?? new GeminiFraming(isList: false);
        framing.Begin(output);
        if (error.UpstreamBody.IsEmpty)
            GeminiErrorWriter.Write(output, error);
        else
            framing.WriteOnOneLine(output, error.UpstreamBody.Span);
        framing.End(output);
    }

    public void WriteTokenCount(IBufferWriter<byte> output, long tokens)
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        json.WriteNumber("totalTokens"u8, tokens);
        json.WriteEndObject();
    }
}
