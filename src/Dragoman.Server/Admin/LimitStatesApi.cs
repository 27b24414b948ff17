using Dragoman.Access;
using Dragoman.Administration;
using Dragoman.Limits;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Admin;

/// <summary>
/// <c>GET /api/admin/limits/{id}/state</c>: what is used of a limit now, for each whom it counts. Admins and viewers see all, others
/// what counts themselves or their teams.
/// </summary>
internal sealed class LimitStatesApi(Gateway gateway)
{
    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.Map("/api/admin/limits/{id}/state", NativeAnswer.Get(AnswerAsync));

    private async Task AnswerAsync(HttpContext context)
    {
        var page = PageQuery.Read(context, out var query);
        if (query.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        var id = (string)context.Request.RouteValues["id"]!;
        if (gateway.Snapshots.Current.Parts.Find<LimitBook>()?.Find(id) is not { } limit)
        {
            await NativeAnswer.RefuseAsync(context, AdminErrors.NotFound("limit in force", id));
            return;
        }
        var caller = context.Features.Get<Caller>();
        var states = (await gateway.Rates.StatesAsync(limit))
            .Where(state => Sees(caller, state.Tuple))
            .Select(state => LimitState.Of(limit, state));
        await NativeAnswer.WriteAsync(
            context,
            page.Of(states, static state => state.Scope),
            LimitStatesJson.Readable.AdminListLimitState
        );
    }

    private static bool Sees(Caller? caller, string tuple) =>
        caller is null or { Role: Role.Admin or Role.Viewer }
        || tuple
            .Split(", ")
            .Any(part =>
                part == "key=" + caller.Id
                || (caller.User is { } user && part == "user=" + user)
                || caller.Teams.Any(team => part == "team=" + team)
            );
}
