using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Anthropic's Messages API, and its count of tokens.</summary>
internal sealed class AnthropicDialect : IDialect
{
    public const string DialectName = "anthropic";

    public string Name => DialectName;

    public string StreamContentType => "text/event-stream";

    public ReadOnlySpan<byte> KeepAlive => "event: ping\ndata: {\"type\":\"ping\"}\n\n"u8;

    public ReadOnlySpan<byte> Terminator => MessageStop;

    public ReadOnlySpan<byte> RecoveryMark => ": dragoman.recovery\n\n"u8;

    /// <summary>The last event of a stream.</summary>
    public static ReadOnlySpan<byte> MessageStop =>
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8;

    public IReadOnlyList<KeyValuePair<string, string>> RequestHeaders { get; } =
    [new("anthropic-version", "2023-06-01")];

    public string PathOf(Operation operation, string model, bool stream) =>
        operation == Operation.CountTokens ? "/messages/count_tokens" : "/messages";

    public bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out ChatRequest? request,
        out GatewayError? error
    ) => AnthropicRequestReader.TryRead(body, out request, out error);

    public void WriteRequest(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment target,
        Losses losses
    ) => AnthropicRequestWriter.Write(output, request, target, losses);

    public bool TryReadReply(
        ReadOnlyMemory<byte> body,
        ProviderType provider,
        out ChatReply? reply,
        out UpstreamError? error
    ) => AnthropicReplyReader.TryRead(body, out reply, out error);

    public void WriteReply(
        IBufferWriter<byte> output,
        ChatReply reply,
        in ReplyFallback fallback
    ) => AnthropicReplyWriter.Write(output, reply, Prefixed(fallback));

    public ChatStreamReader CreateStreamReader(ProviderType provider) =>
        new AnthropicStreamReader();

    public IChatEventSink CreateStreamWriter(
        IBufferWriter<byte> output,
        in StreamWriting writing
    ) => new AnthropicStreamWriter(output, Prefixed(writing.Fallback), writing.LeavesOutPreamble);

    public UpstreamError ReadError(ReadOnlySpan<byte> body) => AnthropicErrors.Read(body);

    public int StatusOf(GatewayError error) => AnthropicErrors.StatusOf(error);

    public void WriteError(IBufferWriter<byte> output, GatewayError error) =>
        AnthropicErrors.Write(output, error);

    public void WriteStreamError(IBufferWriter<byte> output, GatewayError error) =>
        AnthropicErrors.WriteEvent(output, error);

    public void WriteTokenCount(IBufferWriter<byte> output, long tokens)
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, tokens);
        json.WriteEndObject();
    }

    private static ReplyFallback Prefixed(in ReplyFallback fallback) =>
        fallback with
        {
            Id = JsonText.Join([JsonText.Of("msg_"), fallback.Id]),
        };
}
