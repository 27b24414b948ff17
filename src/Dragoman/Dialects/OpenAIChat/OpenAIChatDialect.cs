using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects.OpenAIEmbeddings;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>OpenAI's chat completions, and with them embeddings and models: how their errors look.</summary>
internal sealed class OpenAIChatDialect : IDialect
{
    public const string DialectName = "openai";

    public string Name => DialectName;

    public string StreamContentType => "text/event-stream";

    public ReadOnlySpan<byte> KeepAlive => ": keep-alive\n\n"u8;

    public ReadOnlySpan<byte> Terminator => SseWriter.Done;

    public ReadOnlySpan<byte> RecoveryMark => ": dragoman.recovery\n\n"u8;

    public bool HasStatelessStream => true;

    public bool AnswersWithMedia => true;

    public IEmbeddingDialect Embeddings { get; } = new OpenAIEmbeddingDialect();

    public bool CanRelay(ReadOnlyMemory<byte> body, Deployment target) =>
        ReferenceEquals(target.Provider.Type.Chat, ChatHabits.Usual)
        || OpenAIRelayCheck.Passes(body.Span, target);

    public string PathOf(Operation operation, string model, bool stream) =>
        operation == Operation.Embeddings ? "/embeddings" : "/chat/completions";

    public bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out ChatRequest? request,
        out GatewayError? error
    ) => OpenAIChatRequestReader.TryRead(body, out request, out error);

    public void WriteRequest(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment target,
        Losses losses
    ) => OpenAIChatRequestWriter.Write(output, request, target, losses);

    public bool TryReadReply(
        ReadOnlyMemory<byte> body,
        ProviderType provider,
        out ChatReply? reply,
        out UpstreamError? error
    ) =>
        OpenAIChatReplyReader.TryRead(
            body,
            provider.ReasoningOutsideCompletion,
            out reply,
            out error
        );

    public void WriteReply(
        IBufferWriter<byte> output,
        ChatReply reply,
        in ReplyFallback fallback
    ) => OpenAIChatReplyWriter.Write(output, reply, Prefixed(fallback));

    public ChatStreamReader CreateStreamReader(ProviderType provider) =>
        new OpenAIChatStreamReader(provider.ReasoningOutsideCompletion);

    public IChatEventSink CreateStreamWriter(
        IBufferWriter<byte> output,
        in StreamWriting writing
    ) =>
        new OpenAIChatStreamWriter(
            output,
            writing.IncludeUsage,
            Prefixed(writing.Fallback),
            writing.LeavesOutPreamble
        );

    public UpstreamError ReadError(ReadOnlySpan<byte> body) => OpenAIErrorReader.Read(body);

    public ReplyFacts ReadReply(
        ReadOnlyMemory<byte> body,
        Operation operation,
        ProviderType provider
    ) =>
        OpenAIReplyTap.Read(
            body.Span,
            operation == Operation.Embeddings ? "data"u8 : "choices"u8,
            provider.ReasoningOutsideCompletion
        );

    public StreamTap CreateTap(ProviderType provider, ArrayBufferWriter<byte>? transcript) =>
        new OpenAIStreamTap(provider.ReasoningOutsideCompletion) { Transcript = transcript };

    private static ReplyFallback Prefixed(in ReplyFallback fallback) =>
        fallback with
        {
            Id = JsonText.Join([JsonText.Of("chatcmpl-"), fallback.Id]),
        };

    public void WriteError(IBufferWriter<byte> output, GatewayError error)
    {
        if (!error.UpstreamBody.IsEmpty)
        {
            output.Write(error.UpstreamBody.Span);
            return;
        }

        var (type, code) = Words(error.Kind);
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WritePropertyName("message"u8);
        JsonEscape.Write(json, error.Message);
        json.WritePropertyName("type"u8);
        JsonEscape.Write(json, error.Type ?? type);
        json.WritePropertyName("param"u8);
        JsonEscape.Write(json, error.Param);
        json.WritePropertyName("code"u8);
        // Gemini and others say the status once more where OpenAI names what is wrong.
        JsonEscape.Write(json, IsStatus(error.Code) ? code : error.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void WriteStreamError(IBufferWriter<byte> output, GatewayError error)
    {
        SseWriter.BeginData(output);
        if (error.UpstreamBody.IsEmpty)
            WriteError(output, error);
        else
            SseWriter.WriteOnOneLine(output, error.UpstreamBody.Span);
        SseWriter.EndEvent(output);
    }

    private static bool IsStatus(string? code) => code is null || code.All(char.IsAsciiDigit);

    /// <summary>
    /// Type and code as OpenAI's own answers have them; codes of what OpenAI does not know are ours.
    /// </summary>
    private static (string Type, string? Code) Words(GatewayErrorKind kind) =>
        kind switch
        {
            GatewayErrorKind.InvalidRequest => ("invalid_request_error", null),
            GatewayErrorKind.Authentication => ("authentication_error", "invalid_api_key"),
            GatewayErrorKind.Permission => ("permission_error", "permission_denied"),
            GatewayErrorKind.NotFound => ("invalid_request_error", "model_not_found"),
            GatewayErrorKind.RequestTooLarge => ("invalid_request_error", "request_too_large"),
            GatewayErrorKind.ContextLength => ("invalid_request_error", "context_length_exceeded"),
            GatewayErrorKind.ContentFilter => ("invalid_request_error", "content_filter"),
            GatewayErrorKind.Budget => ("insufficient_quota", "budget_exceeded"),
            GatewayErrorKind.RateLimited => ("rate_limit_error", "rate_limit_exceeded"),
            GatewayErrorKind.NotSupported => ("invalid_request_error", "not_supported"),
            GatewayErrorKind.Unavailable => ("server_error", "service_unavailable"),
            GatewayErrorKind.Upstream => ("server_error", "upstream_error"),
            GatewayErrorKind.Timeout => ("server_error", "timeout"),
            GatewayErrorKind.Loop => ("server_error", "loop_detected"),
            _ => ("server_error", "internal_error"),
        };
}
