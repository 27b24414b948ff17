using System.Buffers;
using System.Text.Json.Nodes;
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

    public ReadOnlySpan<byte> Terminator => "data: [DONE]\n\n"u8;

    public ReadOnlySpan<byte> RecoveryMark => ": dragoman.recovery\n\n"u8;

    public void WriteWithText(IBufferWriter<byte> output, ReadOnlySpan<byte> rawEvent, string text)
    {
        var chunk = JsonNode.Parse(SseEvent.Parse(rawEvent).Data)!;
        // A chunk that only finishes may leave the delta out.
        var choice = chunk["choices"]![0]!;
        if (choice["delta"] is not JsonObject delta)
            choice["delta"] = delta = [];
        delta["content"] = text;
        output.Write("data: "u8);
        using (var json = OpenAIJson.NewWriter(output))
            chunk.WriteTo(json);
        output.Write("\n\n"u8);
    }

    public UpstreamError ReadError(ReadOnlySpan<byte> body) => OpenAIErrorReader.Read(body);

    public ReplyFacts ReadReply(
        ReadOnlySpan<byte> body,
        bool isEmbeddings,
        ProviderType provider
    ) =>
        OpenAIReplyTap.Read(
            body,
            isEmbeddings ? "data"u8 : "choices"u8,
            provider.ReasoningOutsideCompletion
        );

    public ReadOnlyMemory<byte>? Encode(
        ReadOnlyMemory<byte> embeddings,
        EmbeddingEncoding encoding,
        string model
    )
    {
        if (!OpenAIEmbeddingReplyReader.TryRead(embeddings, asked: null, out var reply, out _))
            return null;
        var output = new ArrayBufferWriter<byte>(embeddings.Length);
        OpenAIEmbeddingReplyWriter.Write(output, reply!, encoding, JsonText.Of(model));
        return output.WrittenMemory;
    }

    public StreamTap CreateTap(ProviderType provider, ArrayBufferWriter<byte>? transcript) =>
        new OpenAIStreamTap(provider.ReasoningOutsideCompletion) { Transcript = transcript };

    public void WriteError(IBufferWriter<byte> output, GatewayError error)
    {
        if (!error.UpstreamBody.IsEmpty)
        {
            output.Write(error.UpstreamBody.Span);
            return;
        }

        var (type, code) = Words(error.Kind);
        using var json = OpenAIJson.NewWriter(output);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WritePropertyName("message"u8);
        JsonEscape.Write(json, error.Message);
        json.WritePropertyName("type"u8);
        JsonEscape.Write(json, error.Type ?? type);
        json.WritePropertyName("param"u8);
        JsonEscape.Write(json, error.Param);
        json.WritePropertyName("code"u8);
        JsonEscape.Write(json, error.Code ?? code);
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
            GatewayErrorKind.RateLimited => ("rate_limit_error", "rate_limit_exceeded"),
            GatewayErrorKind.NotSupported => ("invalid_request_error", "not_supported"),
            GatewayErrorKind.Unavailable => ("server_error", "service_unavailable"),
            GatewayErrorKind.Upstream => ("server_error", "upstream_error"),
            GatewayErrorKind.Timeout => ("server_error", "timeout"),
            GatewayErrorKind.Loop => ("server_error", "loop_detected"),
            _ => ("server_error", "internal_error"),
        };
}
