using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Access.Sessions;
using Dragoman.Administration;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Dragoman.Server.Admin.PeopleAnswer;

namespace Dragoman.Server.Admin;

/// <summary><c>/api/admin/sessions</c>: who is signed in, and their end. Managers see those of the users they answer for.</summary>
internal sealed class SessionsApi(
    SessionBook sessions,
    PeopleDesk people,
    IAuditTrail audit,
    NativePost posts
)
{
    private const string Address = "/api/admin/sessions";

    private static readonly string[] Filters = [.. PageQuery.Names, "caller"];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map(Address, new AdminAddress(posts).Get(ListAsync).Answer);
        endpoints.Map(
            Address + "/{id}",
            new AdminAddress(posts).Get(ShowAsync).Delete(EndAsync).Answer
        );
    }

    private Task ListAsync(HttpContext context)
    {
        var query = new QueryParameters(context.Request.Query, Filters);
        var (page, caller) = (PageQuery.Read(query), query.Text("caller"));
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);
        return NativeAnswer.WriteAsync(
            context,
            page.Of(
                Seen(context)
                    .Where(session => caller is null || session.Caller == caller)
                    .OrderBy(static session => session.Id, StringComparer.Ordinal)
                    .Select(session => SessionShapes.Of(sessions, session)),
                static session => session.Id
            ),
            PeopleJson.Readable.AdminListSessionInfo
        );
    }

    private Task ShowAsync(HttpContext context) =>
        Find(context) is { } session
            ? NativeAnswer.WriteAsync(
                context,
                SessionShapes.Of(sessions, session),
                PeopleJson.Readable.SessionInfo
            )
            : NativeAnswer.RefuseAsync(context, AdminErrors.NotFound("session", IdOf(context)));

    private async Task EndAsync(HttpContext context)
    {
        if (Find(context) is not { } session)
        {
            await NativeAnswer.RefuseAsync(context, AdminErrors.NotFound("session", IdOf(context)));
            return;
        }
        await sessions.EndAsync([session]);
        await audit.AppendAsync(
            Origin.Audit(
                context,
                "session.delete",
                session.Id,
                before: SessionShapes.Told(sessions, session)
            )
        );
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Session? Find(HttpContext context) =>
        Seen(context).FirstOrDefault(session => session.Id == IdOf(context));

    private IEnumerable<Session> Seen(HttpContext context)
    {
        var (roster, caller) = (people.Current, CallerOf(context));
        var reach = new PeopleReach(roster, caller);
        return sessions.All.Where(session =>
            reach.IsAll
            || session.Caller == caller?.Id
            || (
                session.Caller.StartsWith(User.CallerPrefix, StringComparison.Ordinal)
                && roster.FindUser(session.Caller[User.CallerPrefix.Length..]) is { } user
                && reach.Holds(user)
            )
        );
    }
}
