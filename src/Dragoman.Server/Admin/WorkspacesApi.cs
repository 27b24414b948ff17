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

/// <summary><c>/api/admin/workspaces</c>: what calls can be of. Managers see and change those of their teams.</summary>
internal sealed class WorkspacesApi(PeopleDesk people, IAuditTrail audit, NativePost posts)
{
    private const string Address = "/api/admin/workspaces";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map(
            Address,
            new AdminAddress(posts)
                .Get(Of(ListAsync))
                .Post<WorkspaceWish>(ReadNew, Of<WorkspaceWish>(MakeAsync))
                .Answer
        );
        endpoints.Map(
            Address + "/{id}",
            new AdminAddress(posts)
                .Get(Of(ShowAsync))
                .Put<WorkspaceWish>(ReadChanged, Of<WorkspaceWish>(ChangeAsync))
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
                roster.Workspaces.Where(reach.Sees).Select(WorkspaceInfo.Of),
                static workspace => workspace.Id
            ),
            PeopleJson.Readable.AdminListWorkspaceInfo
        );
    }

    private Task ShowAsync(HttpContext context)
    {
        var workspace = people.SeenWorkspace(CallerOf(context), IdOf(context));
        EntityTags.Write(context.Response, MarkOf(workspace.Version));
        return WriteAsync(context, workspace);
    }

    private async Task MakeAsync(HttpContext context, WorkspaceWish wish)
    {
        var workspace = await people.AddWorkspaceAsync(
            CallerOf(context),
            new Workspace
            {
                Id = wish.Id ?? PeopleReader.IdOf(wish.Name) ?? "workspace",
                Name = wish.Name,
                Team = wish.Team,
                CreatedAt = default,
                UpdatedAt = default,
            },
            context.RequestAborted
        );
        await audit.AppendAsync(
            Origin.Audit(context, "workspace.create", workspace.Id, after: Told(workspace))
        );
        Created(context, Address, workspace.Id, workspace.Version);
        await WriteAsync(context, workspace);
    }

    private async Task ChangeAsync(HttpContext context, WorkspaceWish wish)
    {
        CheckId(context, wish.Id);
        var (before, after) = await people.ChangeWorkspaceAsync(
            CallerOf(context),
            IdOf(context),
            workspace =>
            {
                CheckMark(context, workspace.Version);
                return workspace with { Name = wish.Name, Team = wish.Team };
            },
            context.RequestAborted
        );
        await audit.AppendAsync(
            Origin.Audit(context, "workspace.update", after.Id, Told(before), Told(after))
        );
        EntityTags.Write(context.Response, MarkOf(after.Version));
        await WriteAsync(context, after);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var workspace = await people.DropWorkspaceAsync(
            CallerOf(context),
            IdOf(context),
            one => CheckMarkIfSent(context, one.Version),
            context.RequestAborted
        );
        await audit.AppendAsync(
            Origin.Audit(context, "workspace.delete", workspace.Id, before: Told(workspace))
        );
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task WriteAsync(HttpContext context, Workspace workspace) =>
        NativeAnswer.WriteAsync(
            context,
            WorkspaceInfo.Of(workspace),
            PeopleJson.Readable.WorkspaceInfo
        );

    private static string Told(Workspace workspace) =>
        JsonSerializer.Serialize(WorkspaceInfo.Of(workspace), PeopleJson.Readable.WorkspaceInfo);

    private static bool ReadNew(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out WorkspaceWish? wish,
        out GatewayError? error
    ) => PeopleReader.TryReadWorkspace(body, isNew: true, out wish, out error);

    private static bool ReadChanged(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out WorkspaceWish? wish,
        out GatewayError? error
    ) => PeopleReader.TryReadWorkspace(body, isNew: false, out wish, out error);
}
