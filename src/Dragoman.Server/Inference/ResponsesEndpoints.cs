using System.Globalization;
using System.Text.Json;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Conversations;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIResponses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Inference;

/// <summary>The addresses of OpenAI's responses: asking for one, and those that are kept.</summary>
internal sealed class ResponsesEndpoints(InferenceCall call, IResponseStore store)
{
    private const int UsualPage = 20;
    private const int LargestPage = 100;

    private static readonly OpenAIResponsesDialect Dialect = new();

    public void Map(IEndpointRouteBuilder endpoints)
    {
        // A WebSocket is asked for with GET: Codex goes on over HTTP where that is refused with 405 (openai/codex, seen 2026-11).
        endpoints.Map(
            "/v1/responses",
            On(("POST", context => call.AnswerAsync(context, Dialect, Operation.Chat)))
        );
        endpoints.Map(
            "/v1/responses/input_tokens",
            On(("POST", context => call.AnswerAsync(context, Dialect, Operation.CountTokens)))
        );
        endpoints.Map("/v1/responses/compact", On(("POST", RefuseCompactAsync)));
        endpoints.Map("/v1/responses/{id}", On(("GET", ShowAsync), ("DELETE", DeleteAsync)));
        endpoints.Map("/v1/responses/{id}/input_items", On(("GET", ListInputAsync)));
        endpoints.Map("/v1/responses/{id}/cancel", On(("POST", RefuseCancelAsync)));
    }

    private async Task ShowAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } found)
            return;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = found.Response.Length;
        await context.Response.BodyWriter.WriteAsync(found.Response, context.RequestAborted);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var id = IdOf(context);
        if (!await store.DeleteAsync(CallerOf(context), id, context.RequestAborted))
        {
            await RefuseAsync(context, NotFound(id));
            return;
        }
        await WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("id"u8, id);
                json.WriteString("object"u8, "response"u8);
                json.WriteBoolean("deleted"u8, true);
                json.WriteEndObject();
            }
        );
    }

    /// <summary>What an answer was made from, the newest first unless asked otherwise, a page at a time.</summary>
    private async Task ListInputAsync(HttpContext context)
    {
        var (turns, missing) = await store.TurnsAsync(
            CallerOf(context),
            IdOf(context),
            context.RequestAborted
        );
        if (turns.Count == 0)
        {
            await RefuseAsync(context, NotFound(missing!));
            return;
        }
        var query = context.Request.Query;
        var limit = int.TryParse(
            query["limit"],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var asked
        )
            ? Math.Clamp(asked, 1, LargestPage)
            : UsualPage;
        var page = StoredInput.Page(turns, query["order"] != "asc", query["after"], limit);
        await WriteAsync(context, page.Write);
    }

    private async Task RefuseCancelAsync(HttpContext context)
    {
        if (await FindAsync(context) is not null)
            await RefuseAsync(
                context,
                new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    "Only a response that was asked for with background can be cancelled, and there are none here: close the connection to end an answer."
                )
                {
                    Code = "response_not_cancellable",
                }
            );
    }

    private static Task RefuseCompactAsync(HttpContext context) =>
        RefuseAsync(
            context,
            new GatewayError(
                GatewayErrorKind.NotSupported,
                "Conversations are not compacted here: have a model summarize the conversation instead, as coding agents can do themselves."
            )
        );

    /// <summary>The answer the address names; null, with the client told, where there is none.</summary>
    private async Task<StoredResponse?> FindAsync(HttpContext context)
    {
        var id = IdOf(context);
        var found = await store.FindAsync(CallerOf(context), id, context.RequestAborted);
        if (found is null)
            await RefuseAsync(context, NotFound(id));
        return found;
    }

    private static string IdOf(HttpContext context) =>
        context.Request.RouteValues["id"] as string ?? "";

    /// <summary>As in <see cref="Exchanges.Exchange.Caller"/>: answers are those of who asked for them.</summary>
    private static string? CallerOf(HttpContext context) => context.Features.Get<Caller>()?.Id;

    private static GatewayError NotFound(string id) =>
        new(GatewayErrorKind.NotFound, $"Response with id '{id}' not found.")
        {
            Code = "response_not_found",
            Param = "id",
        };

    private static RequestDelegate On(params (string Method, RequestDelegate Answer)[] answers) =>
        context =>
        {
            foreach (var (method, answer) in answers)
            {
                if (HttpMethods.Equals(context.Request.Method, method))
                    return answer(context);
            }
            var allowed = string.Join(", ", answers.Select(static answer => answer.Method));
            return WrongMethod.TellAsync(context, allowed, ErrorShape.OpenAI);
        };

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
            write(json);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, GatewayError error) =>
        ErrorShape.OpenAI.WriteAsync(context.Response, error);
}
