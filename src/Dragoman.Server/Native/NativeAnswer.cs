using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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
            HttpMethods.IsGet(context.Request.Method)
                ? answer(context)
                : WrongMethod.TellAsync(context, "GET", ErrorShape.Problem);

    public static Task RefuseAsync(HttpContext context, GatewayError error) =>
        ErrorShape.Problem.WriteAsync(context.Response, error);

    public static async Task WriteAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> shape)
    {
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(
            context.Response.BodyWriter,
            answer,
            shape,
            context.RequestAborted
        );
    }

    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
            write(json);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
