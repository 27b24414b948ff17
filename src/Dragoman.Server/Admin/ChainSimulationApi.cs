using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Native;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Admin;

/// <summary><c>POST /api/admin/chains/{id}/simulate</c>: who would be tried for a request, in which order, and who is left out for which reason. Nobody is called.</summary>
internal sealed class ChainSimulationApi(Gateway gateway, NativePost posts)
{
    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.Map(
            "/api/admin/chains/{id}/simulate",
            new AdminAddress(posts).Post<Query>(Read, AnswerAsync).Answer
        );

    private Task AnswerAsync(HttpContext context, Query query) =>
        NativeAnswer.WriteAsync(
            context,
            gateway.ExplainRoute(
                GatewayRequest.Of(query.Chat, query.Wishes, query.Stream) with
                {
                    Caller = context.Features.Get<Caller>(),
                }
            ),
            RouteJson.Readable.RouteInfo
        );

    private static bool Read(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out Query? query,
        out GatewayError? error
    )
    {
        // Without a body it is a usual short question.
        if (body.IsEmpty)
            body = "{\"prompt\":\"Hello\"}"u8.ToArray();
        if (!ChoosingEndpoints.ReadChat(context, body, out query, out error))
            return false;
        query = query! with
        {
            Chat = query.Chat with
            {
                Model = JsonText.Of("chain:" + ConfigEntriesApi.IdOf(context)),
            },
        };
        return true;
    }
}
