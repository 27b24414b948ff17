namespace Dragoman.Access.People;

/// <summary>Keeps people in memory, for a gateway in a program and for tests.</summary>
internal sealed class InMemoryPeopleStore : IPeopleStore
{
    private readonly Lock _lock = new();
    private Roster _roster = Roster.Empty;

    public ValueTask<Roster> ReadAsync(CancellationToken cancellationToken = default) =>
        new(Volatile.Read(ref _roster));

    public ValueTask<bool> SaveAsync(
        PeopleChange change,
        CancellationToken cancellationToken = default
    )
    {
        lock (_lock)
        {
            if (!HasExpectedVersions(change))
                return new(false);
            Roster next;
            try
            {
                next = _roster.With(change);
            }
            // Two users of one e-mail.
            catch (ArgumentException)
            {
                return new(false);
            }
            if (!IsSound(next))
                return new(false);
            Volatile.Write(ref _roster, next);
            return new(true);
        }
    }

    private bool HasExpectedVersions(PeopleChange change) =>
        change.PutUsers.All(user => Kept(_roster.FindUser(user.Id)) == user.Version - 1)
        && change.DropUsers.All(user => Kept(_roster.FindUser(user.Id)) == user.Version)
        && change.PutTeams.All(team => Kept(_roster.FindTeam(team.Id)) == team.Version - 1)
        && change.DropTeams.All(team => Kept(_roster.FindTeam(team.Id)) == team.Version)
        && change.PutWorkspaces.All(one => Kept(_roster.FindWorkspace(one.Id)) == one.Version - 1)
        && change.DropWorkspaces.All(one => Kept(_roster.FindWorkspace(one.Id)) == one.Version);

    private static int Kept(User? user) => user?.Version ?? 0;

    private static int Kept(Team? team) => team?.Version ?? 0;

    private static int Kept(Workspace? workspace) => workspace?.Version ?? 0;

    private static bool IsSound(Roster roster) =>
        roster.Users.All(user =>
            user.Teams.All(membership => roster.FindTeam(membership.Team) is not null)
        )
        && roster.Workspaces.All(one => one.Team is null || roster.FindTeam(one.Team) is not null);
}
