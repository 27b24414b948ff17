using Dragoman.Canonical;

namespace Dragoman.Access;

/// <summary>How far a caller's permissions reach: whose usage they see, and which keys they see and change.</summary>
internal sealed class Reach(KeyBook book)
{
    private static readonly Role[] MembersGive = [Role.Inference, Role.Member];
    private static readonly Role[] ManagersGive = [Role.Inference, Role.Member, Role.Manager];

    /// <summary>What usage records call the callers whose usage somebody sees; null is everybody's.</summary>
    public IReadOnlyList<string>? CallersOf(Caller? caller)
    {
        if (caller is null or { Role: Role.Admin or Role.Viewer })
            return null;
        List<string> callers = [caller.Id];
        if (caller.Role == Role.Inference)
            return callers;
        if (caller.User is { } user)
            callers.Add("user:" + user);
        foreach (var entry in book.Entries)
            if (entry.Key.Id != caller.Id && Sees(caller, entry.Key))
                callers.Add(entry.Key.Id);
        return callers;
    }

    /// <summary>Whether somebody sees a key: admins and viewers all, managers those of their teams, everybody their own.</summary>
    public static bool Sees(Caller? caller, VirtualKey key) =>
        caller is null or { Role: Role.Admin or Role.Viewer }
        || key.Id == caller.Id
        || (key.User is not null && key.User == caller.User)
        || (
            caller.Role == Role.Manager
            && key.Team is not null
            && caller.ManagedTeams.Contains(key.Team, StringComparer.Ordinal)
        );

    /// <summary>Why somebody may not make or have a key be like this; null where they may.</summary>
    public static GatewayError? WhyNotGive(Caller? caller, VirtualKey key)
    {
        if (caller is null or { Role: Role.Admin })
            return null;
        if (IsBound(caller))
            return Denied(
                "This key is bound (to models, names, providers, addresses, a workspace, a tier, tags or a time): it cannot make or change keys, which might be less so.",
                null
            );
        var given = caller.Role == Role.Manager ? ManagersGive : MembersGive;
        if (!given.Contains(key.Role))
            return Denied(
                $"The role {Word(caller.Role)} gives keys the roles {string.Join(", ", given.Select(Word))} only, not {Word(key.Role)}.",
                "role"
            );
        if (key.Team is { } team && !caller.Teams.Contains(team, StringComparer.Ordinal))
            return Denied($"The team '{team}' is not one of yours.", "team_id");
        if (
            key is { Role: Role.Manager, Team: { } looked }
            && !caller.ManagedTeams.Contains(looked, StringComparer.Ordinal)
        )
            return Denied(
                $"You do not look after the team '{looked}': no key of yours may.",
                "role"
            );
        if (key.User is not null && key.User == caller.User)
            return null;
        if (caller.Role != Role.Manager)
            return Denied(
                caller.User is { } user
                    ? $"A member's keys are their own: 'user_id' must be '{user}'."
                    : "This key belongs to no user, and so it can make none for one.",
                "user_id"
            );
        return key.Team is null || !caller.ManagedTeams.Contains(key.Team, StringComparer.Ordinal)
            ? Denied(
                $"A manager's keys are their own or their teams': 'team_id' must be one of {Listed(caller.ManagedTeams)}.",
                "team_id"
            )
            : null;
    }

    private static bool IsBound(Caller caller) =>
        caller.Key is { } key
        && (
            key.Access is not null
            || key.Addresses is not null
            || key.Workspace is not null
            || key.Tier is not null
            || key.Tags is not null
            || key.ExpiresAt is not null
        );

    private static string Listed(IReadOnlyList<string> names) =>
        names.Count == 0 ? "none" : string.Join(", ", names);

    private static string Word(Role role) => role.ToString().ToLowerInvariant();

    private static GatewayError Denied(string message, string? field) =>
        new(GatewayErrorKind.Permission, message) { Code = "permission_denied", Param = field };
}
