using Dragoman.Access;
using Dragoman.Native;
using Dragoman.Usage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Native;

/// <summary><c>GET /api/llm/usage</c>: the accounts, from the ledger.</summary>
internal sealed class UsageEndpoints(
    UsageAccounts accounts,
    IUsageLedger ledger,
    TimeProvider time,
    Reach reach
)
{
    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.Map("/api/llm/usage", NativeAnswer.Get(AnswerAsync));

    private async Task AnswerAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, UsageParameters.Known);
        var query = UsageParameters.Read(parameters, time.GetUtcNow()) with
        {
            Callers = reach.CallersOf(context.Features.Get<Caller>()),
        };
        if (parameters.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        await LatestRecords.StoredAsync(ledger, context.RequestAborted);
        var report = await accounts.ReportAsync(query, context.RequestAborted);
        await NativeAnswer.WriteAsync(context, report, UsageJson.Default.UsageReport);
    }
}
