using Dragoman.Canonical;

namespace Dragoman.Access.People;

/// <summary>
/// How far a caller reaches among people: admins and viewers to all, managers to the teams they look after. Nobody gives away more
/// than they have, and nobody changes their own standing.
/// </summary>
internal sealed class PeopleReach
{
    private readonly Caller? _by;
    private readonly IReadOnlyCollection<string> _managed;

    /// <param name="roster">What holds now.</param>
    /// <param name="by">Who asks; null is this machine, on an open server.</param>
    public PeopleReach(Roster roster, Caller? by)
    {
        _by = by;
        _managed = by is null ? [] : roster.ManagedBy(by);
    }

    /// <summary>Everybody is within reach.</summary>
    public bool IsAll => _by is null or { Role: Role.Admin or Role.Viewer };

    public bool Sees(User user) =>
        IsAll || user.Teams.Any(membership => _managed.Contains(membership.Team));

    public bool Sees(Team team) => IsAll || _managed.Contains(team.Id);

    public bool Sees(Workspace workspace) =>
        IsAll || (workspace.Team is { } team && _managed.Contains(team));

    /// <summary>Whether a manager answers for all of a user: every team of theirs is one of the own, and their role is no higher.</summary>
    public bool Holds(User user) =>
        IsAll
        || (
            user.Teams.Count > 0
            && user.Teams.All(membership => _managed.Contains(membership.Team))
            && RoleTable.Includes(_by!.Role, user.Role)
        );

    /// <summary>Why a user may not be made (no one before), changed or taken away (no one after); null where that is right.</summary>
    public GatewayError? WhyNot(User? before, User? after)
    {
        if (
            before is not null
            && _by?.User == before.Id
            && (after is null || after.IsDisabled || after.Role != before.Role)
        )
            return Refused(
                "own_standing",
                "Nobody changes their own role, disables or deletes themselves: another one must do it."
            );
        if (IsAll)
            return null;
        if (after is not null && !RoleTable.Includes(_by!.Role, after.Role))
            return Refused(
                "role_too_high",
                $"A {RoleNames.Of(_by.Role)} cannot give the role {RoleNames.Of(after.Role)}, which may do more."
            );
        if (before is null)
            return after!.Teams.Count == 0 ? Outside("a user of no team")
                : ForeignTeam(after.Teams) is { } foreign ? Outside($"the team '{foreign}'")
                : null;
        if (ForeignTeam(Differences(before, after)) is { } other)
            return Outside($"the team '{other}'");
        return Holds(before) || (after is not null && OnlyTeamsDiffer(before, after))
            ? null
            : Refused(
                "outside_own_teams",
                $"'{before.Id}' is in teams that you do not look after, or has a role above yours: you may only change that they belong to yours."
            );
    }

    /// <summary>The same of a team: managers change their own, and make or delete none.</summary>
    public GatewayError? WhyNot(Team? before, Team? after) =>
        IsAll ? null
        : before is null || after is null
            ? Refused("admins_only", "Only an admin makes and deletes teams.")
        : _managed.Contains(before.Id) ? null
        : Outside($"the team '{before.Id}'");

    /// <summary>The same of a workspace: it must be of an own team, before and after.</summary>
    public GatewayError? WhyNot(Workspace? before, Workspace? after) =>
        IsAll ? null
        : before is not null && !Sees(before) ? Outside($"the workspace '{before.Id}'")
        : after is null || Sees(after) ? null
        : Outside(after.Team is null ? "a workspace of no team" : $"the team '{after.Team}'");

    private string? ForeignTeam(IEnumerable<Membership> memberships) =>
        memberships
            .Select(static membership => membership.Team)
            .FirstOrDefault(team => !_managed.Contains(team));

    private static IEnumerable<Membership> Differences(User before, User? after) =>
        after is null
            ? []
            : before.Teams.Except(after.Teams).Concat(after.Teams.Except(before.Teams));

    private static bool OnlyTeamsDiffer(User before, User after) =>
        after with
        {
            Teams = before.Teams,
            Stamp = before.Stamp,
            Version = before.Version,
            UpdatedAt = before.UpdatedAt,
        } == before;

    private static GatewayError Outside(string what) =>
        Refused(
            "outside_own_teams",
            $"You are a manager, and {what} is not one of those you look after."
        );

    private static GatewayError Refused(string code, string message) =>
        new(GatewayErrorKind.Permission, message) { Code = code };
}
