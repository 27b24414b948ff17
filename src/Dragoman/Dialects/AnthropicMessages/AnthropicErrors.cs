using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Errors in Anthropic's shape and words (platform.claude.com, errors, seen 2026-11).</summary>
internal static class AnthropicErrors
{
    /// <summary>The status of an overloaded service, which other APIs tell with 503.</summary>
    public const int Overloaded = 529;

    /// <summary>Reads an error body of any shape; everything is null where it says nothing. Never throws.</summary>
    public static UpstreamError Read(ReadOnlySpan<byte> body)
    {
        var error = OpenAIErrorReader.Read(body);
        if (!error.IsCanonicalShape)
            return error;
        // Sound JSON, or there would be no shape.
        return error with
        {
            IsCanonicalShape =
                AnthropicJson.Text(body, "type"u8).SequenceEqual("error"u8)
                && error.Type is not (null or "error"),
        };
    }

    /// <summary>Reads the value of an error event in a stream.</summary>
    public static GatewayError ReadEvent(ReadOnlySpan<byte> data)
    {
        var said = Read(data);
        var error = said.ToGatewayError();
        return error with
        {
            Kind = error.Kind is GatewayErrorKind.Upstream ? KindOf(said.Type) : error.Kind,
            UpstreamBody = said.IsCanonicalShape ? data.ToArray() : default,
        };
    }

    /// <summary>The status a client of this dialect is answered with.</summary>
    public static int StatusOf(GatewayError error) =>
        error.Status == 503 ? Overloaded : error.Status;

    public static void Write(IBufferWriter<byte> output, GatewayError error)
    {
        if (!error.UpstreamBody.IsEmpty)
        {
            output.Write(error.UpstreamBody.Span);
            return;
        }
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, Word(error));
        json.WritePropertyName("message"u8);
        JsonEscape.Write(json, error.Message);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteEvent(IBufferWriter<byte> output, GatewayError error)
    {
        output.Write("event: error\n"u8);
        SseWriter.BeginData(output);
        if (error.UpstreamBody.IsEmpty)
            Write(output, error);
        else
            SseWriter.WriteOnOneLine(output, error.UpstreamBody.Span);
        SseWriter.EndEvent(output);
    }

    private static string Word(GatewayError error) =>
        error.Kind switch
        {
            _ when error.Status == 413 => "request_too_large",
            GatewayErrorKind.InvalidRequest
            or GatewayErrorKind.ContextLength
            or GatewayErrorKind.ContentFilter
            or GatewayErrorKind.NotSupported => "invalid_request_error",
            GatewayErrorKind.Authentication => "authentication_error",
            GatewayErrorKind.Permission => "permission_error",
            GatewayErrorKind.NotFound => "not_found_error",
            GatewayErrorKind.RequestTooLarge => "request_too_large",
            GatewayErrorKind.Budget => "billing_error",
            GatewayErrorKind.RateLimited => "rate_limit_error",
            GatewayErrorKind.Timeout => "timeout_error",
            _ when error.Status == 503 || error.Type == "overloaded_error" => "overloaded_error",
            _ => "api_error",
        };

    private static GatewayErrorKind KindOf(string? type) =>
        type switch
        {
            "invalid_request_error" => GatewayErrorKind.InvalidRequest,
            "request_too_large" => GatewayErrorKind.RequestTooLarge,
            "not_found_error" => GatewayErrorKind.NotFound,
            "timeout_error" => GatewayErrorKind.Timeout,
            _ => GatewayErrorKind.Upstream,
        };
}
