using Dragoman.Access;
using Dragoman.Access.Sessions;
using Dragoman.Administration;
using Dragoman.Canonical;
using Dragoman.Server.Admin;
using Dragoman.Server.Hosting;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.SignIn;

/// <summary>
/// <c>/api/sessions</c>: signing in and out, one's own sessions, and one's own password. Signing in always opens a new session and
/// ends the one that the request came with: nobody signs in to a session that somebody else made.
/// </summary>
internal sealed class SessionsEndpoints(
    SessionBook sessions,
    SignInDesk desk,
    PasswordDesk passwords,
    IAuditTrail audit,
    NativePost posts
)
{
    private const string Address = "/api/sessions";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var address = new AdminAddress(posts)
            .Post<Credentials>(Credentials.TryRead, SignInAsync)
            .Get(ListAsync);
        endpoints.Map(
            Address,
            context =>
                HttpMethods.IsPost(context.Request.Method)
                && WhyForeign(context.Request) is { } foreign
                    ? NativeAnswer.RefuseAsync(context, foreign)
                    : address.Answer(context)
        );
        endpoints.Map(
            Address + "/current",
            new AdminAddress(posts).Get(ShowAsync).Delete(SignOutAsync).Answer
        );
        endpoints.Map(
            Address + "/current/password",
            new AdminAddress(posts)
                .Post<PasswordWish>(
                    PasswordWish.TryReadOwn,
                    PeopleAnswer.Of<PasswordWish>(ChangePasswordAsync)
                )
                .Answer
        );
        endpoints.Map(Address + "/{id}", new AdminAddress(posts).Delete(EndAsync).Answer);
    }

    private async Task SignInAsync(HttpContext context, Credentials offered)
    {
        var (holder, refusal) = await desk.KnowAsync(context, offered);
        if (holder is null)
        {
            await NativeAnswer.RefuseAsync(context, refusal!);
            return;
        }
        if (SessionCookie.Of(context.Request) is { } former && sessions.Use(former) is { } left)
            await sessions.EndAsync([left.Session]);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = Address + "/current";
        await OpenAsync(context, holder);
    }

    /// <summary>A new session, and its cookie in the answer.</summary>
    private async Task OpenAsync(HttpContext context, SessionHolder holder)
    {
        var origin = Origin.Audit(context, "session.create", subject: null);
        var (session, secret) = await sessions.OpenAsync(holder, origin.Address, origin.UserAgent);
        await audit.AppendAsync(
            origin with
            {
                Who = holder.Caller,
                Subject = session.Id,
                After = SessionShapes.Told(sessions, session),
            }
        );
        SessionCookie.Set(context, secret);
        await WriteAsync(context, holder.Caller, session, SessionSecret.CsrfTokenOf(secret));
    }

    private Task ListAsync(HttpContext context)
    {
        var page = PageQuery.Read(context, out var query);
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);
        var caller = context.Features.Get<Caller>();
        return NativeAnswer.WriteAsync(
            context,
            page.Of(
                sessions
                    .All.Where(session => session.Caller == caller?.Id)
                    .OrderBy(static session => session.Id, StringComparer.Ordinal)
                    .Select(session => SessionShapes.Of(sessions, session)),
                static session => session.Id
            ),
            PeopleJson.Readable.AdminListSessionInfo
        );
    }

    private static Task ShowAsync(HttpContext context) =>
        context.Features.Get<SessionVisit>() is { } visit
            ? WriteAsync(context, visit.Caller, visit.Session, visit.CsrfToken)
            : WriteAsync(context, context.Features.Get<Caller>(), null, null);

    private async Task SignOutAsync(HttpContext context)
    {
        if (context.Features.Get<SessionVisit>() is { } visit)
            await EndAsync(context, visit.Session);
        SessionCookie.Clear(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task EndAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (
            sessions.Find(id) is not { } session
            || session.Caller != context.Features.Get<Caller>()?.Id
        )
        {
            await NativeAnswer.RefuseAsync(context, AdminErrors.NotFound("session", id));
            return;
        }
        await EndAsync(context, session);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task EndAsync(HttpContext context, Session session)
    {
        await sessions.EndAsync([session]);
        await audit.AppendAsync(
            Origin.Audit(
                context,
                "session.delete",
                session.Id,
                before: SessionShapes.Told(sessions, session)
            )
        );
    }

    private async Task ChangePasswordAsync(HttpContext context, PasswordWish wish)
    {
        if (context.Features.Get<SessionVisit>()?.Caller.User is not { } id)
        {
            await NativeAnswer.RefuseAsync(context, NoUser);
            return;
        }
        // Its end ends all sessions of the user; who changed it goes on in a new one.
        await passwords.ChangeOwnAsync(context, id, wish);
        if (passwords.HolderOf(id) is { } holder)
        {
            await OpenAsync(context, holder);
            return;
        }
        SessionCookie.Clear(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task WriteAsync(
        HttpContext context,
        Caller? caller,
        Session? session,
        string? csrfToken
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        return NativeAnswer.WriteAsync(
            context,
            new SignedInInfo
            {
                Id = session?.Id,
                Caller = caller?.Id,
                Name = caller?.Name,
                Role = caller is null ? null : RoleNames.Of(caller.Role),
                UserId = caller?.User,
                Teams = caller?.Teams ?? [],
                Permissions =
                [
                    .. Enum.GetValues<Permission>()
                        .Where(permission =>
                            permission > Permission.AnyCaller
                            && caller?.May(permission) is not false
                        )
                        .Select(PermissionNames.Of),
                ],
                CsrfToken = csrfToken,
            },
            PeopleJson.Readable.SignedInInfo
        );
    }

    /// <summary>Whoever signs in passes the gate unasked: what it asks against other sites' pages is asked here.</summary>
    private static GatewayError? WhyForeign(HttpRequest request) =>
        CrossSiteRules.IsForeign(request) ? CrossSiteRules.Foreign
        : LoopbackRules.IsJson(request.ContentType) ? null
        : LoopbackRules.NotJson;

    private static readonly GatewayError NoUser = new(
        GatewayErrorKind.InvalidRequest,
        "Only a user who signed in has a password to change; a key is replaced by rotating it."
    )
    {
        StatusOverride = StatusCodes.Status409Conflict,
        Code = "not_a_user",
    };
}
