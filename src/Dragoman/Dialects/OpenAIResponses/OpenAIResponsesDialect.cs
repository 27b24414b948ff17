using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>OpenAI's responses: what its newer libraries and coding agents speak.</summary>
internal sealed class OpenAIResponsesDialect : IDialect
{
    public const string DialectName = "openai-responses";

    private readonly OpenAIChatDialect _errors = new();

    public string Name => DialectName;

    public string StreamContentType => "text/event-stream";

    public ReadOnlySpan<byte> KeepAlive => ": keep-alive\n\n"u8;

    /// <summary>The last event says itself that it is the last.</summary>
    public ReadOnlySpan<byte> Terminator => default;

    public ReadOnlySpan<byte> RecoveryMark => ": dragoman.recovery\n\n"u8;

    public string PathOf(Operation operation, string model, bool stream) =>
        operation == Operation.CountTokens ? "/responses/input_tokens" : "/responses";

    public bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out ChatRequest? request,
        out GatewayError? error
    ) => ResponsesRequestReader.TryRead(body, out request, out error);

    public ChatRequest ForOthers(ChatRequest request, Losses losses) =>
        ResponsesForOthers.Say(request, losses);

    public void WriteRequest(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment target,
        Losses losses
    ) => ResponsesRequestWriter.Write(output, request, target, losses);

    public bool TryReadReply(
        ReadOnlyMemory<byte> body,
        ProviderType provider,
        out ChatReply? reply,
        out UpstreamError? error
    ) =>
        ResponsesReplyReader.TryRead(
            body,
            provider.ReasoningOutsideCompletion,
            out reply,
            out error
        );

    public void WriteReply(
        IBufferWriter<byte> output,
        ChatReply reply,
        in ReplyFallback fallback
    ) => ResponsesReplyWriter.Write(output, reply, fallback);

    public ChatStreamReader CreateStreamReader(ProviderType provider) =>
        new ResponsesStreamReader(provider.ReasoningOutsideCompletion);

    public StreamTap CreateTap(ProviderType provider, ArrayBufferWriter<byte>? transcript) =>
        new ResponsesTap(new ResponsesStreamReader(provider.ReasoningOutsideCompletion))
        {
            Transcript = transcript,
        };

    public IChatEventSink CreateStreamWriter(
        IBufferWriter<byte> output,
        in StreamWriting writing
    ) => new ResponsesStreamWriter(output, writing);

    public UpstreamError ReadError(ReadOnlySpan<byte> body) => ResponsesErrors.OfBody(body);

    public void WriteError(IBufferWriter<byte> output, GatewayError error) =>
        _errors.WriteError(output, error);

    public void WriteTokenCount(IBufferWriter<byte> output, long tokens)
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        json.WriteString("object"u8, "response.input_tokens"u8);
        json.WriteNumber("input_tokens"u8, tokens);
        json.WriteEndObject();
    }

    public void WriteStreamError(IBufferWriter<byte> output, GatewayError error)
    {
        var body = new ArrayBufferWriter<byte>(256);
        _errors.WriteError(body, error with { UpstreamBody = default });
        ResponsesStreamError.Write(output, body.WrittenSpan);
    }
}
