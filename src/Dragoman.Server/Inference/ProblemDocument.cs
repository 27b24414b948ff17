using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Server.Inference;

/// <summary>Errors of the addresses that are ours, as RFC 9457 has them, with a stable <c>code</c>.</summary>
internal static class ProblemDocument
{
    public static void Write(IBufferWriter<byte> output, GatewayError error)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("type"u8, "about:blank"u8);
        json.WriteString("title"u8, Title(error.Kind));
        json.WriteNumber("status"u8, error.Status);
        json.WriteString("detail"u8, error.Message);
        json.WriteString("code"u8, error.Code ?? Code(error.Kind));
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
            GatewayErrorKind.NotSupported => "Not supported yet",
            GatewayErrorKind.Unavailable => "Unavailable",
            _ => "Error",
        };

    private static string Code(GatewayErrorKind kind) =>
        kind switch
        {
            GatewayErrorKind.InvalidRequest => "invalid_request",
            GatewayErrorKind.Authentication => "invalid_api_key",
            GatewayErrorKind.Permission => "permission_denied",
            GatewayErrorKind.NotFound => "not_found",
            GatewayErrorKind.RequestTooLarge => "request_too_large",
            GatewayErrorKind.NotSupported => "not_supported",
            GatewayErrorKind.Unavailable => "unavailable",
            _ => "internal_error",
        };
}
