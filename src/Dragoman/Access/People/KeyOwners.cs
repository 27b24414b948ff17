using Dragoman.Canonical;

namespace Dragoman.Access.People;

/// <summary>
/// Whose a key may be, beyond what its maker's role gives: a key acts for its user, so whoever has its secret has what the user has.
/// </summary>
internal static class KeyOwners
{
    /// <summary>Why somebody may not make a key, or have its secret, with these owners; null where they may.</summary>
    /// <param name="roster">Who there is.</param>
    /// <param name="by">Who asks; null is this machine.</param>
    /// <param name="before">The key as it is; null where it is new.</param>
    /// <param name="after">The key as it would be.</param>
    public static GatewayError? WhyNot(
        Roster roster,
        Caller? by,
        VirtualKey? before,
        VirtualKey after
    ) =>
        Unknown(roster, by, before, after)
        ?? (by is null or { Role: Role.Admin } ? null : Detached(by, before, after))
        ?? (
            by is { Role: Role.Manager } && after.User is { } user && user != by.User
                ? OfAnother(roster, by, user, after)
                : null
        );

    /// <summary>An id that is nobody's yet would be the key's whose it becomes. What a key has already it keeps.</summary>
    private static GatewayError? Unknown(
        Roster roster,
        Caller? by,
        VirtualKey? before,
        VirtualKey after
    ) =>
        after.User is { } user
        && user != before?.User
        && user != by?.User
        && roster.FindUser(user) is null
            ? Missing("user_id", "user", user)
        : after.Team is { } team
        && team != before?.Team
        && by?.Teams.Contains(team, StringComparer.Ordinal) is not true
        && roster.FindTeam(team) is null
            ? Missing("team_id", "team", team)
        : after.Workspace is { } workspace
        && workspace != before?.Workspace
        && roster.FindWorkspace(workspace) is null
            ? Missing("workspace_id", "workspace", workspace)
        : null;

    /// <summary>What a team's limits and budgets bound is not let out of them by who is bounded.</summary>
    private static GatewayError? Detached(Caller by, VirtualKey? before, VirtualKey after) =>
        after.Team is null && by.Teams.Count > 0 && before is null or { Team: not null }
            ? Denied(
                $"Your keys count for a team of yours: 'team_id' must be one of {string.Join(", ", by.Teams)}.",
                "team_id"
            )
            : null;

    /// <summary>With a key that only calls, a manager has the user's name and nothing of theirs; with any other, all that they have.</summary>
    private static GatewayError? OfAnother(Roster roster, Caller by, string id, VirtualKey key)
    {
        var reach = new PeopleReach(roster, by);
        return
            roster.FindUser(id) is { } user
            && user.Teams.Any(membership => membership.Team == key.Team)
            && (key.Role == Role.Inference ? reach.Sees(user) : reach.Holds(user))
            ? null
            : Denied(
                $"'{id}' is not somebody whom you look after in the team of the key and in all others, or has a role above yours.",
                "user_id"
            );
    }

    private static GatewayError Missing(string field, string what, string id) =>
        new(GatewayErrorKind.InvalidRequest, $"There is no {what} '{id}'.")
        {
            Code = "invalid_request",
            Param = field,
        };

    private static GatewayError Denied(string message, string field) =>
        new(GatewayErrorKind.Permission, message) { Code = "permission_denied", Param = field };
}
