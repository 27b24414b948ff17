using Dragoman.Access;
using Dragoman.Exchanges;
using Dragoman.Routing.Quality;
using Dragoman.Server.Hosting;
using Dragoman.Usage;
using Dragoman.Usage.Bodies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Native;

/// <summary>
/// <c>GET /api/llm/requests</c>: usage records, newest first, a page at a time (<c>limit</c>, <c>before</c>),
/// those that match <c>model</c>, <c>provider</c>, <c>outcome</c>, <c>workspace_id</c> and <c>since</c>;
/// <c>GET /api/llm/requests/{id}</c>: one of them, whole.
/// </summary>
internal sealed class RequestsEndpoints(
    IUsageStore store,
    IFeedbackStore feedback,
    IUsageLedger ledger,
    Reach reach,
    BodyKeeper bodies
)
{
    private const int DefaultLimit = 50;
    private const int MostAtOnce = 500;

    private static readonly string[] Known =
    [
        "limit",
        "before",
        "model",
        "provider",
        "outcome",
        "workspace_id",
        "since",
    ];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/api/llm/requests", NativeAnswer.Get(ListAsync));
        endpoints.Map("/api/llm/requests/{id}", NativeAnswer.Get(ShowAsync));
    }

    private async Task ShowAsync(HttpContext context)
    {
        var text = context.Request.RouteValues["id"] as string;
        var record = RequestId.TryParse(text, out var id)
            ? await LatestRecords.FindAsync(store, ledger, id, context.RequestAborted)
            : null;
        // What is another's is not there.
        if (record is null || !record.IsWithin(ReachOf(context)))
        {
            await NativeAnswer.RefuseAsync(context, LatestRecords.NoneOf(text));
            return;
        }
        var said = await feedback.FindAsync([record.Id], context.RequestAborted);
        var kept = MaySeeBodies(context, record)
            ? await bodies.FindAsync(record.Id, context.RequestAborted)
            : null;
        await NativeAnswer.WriteAsync(
            context,
            json =>
                UsageRecordJson.Write(
                    json,
                    record,
                    said.GetValueOrDefault(record.Id),
                    isWhole: true,
                    kept
                )
        );
    }

    /// <summary>Who reads everything reads no prompts: they are shown to who sent them, and to admins.</summary>
    private static bool MaySeeBodies(HttpContext context, UsageRecord record) =>
        context.Features.Get<Caller>() is not { } caller
        || caller.Role == Role.Admin
        || caller.Id == record.Caller;

    private async Task ListAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, Known);
        var query = Read(parameters) with { Callers = ReachOf(context) };
        if (parameters.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        if (query.Before is null)
            await LatestRecords.StoredAsync(ledger, context.RequestAborted);
        var page = await store.ListAsync(query, context.RequestAborted);
        var said = await feedback.FindAsync(
            [.. page.Select(static record => record.Id)],
            context.RequestAborted
        );
        await NativeAnswer.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("requests"u8);
                foreach (var record in page)
                    UsageRecordJson.Write(json, record, said.GetValueOrDefault(record.Id));
                json.WriteEndArray();
                if (page.Count == query.Limit)
                    json.WriteString("next_before"u8, page[^1].Id.ToString(null, null));
                json.WriteEndObject();
            }
        );
    }

    private IReadOnlyList<string>? ReachOf(HttpContext context) =>
        reach.CallersOf(context.Features.Get<Caller>());

    private static UsageQuery Read(QueryParameters parameters)
    {
        RequestId? before = null;
        if (parameters.Text("before") is { } last)
        {
            if (RequestId.TryParse(last, out var id))
                before = id;
            else
                parameters.Wrong("before", "'before' must be a request id, such as next_before.");
        }
        return new UsageQuery
        {
            Before = before,
            Limit = parameters.Number("limit", 1, MostAtOnce) ?? DefaultLimit,
            Model = parameters.Text("model"),
            Provider = parameters.Text("provider"),
            Outcome = parameters.OneOf("outcome", OutcomeWords.All) is { } outcome
                ? Enum.Parse<ExchangeOutcome>(outcome, ignoreCase: true)
                : null,
            Workspace = parameters.Text("workspace_id"),
            Since = parameters.Time("since"),
        };
    }
}
