using System.Text.Json;
using Dragoman.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Native;

/// <summary><c>GET /api/llm/usage</c>: the accounts, from the ledger.</summary>
internal sealed class UsageEndpoints(UsageAccounts accounts, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.Map("/api/llm/usage", NativeAnswer.Get(AnswerAsync));

    private async Task AnswerAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, UsageParameters.Known);
        var query = UsageParameters.Read(parameters, time.GetUtcNow());
        if (parameters.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        var report = await accounts.ReportAsync(query, context.RequestAborted);
        await NativeAnswer.WriteAsync(
            context,
            json => JsonSerializer.Serialize(json, report, UsageJson.Default.UsageReport)
        );
    }
}
