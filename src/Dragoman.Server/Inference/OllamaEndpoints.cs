using System.Text.Json;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.Ollama;
using Dragoman.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Inference;

/// <summary>The addresses of Ollama's API: what programs written for an Ollama server ask one for.</summary>
/// <param name="call">Answers chats and embeddings.</param>
/// <param name="snapshot">The configuration in use.</param>
/// <param name="loaded">What Ollama servers in the house hold in memory now.</param>
internal sealed class OllamaEndpoints(
    InferenceCall call,
    Func<GatewaySnapshot> snapshot,
    Func<CancellationToken, Task<IReadOnlyList<RawJson>>> loaded
)
{
    /// <summary>
    /// The version we pass for. GitHub Copilot's extension refuses servers before 0.6.4 (its source, seen 2026-11); tool calls with
    /// ids and log probabilities, which we write, came with 0.12 (release notes of github.com/ollama/ollama).
    /// </summary>
    private const string Version = "0.13.0";

    private static readonly OllamaDialect Chat = new();
    private static readonly OllamaDialect Generate = new(OllamaCall.Generate);
    private static readonly OllamaDialect OldEmbeddings = new(OllamaCall.Embeddings);
    private static readonly RequestAddress Streaming = new() { StreamsByDefault = true };

    /// <summary>What changes the models an Ollama server keeps: there are none here to change.</summary>
    public static readonly string[] Keeping =
    [
        "/api/pull",
        "/api/push",
        "/api/create",
        "/api/copy",
        "/api/delete",
        "/api/blobs",
    ];

    /// <summary>Every address of the API; others below <c>/api</c> are our own.</summary>
    public static readonly string[] Addresses =
    [
        "/api/chat",
        "/api/generate",
        "/api/embed",
        "/api/embeddings",
        "/api/tags",
        "/api/show",
        "/api/ps",
        "/api/version",
        .. Keeping,
    ];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map(
            "/api/chat",
            Post(context => call.AnswerAsync(context, Chat, Operation.Chat, Streaming))
        );
        endpoints.Map(
            "/api/generate",
            Post(context => call.AnswerAsync(context, Generate, Operation.Chat, Streaming))
        );
        endpoints.Map(
            "/api/embed",
            Post(context => call.AnswerAsync(context, Chat, Operation.Embeddings))
        );
        endpoints.Map(
            "/api/embeddings",
            Post(context => call.AnswerAsync(context, OldEmbeddings, Operation.Embeddings))
        );
        endpoints.Map("/api/tags", Get(ListAsync));
        endpoints.Map("/api/show", Post(ShowAsync));
        endpoints.Map("/api/ps", Get(ListLoadedAsync));
        endpoints.Map("/api/version", Get(static context => WriteAsync(context, WriteVersion)));
        foreach (var address in Keeping)
            endpoints.Map(address + "/{**rest}", RefuseKeepingAsync);
        endpoints.Map("/", SayRunningAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        var (names, access) = (snapshot().Names, AccessOf(context));
        return WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("models"u8);
                foreach (var model in names.ListFor(access))
                    OllamaModelFacts.WriteListed(
                        json,
                        model,
                        OllamaModelFacts.Find(names, model.Id, access)
                    );
                json.WriteEndArray();
                json.WriteEndObject();
            }
        );
    }

    private async Task ShowAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context.Request, limit: 64 * 1024);
        var error = body.Error;
        if (error is null && OllamaModelFacts.AskedFor(body.Bytes, out error) is { } asked)
        {
            var names = snapshot().Names;
            if (OllamaModelFacts.Find(names, asked, AccessOf(context)) is { } deployment)
            {
                await WriteAsync(
                    context,
                    json => OllamaModelFacts.WriteShown(json, asked, deployment)
                );
                return;
            }
            error = new GatewayError(GatewayErrorKind.NotFound, $"model '{asked}' not found");
        }
        await ErrorShape.Ollama.WriteAsync(context.Response, error!);
    }

    private async Task ListLoadedAsync(HttpContext context)
    {
        // What others have loaded is told to who may call everything.
        var models = AccessOf(context) is null ? await loaded(context.RequestAborted) : [];
        await WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("models"u8);
                foreach (var model in models)
                    json.WriteRawValue(model.Utf8.Span, skipInputValidation: true);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        );
    }

    private static ModelAccess? AccessOf(HttpContext context) =>
        context.Features.Get<Caller>()?.Access;

    private static void WriteVersion(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("version"u8, Version);
        json.WriteEndObject();
    }

    private static Task RefuseKeepingAsync(HttpContext context) =>
        RefuseAsync(
            context,
            new GatewayError(
                GatewayErrorKind.NotSupported,
                $"This is Dragoman, which keeps no models of its own: {context.Request.Path} must be asked of the Ollama server that does."
            )
        );

    /// <summary>How Ollama's programs see whether a server is there; browsers are answered as elsewhere.</summary>
    private static Task SayRunningAsync(HttpContext context)
    {
        var request = context.Request;
        var isAsked =
            HttpMethods.IsHead(request.Method)
            || (
                HttpMethods.IsGet(request.Method)
                && !request
                    .Headers.Accept.ToString()
                    .Contains("html", StringComparison.OrdinalIgnoreCase)
            );
        if (!isAsked)
            return UnknownAddress.AnswerAsync(context);
        context.Response.ContentType = "text/plain; charset=utf-8";
        return HttpMethods.IsHead(request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsync("Ollama is running", context.RequestAborted);
    }

    private static RequestDelegate Post(RequestDelegate answer) => Only(HttpMethods.Post, answer);

    private static RequestDelegate Get(RequestDelegate answer) => Only(HttpMethods.Get, answer);

    private static RequestDelegate Only(string method, RequestDelegate answer) =>
        context =>
        {
            var asked = context.Request.Method;
            if (
                HttpMethods.Equals(asked, method)
                || (HttpMethods.IsGet(method) && HttpMethods.IsHead(asked))
            )
                return answer(context);
            return WrongMethod.TellAsync(context, method, ErrorShape.Ollama);
        };

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
            write(json);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, GatewayError error) =>
        ErrorShape.Ollama.WriteAsync(context.Response, error);
}
