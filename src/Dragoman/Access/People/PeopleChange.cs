namespace Dragoman.Access.People;

/// <summary>
/// What is to change, all of it or nothing. A record that is put has the version after the one that is kept, 1 where it is new; one
/// that is dropped has the version that is kept.
/// </summary>
internal sealed record PeopleChange
{
    public IReadOnlyList<User> PutUsers { get; init; } = [];
    public IReadOnlyList<User> DropUsers { get; init; } = [];
    public IReadOnlyList<Team> PutTeams { get; init; } = [];
    public IReadOnlyList<Team> DropTeams { get; init; } = [];
    public IReadOnlyList<Workspace> PutWorkspaces { get; init; } = [];
    public IReadOnlyList<Workspace> DropWorkspaces { get; init; } = [];
}
