using Dragoman.Native;
using Dragoman.Usage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Native;

/// <summary><c>GET /api/llm/stats</c>: what was counted since the start and over the last hour, of everybody together.</summary>
internal sealed class StatsEndpoints(GatewayStats stats)
{
    private static readonly string[] Groupings = ["model", "provider", "chain"];

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.Map("/api/llm/stats", NativeAnswer.Get(AnswerAsync));

    private async Task AnswerAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, "by");
        var by = parameters.OneOf("by", Groupings);
        if (parameters.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        var report = new StatsReport(
            stats,
            by is null ? StatsGrouping.None : Enum.Parse<StatsGrouping>(by, ignoreCase: true)
        );
        await NativeAnswer.WriteAsync(context, report, StatsJson.Default.StatsReport);
    }
}
