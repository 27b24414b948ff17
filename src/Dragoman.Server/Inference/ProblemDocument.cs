using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Server.Inference;

/// <summary>Errors of the addresses that are ours, as RFC 9457 has them, with a stable <c>code</c>.</summary>
internal static class ProblemDocument
{
    public static void Write(IBufferWriter<byte> output, GatewayError error) =>
        Write(output, error, failure: null);

    /// <summary>Also tells which request failed, and what was tried.</summary>
    public static void Write(IBufferWriter<byte> output, GatewayException failure) =>
        Write(output, failure.Error, failure);

    private static void Write(
        IBufferWriter<byte> output,
        GatewayError error,
        GatewayException? failure
    )
    {
        var (title, code) = Words(error.Kind);
        using var json = new Utf8JsonWriter(output, CompletionJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("type"u8, "about:blank"u8);
        json.WriteString("title"u8, title);
        json.WriteNumber("status"u8, error.Status);
        json.WriteString("detail"u8, error.Message);
        // A provider's code that only repeats a status says nothing.
        json.WriteString(
            "code"u8,
            error.Code is { Length: > 0 } own && !own.All(char.IsAsciiDigit) ? own : code
        );
        json.WriteString("kind"u8, GatewayFailures.WordOf(GatewayFailures.Of(error)));
        if (error.Param is { } param)
            json.WriteString("param"u8, param);
        if (error.RetryAfter is { } wait)
            json.WriteNumber("retry_after_s"u8, Math.Ceiling(wait.TotalSeconds));
        if (failure?.RequestId is { } id)
        {
            json.WriteString("request_id"u8, id);
            json.WritePropertyName("attempts"u8);
            JsonSerializer.Serialize(
                json,
                failure.Attempts,
                CompletionJson.Readable.IReadOnlyListAttemptInfo
            );
        }
        json.WriteEndObject();
    }

    private static (string Title, string Code) Words(GatewayErrorKind kind) =>
        kind switch
        {
            GatewayErrorKind.InvalidRequest => ("Invalid request", "invalid_request"),
            GatewayErrorKind.Authentication => ("Key missing or wrong", "invalid_api_key"),
            GatewayErrorKind.Permission => ("Not allowed", "permission_denied"),
            GatewayErrorKind.NotFound => ("Not found", "not_found"),
            GatewayErrorKind.RequestTooLarge => ("Request too large", "request_too_large"),
            GatewayErrorKind.ContextLength => ("Prompt too long", "context_length_exceeded"),
            GatewayErrorKind.ContentFilter => ("Refused by a content filter", "content_filter"),
            GatewayErrorKind.RateLimited => ("Too many requests", "rate_limited"),
            GatewayErrorKind.NotSupported => ("Not supported yet", "not_supported"),
            GatewayErrorKind.Unavailable => ("Unavailable", "unavailable"),
            GatewayErrorKind.Upstream => ("The provider failed", "upstream_error"),
            GatewayErrorKind.Timeout => ("Took too long", "timeout"),
            GatewayErrorKind.Loop => ("Loop", "loop_detected"),
            _ => ("Error", "internal_error"),
        };
}
