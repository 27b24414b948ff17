namespace Dragoman.Access.People;

/// <summary>Teams and workspaces.</summary>
internal sealed partial class PeopleDesk
{
    /// <summary>Makes a team; whom <paramref name="members"/> names belong to it.</summary>
    public async Task<Team> AddTeamAsync(
        Caller? who,
        Team like,
        IReadOnlyDictionary<string, bool>? members,
        CancellationToken cancellationToken = default
    )
    {
        var now = Now();
        var team = like with { CreatedAt = now, UpdatedAt = now, Version = 1 };
        await ChangeAsync(
            roster =>
            {
                if (roster.FindTeam(team.Id) is not null)
                    throw Taken("team", team.Id);
                Refuse(new PeopleReach(roster, who).WhyNot((Team?)null, team));
                return new PeopleChange
                {
                    PutTeams = [team],
                    PutUsers = Moved(roster, who, team.Id, members),
                };
            },
            cancellationToken
        );
        return team;
    }

    /// <summary>Puts other values in a team, and other members where these are said.</summary>
    public async Task<(Team Before, Team After)> ChangeTeamAsync(
        Caller? who,
        string id,
        Func<Team, Team> change,
        IReadOnlyDictionary<string, bool>? members,
        CancellationToken cancellationToken = default
    )
    {
        (Team Before, Team After) done = default;
        await ChangeAsync(
            roster =>
            {
                var before = SeenTeam(roster, who, id);
                done = (
                    before,
                    change(before) with
                    {
                        UpdatedAt = Now(),
                        Version = before.Version + 1,
                    }
                );
                Refuse(new PeopleReach(roster, who).WhyNot(before, done.After));
                return new PeopleChange
                {
                    PutTeams = [done.After],
                    PutUsers = Moved(roster, who, id, members),
                };
            },
            cancellationToken
        );
        return done;
    }

    /// <summary>
    /// Takes a team out. One that has members, workspaces or keys is not; told to <paramref name="detach"/>, members and workspaces are
    /// let go in the same change. Keys never are: without the team they might do more.
    /// </summary>
    public async Task<Team> DropTeamAsync(
        Caller? who,
        string id,
        Action<Team> check,
        bool detach,
        CancellationToken cancellationToken = default
    )
    {
        Team? dropped = null;
        await ChangeAsync(
            roster =>
            {
                dropped = SeenTeam(roster, who, id);
                check(dropped);
                Refuse(new PeopleReach(roster, who).WhyNot(dropped, (Team?)null));
                var workspaces = roster.Workspaces.Where(one => one.Team == id).ToList();
                var users = roster
                    .MembersOf(id)
                    .Select(static user => $"user {user.Id}")
                    .Concat(workspaces.Select(static one => $"workspace {one.Id}"));
                RefuseUsed(
                    "team",
                    id,
                    (detach ? [] : users).Concat(KeysWhere(key => key.Team == id))
                );
                return new PeopleChange
                {
                    DropTeams = [dropped],
                    PutUsers = Moved(roster, who, id, NoMembers),
                    PutWorkspaces =
                    [
                        .. workspaces.Select(one =>
                            one with
                            {
                                Team = null,
                                UpdatedAt = Now(),
                                Version = one.Version + 1,
                            }
                        ),
                    ],
                };
            },
            cancellationToken
        );
        return dropped!;
    }

    public Team SeenTeam(Caller? who, string id) => SeenTeam(book.Current, who, id);

    public async Task<Workspace> AddWorkspaceAsync(
        Caller? who,
        Workspace like,
        CancellationToken cancellationToken = default
    )
    {
        var now = Now();
        var workspace = like with { CreatedAt = now, UpdatedAt = now, Version = 1 };
        await ChangeAsync(
            roster =>
            {
                if (roster.FindWorkspace(workspace.Id) is not null)
                    throw Taken("workspace", workspace.Id);
                CheckWorkspace(roster, who, null, workspace);
                return new PeopleChange { PutWorkspaces = [workspace] };
            },
            cancellationToken
        );
        return workspace;
    }

    public async Task<(Workspace Before, Workspace After)> ChangeWorkspaceAsync(
        Caller? who,
        string id,
        Func<Workspace, Workspace> change,
        CancellationToken cancellationToken = default
    )
    {
        (Workspace Before, Workspace After) done = default;
        await ChangeAsync(
            roster =>
            {
                var before = SeenWorkspace(roster, who, id);
                done = (
                    before,
                    change(before) with
                    {
                        UpdatedAt = Now(),
                        Version = before.Version + 1,
                    }
                );
                CheckWorkspace(roster, who, before, done.After);
                return new PeopleChange { PutWorkspaces = [done.After] };
            },
            cancellationToken
        );
        return done;
    }

    /// <summary>Takes a workspace out; one that keys are bound to is not.</summary>
    public async Task<Workspace> DropWorkspaceAsync(
        Caller? who,
        string id,
        Action<Workspace> check,
        CancellationToken cancellationToken = default
    )
    {
        Workspace? dropped = null;
        await ChangeAsync(
            roster =>
            {
                dropped = SeenWorkspace(roster, who, id);
                check(dropped);
                Refuse(new PeopleReach(roster, who).WhyNot(dropped, (Workspace?)null));
                RefuseUsed("workspace", id, KeysWhere(key => key.Workspace == id));
                return new PeopleChange { DropWorkspaces = [dropped] };
            },
            cancellationToken
        );
        return dropped!;
    }

    public Workspace SeenWorkspace(Caller? who, string id) => SeenWorkspace(book.Current, who, id);

    private static readonly Dictionary<string, bool> NoMembers = new(StringComparer.Ordinal);

    private static Team SeenTeam(Roster roster, Caller? who, string id) =>
        roster.FindTeam(id) is { } team && new PeopleReach(roster, who).Sees(team)
            ? team
            : throw Missing("team", id);

    private static Workspace SeenWorkspace(Roster roster, Caller? who, string id) =>
        roster.FindWorkspace(id) is { } workspace && new PeopleReach(roster, who).Sees(workspace)
            ? workspace
            : throw Missing("workspace", id);

    private static void CheckWorkspace(
        Roster roster,
        Caller? who,
        Workspace? before,
        Workspace after
    )
    {
        if (after.Team is { } team && roster.FindTeam(team) is null)
            throw Unknown("team_id", "team", team);
        Refuse(new PeopleReach(roster, who).WhyNot(before, after));
    }

    /// <summary>The users that change where a team has these members, each with whether they look after it; null leaves all.</summary>
    private List<User> Moved(
        Roster roster,
        Caller? who,
        string team,
        IReadOnlyDictionary<string, bool>? members
    )
    {
        if (members is null)
            return [];
        foreach (var id in members.Keys)
            if (roster.FindUser(id) is null)
                throw Unknown("members", "user", id);
        var (reach, moved) = (new PeopleReach(roster, who), new List<User>());
        foreach (var user in roster.Users)
        {
            var others = user.Teams.Where(one => one.Team != team).ToList();
            var teams = members.TryGetValue(user.Id, out var manages)
                ? [.. others, new Membership(team, manages)]
                : others;
            if (teams.Count == user.Teams.Count && teams.All(user.Teams.Contains))
                continue;
            // Of somebody who is in none of their teams a manager knows nothing, and gets no hold.
            if (!reach.Sees(user))
                throw Unknown("members", "user in a team of yours", user.Id);
            var next = Next(user, user with { Teams = teams });
            Refuse(reach.WhyNot(user, next));
            moved.Add(next);
        }
        return moved;
    }
}
