using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Server.Inference;
using Dragoman.Usage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Native;

/// <summary>
/// <c>GET /api/llm/requests</c>: usage records, newest first, a page at a time (<c>limit</c>, <c>before</c>);
/// <c>GET /api/llm/requests/{id}</c>: one of them, whole.
/// </summary>
internal sealed class RequestsEndpoints(IUsageStore store, IUsageLedger ledger)
{
    private const int DefaultLimit = 50;
    private const int MostAtOnce = 500;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/api/llm/requests", Get(ListAsync));
        endpoints.Map("/api/llm/requests/{id}", Get(ShowAsync));
    }

    private static RequestDelegate Get(RequestDelegate answer) =>
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

    private async Task ShowAsync(HttpContext context)
    {
        var text = context.Request.RouteValues["id"] as string;
        var record = RequestId.TryParse(text, out var id)
            ? await FindAsync(id, context.RequestAborted)
            : null;
        if (record is null)
        {
            await RefuseAsync(
                context,
                new GatewayError(GatewayErrorKind.NotFound, $"There is no record of '{text}'.")
                {
                    Code = "request_not_found",
                }
            );
            return;
        }
        await WriteAsync(context, json => UsageRecordJson.Write(json, record));
    }

    /// <summary>Whoever asks right after the answer may be faster than the ledger's next commit.</summary>
    private async ValueTask<UsageRecord?> FindAsync(
        RequestId id,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindAsync(id, cancellationToken) is { } record)
            return record;
        await ledger.FlushAsync(cancellationToken);
        return await store.FindAsync(id, cancellationToken);
    }

    private async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = DefaultLimit;
        RequestId? before = null;
        if (
            query["limit"] is [{ } wanted]
            && !(
                int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                && limit is >= 1 and <= MostAtOnce
            )
        )
        {
            await RefuseAsync(
                context,
                Wrong($"limit must be a number from 1 to {MostAtOnce}.", "limit")
            );
            return;
        }
        if (query["before"] is [{ } last])
        {
            if (!RequestId.TryParse(last, out var id))
            {
                await RefuseAsync(context, Wrong("before must be a request id.", "before"));
                return;
            }
            before = id;
        }
        var page = await store.ListAsync(
            new UsageQuery { Before = before, Limit = limit },
            context.RequestAborted
        );
        await WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("requests"u8);
                foreach (var record in page)
                    UsageRecordJson.Write(json, record);
                json.WriteEndArray();
                if (page.Count == limit)
                    json.WriteString("next_before"u8, page[^1].Id.ToString(null, null));
                json.WriteEndObject();
            }
        );
    }

    private static GatewayError Wrong(string message, string param) =>
        new(GatewayErrorKind.InvalidRequest, message) { Param = param };

    private static Task RefuseAsync(HttpContext context, GatewayError error) =>
        ErrorShape.Problem.WriteAsync(context.Response, error);

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
            write(json);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
