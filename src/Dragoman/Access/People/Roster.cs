using System.Collections.Immutable;
using Dragoman.Canonical;

namespace Dragoman.Access.People;

/// <summary>All users, teams and workspaces at one moment. Immutable; found by id, and users by e-mail too.</summary>
internal sealed class Roster
{
    public static readonly Roster Empty = new([], [], []);

    private readonly ImmutableSortedDictionary<string, SignedUser> _users;
    private readonly ImmutableDictionary<string, string> _byEmail;
    private readonly ImmutableSortedDictionary<string, Team> _teams;
    private readonly ImmutableSortedDictionary<string, Workspace> _workspaces;

    public Roster(
        IEnumerable<User> users,
        IEnumerable<Team> teams,
        IEnumerable<Workspace> workspaces
    )
        : this(
            users.ToImmutableSortedDictionary(
                static user => user.Id,
                static user => new SignedUser(user),
                StringComparer.Ordinal
            ),
            teams.ToImmutableSortedDictionary(
                static team => team.Id,
                static team => team,
                StringComparer.Ordinal
            ),
            workspaces.ToImmutableSortedDictionary(
                static workspace => workspace.Id,
                static workspace => workspace,
                StringComparer.Ordinal
            )
        ) { }

    private Roster(
        ImmutableSortedDictionary<string, SignedUser> users,
        ImmutableSortedDictionary<string, Team> teams,
        ImmutableSortedDictionary<string, Workspace> workspaces
    )
    {
        (_users, _teams, _workspaces) = (users, teams, workspaces);
        _byEmail = users
            .Values.Where(static one => one.User.Email is not null)
            .ToImmutableDictionary(
                static one => one.User.Email!,
                static one => one.User.Id,
                StringComparer.Ordinal
            );
    }

    /// <summary>In the order of their ids.</summary>
    public IEnumerable<User> Users => _users.Values.Select(static one => one.User);

    /// <summary>In the order of their ids.</summary>
    public IEnumerable<Team> Teams => _teams.Values;

    /// <summary>In the order of their ids.</summary>
    public IEnumerable<Workspace> Workspaces => _workspaces.Values;

    public User? FindUser(string id) => _users.GetValueOrDefault(id)?.User;

    public Team? FindTeam(string id) => _teams.GetValueOrDefault(id);

    public Workspace? FindWorkspace(string id) => _workspaces.GetValueOrDefault(id);

    /// <param name="email">In small letters.</param>
    public User? FindByEmail(string email) =>
        _byEmail.TryGetValue(email, out var id) ? _users[id].User : null;

    /// <summary>The caller that a user is when signed in; null where there is none, or it is disabled. The same object until the user changes.</summary>
    public Caller? CallerOf(string userId) =>
        _users.GetValueOrDefault(userId) is { User.IsDisabled: false } known ? known.Caller : null;

    public IEnumerable<User> MembersOf(string team) =>
        Users.Where(user => user.Teams.Any(membership => membership.Team == team));

    /// <summary>
    /// The teams that a caller looks after: a manager's own, as the user says now; those of a key that is a team's and nobody's.
    /// </summary>
    public IReadOnlyCollection<string> ManagedBy(Caller caller) =>
        caller.Role != Role.Manager ? []
        : caller.User is { } id
            ? FindUser(id) is { IsDisabled: false, Role: Role.Manager or Role.Admin } user
                    ? [.. user.Managed]
                : []
        : [.. caller.Teams];

    /// <summary>
    /// Why a key does not count for its owner's sake: a user who is disabled, or whose role is less by now than the key's. Null where it
    /// does, or belongs to nobody who is known here.
    /// </summary>
    public GatewayError? WhyNot(VirtualKey key) =>
        key.User is null || FindUser(key.User) is not { } owner ? null
        : owner.IsDisabled
            ? new GatewayError(
                GatewayErrorKind.Authentication,
                $"The API key '{key.Name}' belongs to a user who is disabled."
            )
            {
                Code = "key_owner_disabled",
            }
        : LooksAfterMore(owner, key)
            ? new GatewayError(
                GatewayErrorKind.Permission,
                $"The API key '{key.Name}' looks after the team '{key.Team}', which its owner does not."
            )
            {
                Code = "key_above_owner",
            }
        : RoleTable.Includes(owner.Role, key.Role) ? null
        : new GatewayError(
            GatewayErrorKind.Permission,
            $"The API key '{key.Name}' has the role {RoleNames.Of(key.Role)}, which is more than its owner's, {RoleNames.Of(owner.Role)}."
        )
        {
            Code = "key_above_owner",
        };

    private static bool LooksAfterMore(User owner, VirtualKey key) =>
        key is { Role: Role.Manager, Team: { } team }
        && owner.Role == Role.Manager
        && !owner.Managed.Contains(team, StringComparer.Ordinal);

    /// <summary>The same with a change that was kept.</summary>
    public Roster With(PeopleChange change) =>
        new(
            _users
                .RemoveRange(change.DropUsers.Select(static user => user.Id))
                .SetItems(
                    change.PutUsers.Select(user =>
                        KeyValuePair.Create(
                            user.Id,
                            new SignedUser(user, _users.GetValueOrDefault(user.Id)?.Caller.Life)
                        )
                    )
                ),
            _teams
                .RemoveRange(change.DropTeams.Select(static team => team.Id))
                .SetItems(
                    change.PutTeams.Select(static team => KeyValuePair.Create(team.Id, team))
                ),
            _workspaces
                .RemoveRange(change.DropWorkspaces.Select(static one => one.Id))
                .SetItems(
                    change.PutWorkspaces.Select(static one => KeyValuePair.Create(one.Id, one))
                )
        );

    /// <summary>Ends what users who were signed in under this roster still have under way, where by the next they may not.</summary>
    public void CutWhoMayNot(Roster next)
    {
        foreach (var (id, former) in _users)
            if (
                former.Caller.Life is { IsHeld: true, End: null } life
                && next.CallerOf(id)?.May(Permission.CallModels) is not true
            )
                life.Cut(NoMore);
    }

    private static readonly GatewayError NoMore = new(
        GatewayErrorKind.Authentication,
        "The user who asked may not any more."
    )
    {
        Code = "user_disabled",
    };

    private sealed class SignedUser(User user, Lifeline? life = null)
    {
        public User User => user;

        public Caller Caller { get; } =
            new()
            {
                Id = user.CallerId,
                Name = user.Name,
                Role = user.Role,
                User = user.Id,
                Teams = [.. user.Teams.Select(static membership => membership.Team)],
                Managed = [.. user.Managed],
                // Who comes back begins anew.
                Life = life is { End: null } && !user.IsDisabled ? life : new Lifeline(),
            };
    }
}
