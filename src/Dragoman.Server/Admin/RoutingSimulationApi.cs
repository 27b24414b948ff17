using Dragoman.Administration;
using Dragoman.Canonical;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Admin;

/// <summary><c>POST /api/admin/routing/simulate</c>: what other rules, weights or prices would have made of the last decisions.</summary>
internal sealed class RoutingSimulationApi(Gateway gateway, NativePost posts)
{
    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.Map("/api/admin/routing/simulate", posts.For<SimulationQuery>(Read, AnswerAsync));

    private async Task AnswerAsync(HttpContext context, SimulationQuery query) =>
        await NativeAnswer.WriteAsync(
            context,
            await gateway.SimulateRoutingAsync(query, context.RequestAborted),
            SimulationJson.Readable.RoutingSimulation
        );

    private static bool Read(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out SimulationQuery? query,
        out GatewayError? error
    ) => SimulationReader.TryRead(body, out query, out error);
}
