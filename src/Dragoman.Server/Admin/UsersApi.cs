using System.Text.Json;
using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Administration;
using Dragoman.Canonical;
using Dragoman.Server.Native;
using Dragoman.Server.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Dragoman.Server.Admin.PeopleAnswer;

namespace Dragoman.Server.Admin;

/// <summary><c>/api/admin/users</c>: who may sign in. Managers see and change those of their teams.</summary>
internal sealed class UsersApi(
    PeopleDesk people,
    Passwords hashes,
    PasswordDesk passwords,
    IAuditTrail audit,
    NativePost posts
)
{
    private const string Address = "/api/admin/users";

    private static readonly string[] Filters = [.. PageQuery.Names, "role", "team_id", "email"];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map(
            Address,
            new AdminAddress(posts)
                .Get(Of(ListAsync))
                .Post<UserWish>(ReadNew, Of<UserWish>(MakeAsync))
                .Answer
        );
        endpoints.Map(
            Address + "/{id}",
            new AdminAddress(posts)
                .Get(Of(ShowAsync))
                .Put<UserWish>(ReadChanged, Of<UserWish>(ChangeAsync))
                .Delete(Of(DeleteAsync))
                .Answer
        );
        endpoints.Map(
            Address + "/{id}/password",
            new AdminAddress(posts)
                .Post<PasswordWish>(PasswordWish.TryRead, Of<PasswordWish>(SetPasswordAsync))
                .Answer
        );
    }

    private Task ListAsync(HttpContext context)
    {
        var query = new QueryParameters(context.Request.Query, Filters);
        var page = PageQuery.Read(query);
        var role = query.OneOf("role", RoleNames.All) is { } word ? RoleNames.Find(word) : null;
        var (team, email) = (query.Text("team_id"), query.Text("email")?.ToLowerInvariant());
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);
        var roster = people.Current;
        var reach = new PeopleReach(roster, CallerOf(context));
        return NativeAnswer.WriteAsync(
            context,
            page.Of(
                roster
                    .Users.Where(reach.Sees)
                    .Where(user =>
                        (role is null || user.Role == role)
                        && (team is null || user.Teams.Any(one => one.Team == team))
                        && (email is null || user.Email == email)
                    )
                    .Select(UserInfo.Of),
                static user => user.Id
            ),
            PeopleJson.Readable.AdminListUserInfo
        );
    }

    private Task ShowAsync(HttpContext context)
    {
        var user = people.SeenUser(CallerOf(context), IdOf(context));
        EntityTags.Write(context.Response, MarkOf(user.Version));
        return WriteAsync(context, user);
    }

    private async Task MakeAsync(HttpContext context, UserWish wish)
    {
        var like = Onto(
            new User
            {
                Id = wish.Id ?? FreeId(wish),
                Name = wish.Name,
                Role = wish.Role,
                Stamp = PeopleDesk.NewStamp(),
                CreatedAt = default,
                UpdatedAt = default,
            },
            wish
        );
        if (wish.Password is { } password)
        {
            if (PasswordDesk.WhyNot(password, like) is { } weak)
                throw new PeopleRefusedException(weak);
            like = like with { PasswordHash = await hashes.HashAsync(password.Reveal()) };
        }
        var user = await people.AddUserAsync(CallerOf(context), like, context.RequestAborted);
        await audit.AppendAsync(Origin.Audit(context, "user.create", user.Id, after: Told(user)));
        Created(context, Address, user.Id, user.Version);
        await WriteAsync(context, user);
    }

    private async Task ChangeAsync(HttpContext context, UserWish wish)
    {
        CheckId(context, wish.Id);
        var (before, after) = await people.ChangeUserAsync(
            CallerOf(context),
            IdOf(context),
            user =>
            {
                CheckMark(context, user.Version);
                return Onto(user, wish);
            },
            context.RequestAborted
        );
        await audit.AppendAsync(
            Origin.Audit(context, "user.update", after.Id, Told(before), Told(after))
        );
        EntityTags.Write(context.Response, MarkOf(after.Version));
        await WriteAsync(context, after);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var user = await people.DropUserAsync(
            CallerOf(context),
            IdOf(context),
            user => CheckMarkIfSent(context, user.Version),
            context.RequestAborted
        );
        await audit.AppendAsync(Origin.Audit(context, "user.delete", user.Id, before: Told(user)));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task SetPasswordAsync(HttpContext context, PasswordWish wish)
    {
        await passwords.SetAsync(context, IdOf(context), wish);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>E.g. <c>anna</c> of anna@example.com; with a number where that is somebody's already.</summary>
    private string FreeId(UserWish wish)
    {
        var said =
            (wish.Email is { } email ? PeopleReader.IdOf(email.Split('@')[0]) : null)
            ?? PeopleReader.IdOf(wish.Name)
            ?? "user";
        var id = said;
        for (var i = 2; people.Current.FindUser(id) is not null; i++)
            id = FormattableString.Invariant($"{said}-{i}");
        return id;
    }

    private static User Onto(User user, UserWish wish) =>
        user with
        {
            Name = wish.Name,
            Email = wish.Email,
            Role = wish.Role,
            Teams = wish.Teams,
            IsDisabled = wish.IsDisabled,
        };

    private static Task WriteAsync(HttpContext context, User user) =>
        NativeAnswer.WriteAsync(context, UserInfo.Of(user), PeopleJson.Readable.UserInfo);

    private static string Told(User user) =>
        JsonSerializer.Serialize(UserInfo.Of(user), PeopleJson.Readable.UserInfo);

    private static bool ReadNew(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out UserWish? wish,
        out GatewayError? error
    ) => PeopleReader.TryReadUser(body, isNew: true, out wish, out error);

    private static bool ReadChanged(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out UserWish? wish,
        out GatewayError? error
    ) => PeopleReader.TryReadUser(body, isNew: false, out wish, out error);
}
