using Dragoman.Access;
using Dragoman.Exchanges;
using Dragoman.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Native;

/// <summary>
/// <c>GET /api/llm/chains</c>: the chains that have names; with <c>primary</c>, <c>strategy</c> or <c>capability</c> the chain that
/// a request would be sent along.
/// </summary>
internal sealed class ChainsEndpoints(Gateway gateway)
{
    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.Map("/api/llm/chains", NativeAnswer.Get(AnswerAsync));

    private Task AnswerAsync(HttpContext context)
    {
        var query = new QueryParameters(context.Request.Query, "primary", "strategy", "capability");
        var primary = query.Text("primary");
        var strategy = query.OneOf(
            "strategy",
            [.. gateway.Snapshots.Current.Names.Table.Strategies.Names]
        );
        var capability = query.OneOf("capability", Capabilities.Words);
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);
        var access = context.Features.Get<Caller>()?.Access;
        if ((primary ?? strategy ?? capability) is null)
            return NativeAnswer.WriteAsync(
                context,
                new NamedChains(
                    access is null
                        ? gateway.GetNamedChains()
                        :
                        [
                            .. gateway
                                .GetNamedChains()
                                .Where(chain =>
                                    gateway.Snapshots.Current.Names.FindFor(
                                        access,
                                        "chain:" + chain.Name
                                    )
                                        is not null
                                ),
                        ]
                ),
                ChainsJson.Readable.NamedChains
            );
        try
        {
            return NativeAnswer.WriteAsync(
                context,
                gateway.FallbackChainFor(access, primary, strategy, capability),
                ChainsJson.Readable.FallbackChainInfo
            );
        }
        catch (GatewayException none)
        {
            return NativeAnswer.RefuseAsync(
                context,
                none.Error.Param == "model" ? none.Error with { Param = "primary" } : none.Error
            );
        }
    }
}
