using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes errors in Google's shape (cloud.google.com/apis/design/errors, seen 2026-11): what its libraries look for is the status word.</summary>
internal static class GeminiErrorWriter
{
    public static void Write(IBufferWriter<byte> output, GatewayError error)
    {
        if (!error.UpstreamBody.IsEmpty)
        {
            output.Write(error.UpstreamBody.Span);
            return;
        }
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, error.Status);
        json.WritePropertyName("message"u8);
        JsonEscape.Write(json, error.Message);
        json.WriteString("status"u8, Word(error));
        WriteDetails(json, error);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, GatewayError error)
    {
        if (error.Code is null && error.Param is null && error.RetryAfter is null)
            return;
        json.WriteStartArray("details"u8);
        if (error.Code is { } code)
        {
            json.WriteStartObject();
            json.WriteString("@type"u8, "type.googleapis.com/google.rpc.ErrorInfo"u8);
            json.WritePropertyName("reason"u8);
            JsonEscape.Write(json, code);
            json.WriteString("domain"u8, "dragoman"u8);
            json.WriteEndObject();
        }
        if (error.Param is { } field)
        {
            json.WriteStartObject();
            json.WriteString("@type"u8, "type.googleapis.com/google.rpc.BadRequest"u8);
            json.WriteStartArray("fieldViolations"u8);
            json.WriteStartObject();
            json.WritePropertyName("field"u8);
            JsonEscape.Write(json, field);
            json.WritePropertyName("description"u8);
            JsonEscape.Write(json, error.Message);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        if (error.RetryAfter is { } wait)
        {
            json.WriteStartObject();
            json.WriteString("@type"u8, "type.googleapis.com/google.rpc.RetryInfo"u8);
            json.WriteString(
                "retryDelay"u8,
                string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalSeconds):0}s")
            );
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Google's word for a failure, by its HTTP status where one was said.</summary>
    private static string Word(GatewayError error) =>
        error.Status switch
        {
            401 => "UNAUTHENTICATED",
            // The word it has for accounts without billing; RESOURCE_EXHAUSTED would be tried again.
            402 => "FAILED_PRECONDITION",
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            409 => "ABORTED",
            429 => "RESOURCE_EXHAUSTED",
            499 => "CANCELLED",
            501 => "UNIMPLEMENTED",
            502 or 503 or 529 => "UNAVAILABLE",
            408 or 504 => "DEADLINE_EXCEEDED",
            >= 500 => "INTERNAL",
            _ => "INVALID_ARGUMENT",
        };
}
