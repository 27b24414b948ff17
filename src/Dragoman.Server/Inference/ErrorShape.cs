using System.Buffers;
using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.AnthropicMessages;
using Dragoman.Dialects.Gemini;
using Dragoman.Dialects.Ollama;
using Dragoman.Dialects.OpenAIChat;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>How a refusal looks at an address: in the shape of the dialect spoken there, elsewhere a problem document.</summary>
internal sealed class ErrorShape(
    string contentType,
    Action<IBufferWriter<byte>, GatewayError> writeBody,
    Func<GatewayError, int>? statusOf = null
)
{
    public static readonly ErrorShape OpenAI = Of(new OpenAIChatDialect());
    public static readonly ErrorShape Anthropic = Of(new AnthropicDialect());
    public static readonly ErrorShape Gemini = Of(new GeminiDialect());
    public static readonly ErrorShape Ollama = Of(new OllamaDialect());
    public static readonly ErrorShape Problem = new(
        "application/problem+json",
        ProblemDocument.Write
    );

    /// <summary>The addresses of the dialects that are spoken, the longer before the shorter.</summary>
    private static readonly (string Prefix, ErrorShape Shape)[] Spoken =
    [
        ("/v1/messages", Anthropic),
        ("/v1beta", Gemini),
        ("/v1", OpenAI),
        .. OllamaEndpoints.Addresses.Select(static address => (address, Ollama)),
    ];

    /// <summary>The shape for the address asked, whether or not something answers there.</summary>
    public static ErrorShape Of(HttpRequest request) =>
        (
            IsAnthropicModels(request) ? Anthropic
            : GeminiAddress.IsBelowV1(request.Path) ? Gemini
            : null
        )
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

    private static ErrorShape Of(IDialect dialect) =>
        new("application/json", dialect.WriteError, dialect.StatusOf);

    private static bool IsAnthropicModels(HttpRequest request) =>
        request.Path.StartsWithSegments("/v1/models", StringComparison.OrdinalIgnoreCase)
        && AnthropicModels.IsAsked(request);

    /// <summary>Answers with the error, status and all.</summary>
    public Task WriteAsync(HttpResponse response, GatewayError error) =>
        WriteAsync(response, error, body => writeBody(body, error));

    /// <summary>Answers with the error and a body that says more of it.</summary>
    public async Task WriteAsync(
        HttpResponse response,
        GatewayError error,
        Action<IBufferWriter<byte>> write
    )
    {
        var body = new ArrayBufferWriter<byte>(256);
        write(body);
        response.StatusCode = statusOf?.Invoke(error) ?? error.Status;
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
