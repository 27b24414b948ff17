using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.Ollama;

/// <summary>
/// Ollama's own API (docs.ollama.com/api, seen 2026-11): streams are lines of JSON. Providers are asked by chat and embed; clients
/// may also speak the two other calls, one instance for each.
/// </summary>
internal sealed class OllamaDialect(OllamaCall call = OllamaCall.Chat) : IDialect
{
    public const string DialectName = "ollama";

    private readonly bool _isGenerate = call is OllamaCall.Generate;

    public string Name => DialectName;

    public string StreamContentType => "application/x-ndjson";

    /// <summary>Space before a line's JSON, which every parser passes over; an empty line would fail ollama-python.</summary>
    public ReadOnlySpan<byte> KeepAlive => " "u8;

    /// <summary>The last line holds more than an end: it is the provider's to send.</summary>
    public ReadOnlySpan<byte> Terminator => default;

    public ReadOnlySpan<byte> RecoveryMark => default;

    public StreamFraming Framing => StreamFraming.Lines;

    public IEmbeddingDialect Embeddings { get; } =
        new OllamaEmbeddingDialect(isOld: call is OllamaCall.Embeddings);

    public string PathOf(Operation operation, string model, bool stream) =>
        (operation, call) switch
        {
            (Operation.Embeddings, OllamaCall.Embeddings) => "/api/embeddings",
            (Operation.Embeddings, _) => "/api/embed",
            (_, OllamaCall.Generate) => "/api/generate",
            _ => "/api/chat",
        };

    public bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out ChatRequest? request,
        out GatewayError? error
    ) =>
        _isGenerate
            ? OllamaGenerateReader.TryRead(body, out request, out error)
            : OllamaRequestReader.TryRead(body, out request, out error);

    public void WriteRequest(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment target,
        Losses losses
    ) => OllamaRequestWriter.Write(output, request, target, losses);

    public bool TryReadReply(
        ReadOnlyMemory<byte> body,
        ProviderType provider,
        out ChatReply? reply,
        out UpstreamError? error
    ) => OllamaReplyReader.TryRead(body, out reply, out error);

    public void WriteReply(
        IBufferWriter<byte> output,
        ChatReply reply,
        in ReplyFallback fallback
    ) => OllamaReplyWriter.Write(output, reply, fallback, _isGenerate);

    public ChatStreamReader CreateStreamReader(ProviderType provider) => new OllamaStreamReader();

    public IChatEventSink CreateStreamWriter(
        IBufferWriter<byte> output,
        in StreamWriting writing
    ) => new OllamaStreamWriter(output, writing.Fallback, _isGenerate);

    public UpstreamError ReadError(ReadOnlySpan<byte> body) => OllamaErrorReader.Read(body);

    public void WriteError(IBufferWriter<byte> output, GatewayError error)
    {
        if (!error.UpstreamBody.IsEmpty)
        {
            output.Write(error.UpstreamBody.Span);
            return;
        }
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        json.WritePropertyName("error"u8);
        JsonEscape.Write(json, error.Message);
        json.WriteEndObject();
    }

    public void WriteStreamError(IBufferWriter<byte> output, GatewayError error)
    {
        if (error.UpstreamBody.IsEmpty)
            WriteError(output, error);
        else
            SseWriter.WriteOnOneLine(output, error.UpstreamBody.Span);
        output.Write("\n"u8);
    }
}
