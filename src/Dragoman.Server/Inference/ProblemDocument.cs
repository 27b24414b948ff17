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
        using var json = new Utf8JsonWriter(output, CompletionJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("type"u8, "about:blank"u8);
        json.WriteString("title"u8, Title(error.Kind));
        json.WriteNumber("status"u8, error.Status);
        json.WriteString("detail"u8, error.Message);
        json.WriteString("code"u8, GatewayFailures.CodeOf(error));
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

    private static string Title(GatewayErrorKind kind) =>
        kind switch
        {
            GatewayErrorKind.InvalidRequest => "Invalid request",
            GatewayErrorKind.Authentication => "Key missing or wrong",
            GatewayErrorKind.Permission => "Not allowed",
            GatewayErrorKind.NotFound => "Not found",
            GatewayErrorKind.RequestTooLarge => "Request too large",
            GatewayErrorKind.ContextLength => "Prompt too long",
            GatewayErrorKind.ContentFilter => "Refused by a content filter",
            GatewayErrorKind.RateLimited => "Too many requests",
            GatewayErrorKind.NotSupported => "Not supported yet",
            GatewayErrorKind.Unavailable => "Unavailable",
            GatewayErrorKind.Upstream => "The provider failed",
            GatewayErrorKind.Timeout => "Took too long",
            GatewayErrorKind.Loop => "Loop",
            _ => "Error",
        };
}
