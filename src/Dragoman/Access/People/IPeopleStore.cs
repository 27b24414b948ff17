namespace Dragoman.Access.People;

/// <summary>Where users, teams and workspaces are kept. It is read at the start; nothing on the way of a request asks it.</summary>
internal interface IPeopleStore
{
    ValueTask<Roster> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps a change, all of it. False, and nothing is changed, where another process was faster: a version is not the one that is
    /// kept, an id or an e-mail is taken, or a team is missing that somebody would belong to.
    /// </summary>
    ValueTask<bool> SaveAsync(PeopleChange change, CancellationToken cancellationToken = default);
}
