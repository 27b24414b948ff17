using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Server.Inference;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Native;

/// <summary>How the native API's readings answer: JSON, or a problem document.</summary>
internal static class NativeAnswer
{
    /// <summary>Lets GET through and refuses every other method.</summary>
    public static RequestDelegate Get(RequestDelegate answer) =>
        context =>
        {
            if (HttpMethods.IsGet(context.Request.Method))
                return answer(context);
            context.Response.Headers.Allow = "GET";
            return RefuseAsync(
                context,
                new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    $"{context.Request.Path} takes GET, not {context.Request.Method}."
                )
                {
                    StatusOverride = StatusCodes.Status405MethodNotAllowed,
                    Code = "method_not_allowed",
                }
            );
        };

    public static Task RefuseAsync(HttpContext context, GatewayError error) =>
        ErrorShape.Problem.WriteAsync(context.Response, error);

    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
            write(json);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
