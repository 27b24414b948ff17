using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Inference;

/// <summary>
/// The addresses of dialects that are not spoken yet: a client that knocks is told so in words its library can show. Error
/// shapes after the vendors' API references (docs.anthropic.com, ai.google.dev; seen 2026-11-20).
/// </summary>
internal static class UnbuiltDialects
{
    private static readonly ErrorShape Anthropic = new("application/json", WriteAnthropic);
    private static readonly ErrorShape Gemini = new("application/json", WriteGemini);

    private static readonly (string Prefix, ErrorShape Shape, string Name)[] All =
    [
        ("/v1/messages", Anthropic, "Anthropic messages"),
        ("/v1/responses", ErrorShape.OpenAI, "OpenAI responses"),
        ("/v1beta", Gemini, "Gemini"),
    ];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var (prefix, shape, name) in All)
        {
            var error = new GatewayError(
                GatewayErrorKind.NotSupported,
                $"The {name} API is not supported yet: use the OpenAI-compatible POST /v1/chat/completions."
            );
            endpoints.Map(
                prefix + "/{**rest}",
                context => shape.WriteAsync(context.Response, error)
            );
        }
    }

    /// <summary>The error shape at an address of one of them; null elsewhere.</summary>
    public static ErrorShape? ShapeOf(PathString path)
    {
        foreach (var (prefix, shape, _) in All)
        {
            if (path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase))
                return shape;
        }
        return null;
    }

    private static void WriteAnthropic(IBufferWriter<byte> output, GatewayError error)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString(
            "type"u8,
            error.Kind switch
            {
                GatewayErrorKind.InvalidRequest => "invalid_request_error"u8,
                GatewayErrorKind.Authentication => "authentication_error"u8,
                GatewayErrorKind.Permission => "permission_error"u8,
                GatewayErrorKind.NotFound => "not_found_error"u8,
                GatewayErrorKind.RequestTooLarge => "request_too_large"u8,
                _ => "api_error"u8,
            }
        );
        json.WriteString("message"u8, error.Message);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteGemini(IBufferWriter<byte> output, GatewayError error)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, error.Status);
        json.WriteString("message"u8, error.Message);
        json.WriteString(
            "status"u8,
            error.Kind switch
            {
                GatewayErrorKind.InvalidRequest => "INVALID_ARGUMENT"u8,
                GatewayErrorKind.Authentication => "UNAUTHENTICATED"u8,
                GatewayErrorKind.Permission => "PERMISSION_DENIED"u8,
                GatewayErrorKind.NotFound => "NOT_FOUND"u8,
                GatewayErrorKind.NotSupported => "UNIMPLEMENTED"u8,
                _ => "INTERNAL"u8,
            }
        );
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
