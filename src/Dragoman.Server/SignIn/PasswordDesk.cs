using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Access.Sessions;
using Dragoman.Canonical;
using Dragoman.Native;
using Dragoman.Server.Admin;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.SignIn;

/// <summary>Sets passwords: one's own, which is asked for, or another's. Whoever has a new one signs in anew.</summary>
internal sealed class PasswordDesk(
    PeopleDesk people,
    Passwords passwords,
    SignInDesk desk,
    SessionHolders holders,
    IAuditTrail audit
)
{
    /// <exception cref="GatewayException">It is refused.</exception>
    public async Task ChangeOwnAsync(HttpContext context, string id, PasswordWish wish)
    {
        var user =
            people.Current.FindUser(id)
            ?? throw new GatewayException(AdminErrors.NotFound("user", id));
        if (await desk.ConfirmAsync(context, user, wish.Current!.Reveal()) is { } refusal)
        {
            // A try that was locked out says nothing new.
            if (refusal.Kind == GatewayErrorKind.Permission)
                await audit.AppendAsync(Origin.Audit(context, "user.password_fail", id));
            throw new GatewayException(refusal);
        }
        await SetAsync(context, who: null, user, wish);
    }

    /// <exception cref="PeopleRefusedException">It is refused.</exception>
    /// <exception cref="GatewayException">It is refused.</exception>
    public async Task SetAsync(HttpContext context, string id, PasswordWish wish)
    {
        var who = context.Features.Get<Caller>();
        var user = people.SeenUser(who, id);
        if (who?.User == id)
            throw new GatewayException(
                new GatewayError(
                    GatewayErrorKind.Permission,
                    "One's own password is changed at /api/sessions/current/password, which asks for the present one."
                )
                {
                    Code = "own_password",
                }
            );
        await SetAsync(context, who, user, wish);
    }

    /// <summary>The user as a holder of a session, as of now.</summary>
    public SessionHolder? HolderOf(string id) => holders.Find(User.CallerPrefix + id);

    /// <summary>What is wrong with a password for a user; null where it will do.</summary>
    public static GatewayError? WhyNot(SecretText password, User user) =>
        Passwords.WhyNot(password.Reveal(), user) is { } trouble
            ? new GatewayError(GatewayErrorKind.InvalidRequest, $"'password' {trouble}.")
            {
                Code = "password_too_weak",
                Param = "password",
            }
            : null;

    private async Task SetAsync(HttpContext context, Caller? who, User user, PasswordWish wish)
    {
        if (WhyNot(wish.Next, user) is { } trouble)
            throw new GatewayException(trouble);
        var hash = await passwords.HashAsync(wish.Next.Reveal());
        var (before, _) = await people.ChangeUserAsync(
            who,
            user.Id,
            now =>
                now.Stamp == user.Stamp
                    ? now with
                    {
                        PasswordHash = hash,
                    }
                    : throw new PeopleRefusedException(
                        AdminErrors.Conflict(
                            "changed_meanwhile",
                            "The user was changed meanwhile: try again."
                        )
                    )
        );
        await audit.AppendAsync(
            Origin.Audit(
                context,
                "user.password",
                user.Id,
                before.PasswordHash is null
                    ? """{"has_password":false}"""
                    : """{"has_password":true}""",
                """{"has_password":true}"""
            )
        );
    }
}

/// <summary>A new password, and, where it is one's own, the one before.</summary>
internal sealed record PasswordWish(SecretText Next, SecretText? Current)
{
    public static bool TryRead(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out PasswordWish? wish,
        out GatewayError? error
    ) => TryRead(body, isOwn: false, out wish, out error);

    public static bool TryReadOwn(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out PasswordWish? wish,
        out GatewayError? error
    ) => TryRead(body, isOwn: true, out wish, out error);

    private static bool TryRead(
        ReadOnlyMemory<byte> body,
        bool isOwn,
        out PasswordWish? wish,
        out GatewayError? error
    ) =>
        BodyMembers.TryRead(
            body,
            isOwn ? "{\"current_password\": \"…\", \"password\": \"…\"}" : "{\"password\": \"…\"}",
            isOwn ? ["current_password", "password"] : ["password"],
            members =>
            {
                var current = Secret(members, "current_password", isAsked: isOwn);
                return Secret(members, "password", isAsked: true) is { } next
                    ? new PasswordWish(next, current)
                    : null;
            },
            out wish,
            out error
        );

    private static SecretText? Secret(BodyMembers members, string name, bool isAsked)
    {
        if (isAsked && members.Text(name) is { } text)
            return new SecretText(text);
        if (isAsked)
            members.Fail($"'{name}' must be a text.", name);
        return null;
    }
}
