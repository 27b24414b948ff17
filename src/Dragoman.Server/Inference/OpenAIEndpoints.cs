using System.Text.Json;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Inference;

/// <summary>The addresses of OpenAI's dialect. Plain delegates: nothing is bound or serialized on the request's way.</summary>
internal static class OpenAIEndpoints
{
    private static readonly OpenAIChatDialect Dialect = new();

    public static void Map(
        IEndpointRouteBuilder endpoints,
        InferenceCall call,
        Func<GatewaySnapshot> snapshot
    )
    {
        endpoints.Map(
            "/v1/chat/completions",
            Post(context => call.AnswerAsync(context, Dialect, Operation.Chat))
        );
        endpoints.Map(
            "/v1/embeddings",
            Post(context => call.AnswerAsync(context, Dialect, Operation.Embeddings))
        );
        endpoints.Map(
            "/v1/models",
            Get(context =>
                AnthropicModels.IsAsked(context.Request)
                    ? AnthropicModels.ListAsync(
                        context,
                        snapshot().Names.ListFor(AccessOf(context))
                    )
                    : ListModelsAsync(context, snapshot().Names.ListFor(AccessOf(context)))
            )
        );
        endpoints.Map(
            "/v1/models/{**id}",
            Get(context => ShowModelAsync(context, snapshot().Names))
        );
        endpoints.Map(
            "/v1/{**rest}",
            context =>
                RefuseAsync(
                    context,
                    new GatewayError(
                        GatewayErrorKind.NotFound,
                        $"Nothing answers {context.Request.Method} {context.Request.Path}. There are POST /v1/chat/completions, POST /v1/embeddings and GET /v1/models."
                    )
                    {
                        Code = "unknown_url",
                    }
                )
        );
    }

    private static RequestDelegate Post(RequestDelegate answer) =>
        context =>
            HttpMethods.IsPost(context.Request.Method)
                ? answer(context)
                : WrongMethod.TellAsync(context, "POST", ErrorShape.Of(context.Request));

    private static RequestDelegate Get(RequestDelegate answer) =>
        context =>
            HttpMethods.IsGet(context.Request.Method)
                ? answer(context)
                : WrongMethod.TellAsync(context, "GET", ErrorShape.Of(context.Request));

    private static ModelAccess? AccessOf(HttpContext context) =>
        context.Features.Get<Caller>()?.Access;

    private static Task ListModelsAsync(HttpContext context, IReadOnlyList<ListedModel> models) =>
        WriteJsonAsync(
            context.Response,
            models,
            static (json, models) =>
            {
                json.WriteStartObject();
                json.WriteString("object"u8, "list"u8);
                json.WriteStartArray("data"u8);
                foreach (var model in models)
                    WriteModel(json, model);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        );

    private static Task ShowModelAsync(HttpContext context, NameResolver names)
    {
        // Libraries escape the slash of an id; the host leaves just that escape standing.
        var id = (context.Request.RouteValues["id"] as string ?? "").Replace(
            "%2F",
            "/",
            StringComparison.OrdinalIgnoreCase
        );
        if (names.FindFor(AccessOf(context), id) is { } model)
            return AnthropicModels.IsAsked(context.Request)
                ? AnthropicModels.ShowAsync(context, model)
                : WriteJsonAsync(context.Response, model, WriteModel);
        return RefuseAsync(
            context,
            new GatewayError(
                GatewayErrorKind.NotFound,
                $"No model '{id}' can be called here; GET /v1/models lists those that can."
            )
            {
                Code = "model_not_found",
                Param = "model",
            }
        );
    }

    private static void WriteModel(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, model.Created.ToUnixTimeSeconds());
        json.WriteString("owned_by"u8, model.OwnedBy);
        json.WriteEndObject();
    }

    private static async Task WriteJsonAsync<T>(
        HttpResponse response,
        T value,
        Action<Utf8JsonWriter, T> write
    )
    {
        response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(response.BodyWriter))
            write(json, value);
        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, GatewayError error) =>
        ErrorShape.Of(context.Request).WriteAsync(context.Response, error);
}
