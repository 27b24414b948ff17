using System.Buffers;
using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Dialects.Ollama;
using Dragoman.Dialects.OpenAIChat;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>How a refusal looks at an address: in the shape of the dialect spoken there, elsewhere a problem document.</summary>
internal sealed class ErrorShape(
    string contentType,
    Action<IBufferWriter<byte>, GatewayError> writeBody
)
{
    public static readonly ErrorShape OpenAI = new(
        "application/json",
        new OpenAIChatDialect().WriteError
    );
    public static readonly ErrorShape Ollama = new(
        "application/json",
        new OllamaDialect().WriteError
    );
    public static readonly ErrorShape Problem = new(
        "application/problem+json",
        ProblemDocument.Write
    );

    /// <summary>The addresses of the dialects that are spoken, the longer before the shorter.</summary>
    private static readonly (string Prefix, ErrorShape Shape)[] Spoken =
    [
        ("/v1", OpenAI),
        .. OllamaEndpoints.Addresses.Select(static address => (address, Ollama)),
    ];

    /// <summary>The shape for the address asked, whether or not something answers there.</summary>
    public static ErrorShape Of(HttpRequest request) =>
        UnbuiltDialects.ShapeOf(request.Path)
        ?? Array
            .Find(
                Spoken,
                spoken =>
                    request.Path.StartsWithSegments(
                        spoken.Prefix,
                        StringComparison.OrdinalIgnoreCase
                    )
            )
            .Shape
        ?? Problem;

    /// <summary>Answers with the error, status and all.</summary>
    public async Task WriteAsync(HttpResponse response, GatewayError error)
    {
        var body = new ArrayBufferWriter<byte>(256);
        writeBody(body, error);
        response.StatusCode = error.Status;
        response.ContentType = contentType;
        response.ContentLength = body.WrittenCount;
        if (error.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(response.HttpContext.Request.Method))
            return;
        await response.BodyWriter.WriteAsync(
            body.WrittenMemory,
            response.HttpContext.RequestAborted
        );
    }
}
