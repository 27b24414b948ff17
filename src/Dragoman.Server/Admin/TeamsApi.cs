using System.Text.Json;
using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Administration;
using Dragoman.Canonical;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Dragoman.Server.Admin.PeopleAnswer;

namespace Dragoman.Server.Admin;

/// <summary><c>/api/admin/teams</c>: teams and who belongs to them. Managers see and change their own.</summary>
internal sealed class TeamsApi(PeopleDesk people, IAuditTrail audit, NativePost posts)
{
    private const string Address = "/api/admin/teams";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map(
            Address,
            new AdminAddress(posts)
                .Get(Of(ListAsync))
                .Post<TeamWish>(ReadNew, Of<TeamWish>(MakeAsync))
                .Answer
        );
        endpoints.Map(
            Address + "/{id}",
            new AdminAddress(posts)
                .Get(Of(ShowAsync))
                .Put<TeamWish>(ReadChanged, Of<TeamWish>(ChangeAsync))
                .Delete(Of(DeleteAsync))
                .Answer
        );
    }

    private Task ListAsync(HttpContext context)
    {
        var page = PageQuery.Read(context, out var query);
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);
        var roster = people.Current;
        var reach = new PeopleReach(roster, CallerOf(context));
        return NativeAnswer.WriteAsync(
            context,
            page.Of(
                roster.Teams.Where(reach.Sees).Select(team => TeamInfo.Of(team, roster)),
                static team => team.Id
            ),
            PeopleJson.Readable.AdminListTeamInfo
        );
    }

    private Task ShowAsync(HttpContext context)
    {
        var team = people.SeenTeam(CallerOf(context), IdOf(context));
        EntityTags.Write(context.Response, MarkOf(team.Version));
        return WriteAsync(context, team);
    }

    private async Task MakeAsync(HttpContext context, TeamWish wish)
    {
        var team = await people.AddTeamAsync(
            CallerOf(context),
            new Team
            {
                Id = wish.Id ?? PeopleReader.IdOf(wish.Name) ?? "team",
                Name = wish.Name,
                CreatedAt = default,
                UpdatedAt = default,
            },
            wish.Members,
            context.RequestAborted
        );
        await audit.AppendAsync(
            Origin.Audit(context, "team.create", team.Id, after: Told(team, people.Current))
        );
        Created(context, Address, team.Id, team.Version);
        await WriteAsync(context, team);
    }

    private async Task ChangeAsync(HttpContext context, TeamWish wish)
    {
        CheckId(context, wish.Id);
        var roster = people.Current;
        var (before, after) = await people.ChangeTeamAsync(
            CallerOf(context),
            IdOf(context),
            team =>
            {
                CheckMark(context, team.Version);
                return team with { Name = wish.Name };
            },
            wish.Members,
            context.RequestAborted
        );
        await audit.AppendAsync(
            Origin.Audit(
                context,
                "team.update",
                after.Id,
                Told(before, roster),
                Told(after, people.Current)
            )
        );
        EntityTags.Write(context.Response, MarkOf(after.Version));
        await WriteAsync(context, after);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var (roster, detaches) = (people.Current, Detaches(context));
        var team = await people.DropTeamAsync(
            CallerOf(context),
            IdOf(context),
            team => CheckMarkIfSent(context, team.Version),
            detaches,
            context.RequestAborted
        );
        await audit.AppendAsync(
            Origin.Audit(context, "team.delete", team.Id, before: Told(team, roster))
        );
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Task WriteAsync(HttpContext context, Team team) =>
        NativeAnswer.WriteAsync(
            context,
            TeamInfo.Of(team, people.Current),
            PeopleJson.Readable.TeamInfo
        );

    private static string Told(Team team, Roster roster) =>
        JsonSerializer.Serialize(TeamInfo.Of(team, roster), PeopleJson.Readable.TeamInfo);

    private static bool ReadNew(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out TeamWish? wish,
        out GatewayError? error
    ) => PeopleReader.TryReadTeam(body, isNew: true, out wish, out error);

    private static bool ReadChanged(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out TeamWish? wish,
        out GatewayError? error
    ) => PeopleReader.TryReadTeam(body, isNew: false, out wish, out error);
}
