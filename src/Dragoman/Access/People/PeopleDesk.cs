using Dragoman.Access.Sessions;
using Dragoman.Canonical;

namespace Dragoman.Access.People;

/// <summary>
/// Where users, teams and workspaces are made and changed, one change at a time. Whoever may not, or asks for what cannot be, is
/// refused by a <see cref="PeopleRefusedException"/>, and nothing is changed.
/// </summary>
/// <param name="book">What holds.</param>
/// <param name="keys">The keys there are: what they belong to stays.</param>
/// <param name="time">Tells the time.</param>
internal sealed partial class PeopleDesk(
    PeopleBook book,
    Func<IEnumerable<VirtualKey>> keys,
    TimeProvider time
)
{
    public Roster Current => book.Current;

    /// <summary>Makes a user like this; times and version are given here.</summary>
    public async Task<User> AddUserAsync(
        Caller? who,
        User like,
        CancellationToken cancellationToken = default
    )
    {
        var now = Now();
        var user = like with { CreatedAt = now, UpdatedAt = now, Version = 1 };
        await ChangeAsync(
            roster =>
            {
                if (roster.FindUser(user.Id) is not null)
                    throw Taken("user", user.Id);
                CheckUser(roster, who, null, user);
                // Keys can be older than the user they name: they are an admin's to give away.
                if (who is not null and not { Role: Role.Admin })
                    RefuseUsed("user", user.Id, KeysWhere(key => key.User == user.Id));
                return new PeopleChange { PutUsers = [user] };
            },
            cancellationToken
        );
        return user;
    }

    /// <summary>Puts other values in a user; both, before and after.</summary>
    /// <param name="who">Who changes it.</param>
    /// <param name="id">Which.</param>
    /// <param name="change">Gives it its new values; it may throw where it is not as it was read.</param>
    /// <param name="cancellationToken">Gives it up before it is done.</param>
    public async Task<(User Before, User After)> ChangeUserAsync(
        Caller? who,
        string id,
        Func<User, User> change,
        CancellationToken cancellationToken = default
    )
    {
        (User Before, User After) done = default;
        await ChangeAsync(
            roster =>
            {
                var before = SeenUser(roster, who, id);
                done = (before, Next(before, change(before)));
                CheckUser(roster, who, before, done.After);
                return new PeopleChange { PutUsers = [done.After] };
            },
            cancellationToken
        );
        return done;
    }

    /// <summary>Takes a user out. Whose keys there are is not: these would be nobody's.</summary>
    public async Task<User> DropUserAsync(
        Caller? who,
        string id,
        Action<User> check,
        CancellationToken cancellationToken = default
    )
    {
        User? dropped = null;
        await ChangeAsync(
            roster =>
            {
                dropped = SeenUser(roster, who, id);
                check(dropped);
                Refuse(new PeopleReach(roster, who).WhyNot(dropped, (User?)null));
                RefuseUsed("user", id, KeysWhere(key => key.User == id));
                return new PeopleChange { DropUsers = [dropped] };
            },
            cancellationToken
        );
        return dropped!;
    }

    /// <summary>The user of an id, as far as somebody sees.</summary>
    public User SeenUser(Caller? who, string id) => SeenUser(book.Current, who, id);

    private static User SeenUser(Roster roster, Caller? who, string id) =>
        roster.FindUser(id) is { } user && new PeopleReach(roster, who).Sees(user)
            ? user
            : throw Missing("user", id);

    private User Next(User before, User after)
    {
        var isOther =
            after.Role != before.Role
            || after.IsDisabled != before.IsDisabled
            || after.Email != before.Email
            || !Equals(after.PasswordHash, before.PasswordHash);
        return after with
        {
            Stamp = isOther ? NewStamp() : before.Stamp,
            UpdatedAt = Now(),
            Version = before.Version + 1,
        };
    }

    public static string NewStamp() => SessionSecret.NewId("");

    private static void CheckUser(Roster roster, Caller? who, User? before, User after)
    {
        foreach (var membership in after.Teams)
            if (roster.FindTeam(membership.Team) is null)
                throw Unknown("teams", "team", membership.Team);
        Refuse(new PeopleReach(roster, who).WhyNot(before, after));
        if (
            after.Email is { } email
            && roster.FindByEmail(email) is { } other
            && other.Id != after.Id
        )
            throw new PeopleRefusedException(
                Conflict("email_taken", "Another user has that e-mail.", "email")
            );
    }

    private async Task ChangeAsync(
        Func<Roster, PeopleChange> make,
        CancellationToken cancellationToken
    )
    {
        if (!await book.ChangeAsync(make, cancellationToken))
            throw new PeopleRefusedException(
                Conflict(
                    "changed_meanwhile",
                    "Another process changed this at the same time: read it again, and try again.",
                    null
                )
            );
    }

    private IEnumerable<string> KeysWhere(Func<VirtualKey, bool> isMeant) =>
        keys()
            .Where(key => key.RevokedAt is null && isMeant(key))
            .Select(static key => $"key {key.Id} ({key.Name})");

    private static void RefuseUsed(string what, string id, IEnumerable<string> users)
    {
        const int MostNamed = 20;
        var named = users.Take(MostNamed + 1).ToList();
        if (named.Count == 0)
            return;
        var shown = string.Join(", ", named.Take(MostNamed));
        throw new PeopleRefusedException(
            Conflict(
                "in_use",
                $"The {what} '{id}' is still needed by: {shown}{(named.Count > MostNamed ? " and others" : "")}.",
                "id"
            )
        );
    }

    private static void Refuse(GatewayError? error)
    {
        if (error is not null)
            throw new PeopleRefusedException(error);
    }

    /// <summary>As exact as it is kept.</summary>
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static PeopleRefusedException Missing(string what, string id) =>
        new(
            new GatewayError(
                GatewayErrorKind.NotFound,
                $"There is no {what} '{(id.Length > 64 ? id[..64] + "…" : id)}'."
            )
            {
                Code = "not_found",
                Param = "id",
            }
        );

    private static PeopleRefusedException Unknown(string field, string what, string id) =>
        new(
            new GatewayError(GatewayErrorKind.InvalidRequest, $"There is no {what} '{id}'.")
            {
                Code = "invalid_request",
                Param = field,
            }
        );

    private static PeopleRefusedException Taken(string what, string id) =>
        new(Conflict("already_exists", $"There is a {what} '{id}' already.", "id"));

    private static GatewayError Conflict(string code, string message, string? param) =>
        new(GatewayErrorKind.InvalidRequest, message)
        {
            StatusOverride = 409,
            Code = code,
            Param = param,
        };
}

/// <summary>Why people were not changed.</summary>
internal sealed class PeopleRefusedException(GatewayError error) : Exception(error.Message)
{
    public GatewayError Error => error;
}
