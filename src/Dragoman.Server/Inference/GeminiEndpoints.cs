using System.Globalization;
using System.Text.Json;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.Gemini;
using Dragoman.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Inference;

/// <summary>The addresses of Google's dialect, below <c>/v1beta</c>; those that ask a model something answer below <c>/v1</c> too.</summary>
internal static class GeminiEndpoints
{
    private const int UsualPage = 50;
    private const int LargestPage = 1000;
    private static readonly GeminiDialect Dialect = new();
    private static readonly GeminiDialect EmbedsOne = new(embedsOne: true);

    public static void Map(
        IEndpointRouteBuilder endpoints,
        InferenceCall call,
        Func<GatewaySnapshot> snapshot
    )
    {
        RequestDelegate ask = context => AskAsync(context, call);
        // A name that has a slash of its own some libraries do not put below models/ (@ai-sdk/google).
        endpoints.MapPost("/v1beta/{**rest}", ask);
        endpoints.MapPost("/v1/models/{**rest}", ask);
        endpoints.MapGet(
            "/v1beta/models",
            (RequestDelegate)(
                context => ListModelsAsync(context, snapshot().Names.ListFor(AccessOf(context)))
            )
        );
        endpoints.MapGet(
            "/v1beta/models/{**rest}",
            (RequestDelegate)(context => ShowModelAsync(context, snapshot().Names))
        );
        endpoints.Map("/v1beta/{**rest}", UnknownAsync);
    }

    private static Task AskAsync(HttpContext context, InferenceCall call)
    {
        if (!GeminiAddress.TryRead(Rest(context), out var address))
            return UnknownAsync(context);
        return call.AnswerAsync(
            context,
            DialectFor(context, address),
            address.Operation,
            new RequestAddress { Model = address.Model, Stream = address.IsStream }
        );
    }

    /// <summary>A stream without <c>alt=sse</c> is one list, whose brackets and commas are counted for each call.</summary>
    private static GeminiDialect DialectFor(HttpContext context, GeminiAddress address) =>
        address.IsStream && context.Request.Query["alt"] != "sse"
            ? new GeminiDialect(streamsList: true)
        : address.Action == "embedContent" ? EmbedsOne
        : Dialect;

    private static ModelAccess? AccessOf(HttpContext context) =>
        context.Features.Get<Caller>()?.Access;

    private static string Rest(HttpContext context) =>
        context.Request.RouteValues["rest"] as string ?? "";

    private static Task ListModelsAsync(HttpContext context, IReadOnlyList<ListedModel> models)
    {
        var size = Math.Min(Number(context, "pageSize") ?? UsualPage, LargestPage);
        var start = Math.Clamp(Number(context, "pageToken") ?? 0, 0, models.Count);
        return WriteJsonAsync(
            context.Response,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("models"u8);
                foreach (var model in models.Skip(start).Take(size))
                    WriteModel(json, model);
                json.WriteEndArray();
                if (start + size < models.Count)
                    json.WriteString(
                        "nextPageToken"u8,
                        (start + size).ToString(CultureInfo.InvariantCulture)
                    );
                json.WriteEndObject();
            }
        );
    }

    private static int? Number(HttpContext context, string name) =>
        int.TryParse(
            context.Request.Query[name],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
        && number > 0
            ? number
            : null;

    private static Task ShowModelAsync(HttpContext context, NameResolver names)
    {
        var name = GeminiAddress.NameOf(Rest(context));
        if (names.FindFor(AccessOf(context), name) is { } model)
            return WriteJsonAsync(context.Response, json => WriteModel(json, model));
        return RefuseAsync(
            context,
            new GatewayError(
                GatewayErrorKind.NotFound,
                $"No model '{name}' can be called here; GET /v1beta/models lists those that can."
            )
        );
    }

    private static void WriteModel(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "models/" + model.Id);
        json.WriteString("displayName"u8, model.Id);
        json.WriteString("description"u8, "Served by " + model.OwnedBy);
        json.WriteStartArray("supportedGenerationMethods"u8);
        json.WriteStringValue("generateContent"u8);
        json.WriteStringValue("countTokens"u8);
        json.WriteStringValue("embedContent"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task WriteJsonAsync(HttpResponse response, Action<Utf8JsonWriter> write)
    {
        response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(response.BodyWriter))
            write(json);
        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }

    private static Task UnknownAsync(HttpContext context) =>
        RefuseAsync(
            context,
            new GatewayError(
                GatewayErrorKind.NotFound,
                $"Nothing answers {context.Request.Method} {context.Request.Path}. There are POST /v1beta/models/MODEL:generateContent, :streamGenerateContent, :countTokens, :embedContent and :batchEmbedContents, and GET /v1beta/models."
            )
        );

    private static Task RefuseAsync(HttpContext context, GatewayError error) =>
        ErrorShape.Gemini.WriteAsync(context.Response, error);
}
