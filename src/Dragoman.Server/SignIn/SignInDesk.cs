using Dragoman.Access.Auditing;
using Dragoman.Access.People;
using Dragoman.Access.Sessions;
using Dragoman.Canonical;
using Dragoman.Server.Admin;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.SignIn;

/// <summary>
/// Signs people in, by key or by e-mail and password. Wrong tries are counted, locked out and noted; which of the two was wrong, or
/// whether there is such a user, is not told.
/// </summary>
internal sealed class SignInDesk(
    PeopleBook people,
    SessionHolders holders,
    Passwords passwords,
    SignInLimits limits,
    FailedSignIns failures
)
{
    /// <summary>Who that is, or why they are not let in.</summary>
    public async Task<(SessionHolder? Holder, GatewayError? Refusal)> KnowAsync(
        HttpContext context,
        Credentials offered
    )
    {
        var address = AddressOf(context);
        // A right key is let in whatever others tried: nobody guesses one, and so nobody is to be locked out with theirs.
        var holder = offered.Key is { } key
            ? holders.OfKey(key, context.Connection.RemoteIpAddress)
            : null;
        if (holder is not null)
            return (holder, null);
        if (limits.Try(offered.Email, address) is { } wait)
            return (null, await RefuseAsync(context, offered, Locked(wait)));
        if (offered.Key is null)
            holder = await OfPasswordAsync(offered.Email!, offered.Password!);
        if (holder is null)
            return (null, await RefuseAsync(context, offered, Wrong(offered)));
        limits.Succeeded(offered.Email, address);
        return (holder, null);
    }

    /// <summary>Whether somebody who is signed in knows their password; counted as a sign-in is.</summary>
    public async Task<GatewayError?> ConfirmAsync(HttpContext context, User user, string password)
    {
        var (name, address) = (user.Email ?? user.CallerId, AddressOf(context));
        if (limits.Try(name, address) is { } wait)
            return Locked(wait);
        if (!await passwords.IsRightAsync(user, password))
            return new GatewayError(
                GatewayErrorKind.Permission,
                "The password you have now is not the one you sent."
            )
            {
                Code = "wrong_password",
                Param = "current_password",
            };
        limits.Succeeded(name, address);
        return null;
    }

    private async Task<SessionHolder?> OfPasswordAsync(string email, string password)
    {
        var user = people.Current.FindByEmail(email);
        if (!await passwords.IsRightAsync(user, password))
            return null;
        // As it is by now: it may have been disabled, or its password changed, while this was worked out.
        return holders.Find(user!.CallerId) is { } holder && holder.Stamp == user.Stamp
            ? holder
            : null;
    }

    private async Task<GatewayError> RefuseAsync(
        HttpContext context,
        Credentials offered,
        GatewayError refusal
    )
    {
        // Only a name that is somebody's is kept: people type their password in the wrong box.
        var subject = offered.Email is { } email
            ? people.Current.FindByEmail(email)?.CallerId
            : null;
        await failures.NoteAsync(
            Origin.Audit(context, "session.fail", subject) with
            {
                Who = null,
                Source = "nobody",
            }
        );
        return refusal;
    }

    private static GatewayError Wrong(Credentials offered) =>
        new(
            GatewayErrorKind.Authentication,
            offered.Key is null
                ? "E-mail or password is wrong, or the user may not sign in."
                : "The key is not one of this server's, or is not in force."
        )
        {
            Code = "sign_in_failed",
        };

    private static GatewayError Locked(TimeSpan wait) =>
        new(
            GatewayErrorKind.RateLimited,
            $"There were too many wrong tries: wait {Math.Ceiling(wait.TotalMinutes):0} minutes."
        )
        {
            Code = "sign_in_locked",
            RetryAfter = wait,
        };

    /// <summary>Of IPv6 the network: whoever has one has all its addresses.</summary>
    private static string AddressOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}

/// <summary>What somebody signs in with: a key, or an e-mail and a password.</summary>
internal sealed record Credentials
{
    /// <summary>No address is longer (RFC 5321, 4.5.3.1.3); names that were tried are kept a while.</summary>
    private const int LongestEmail = 254;

    private const string Example =
        "{\"email\": \"anna@example.com\", \"password\": \"…\"} or {\"key\": \"sk-dm-…\"}";

    private static readonly string[] Members = ["key", "email", "password"];

    public string? Key { get; init; }

    /// <summary>In small letters.</summary>
    public string? Email { get; init; }
    public string? Password { get; init; }

    public static bool TryRead(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out Credentials? credentials,
        out GatewayError? error
    ) =>
        Dragoman.Native.BodyMembers.TryRead(
            body,
            Example,
            Members,
            static members =>
            {
                var read = new Credentials
                {
                    Key = members.Text("key"),
                    Email = members.Text("email")?.Trim().ToLowerInvariant(),
                    Password = members.Text("password"),
                };
                if (
                    read.Key is null
                        ? read.Email is null || read.Password is null
                        : read.Email is not null || read.Password is not null
                )
                    members.Fail("Send either 'key', or 'email' and 'password'.", null);
                else if (read.Email?.Length > LongestEmail)
                    members.Fail($"'email' has at most {LongestEmail} characters.", "email");
                return read;
            },
            out credentials,
            out error
        );

    /// <summary>A record prints its members; this one holds secrets.</summary>
    public override string ToString() => "***";
}
