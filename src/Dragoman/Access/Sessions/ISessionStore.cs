namespace Dragoman.Access.Sessions;

/// <summary>Where sessions are kept, so that a restart signs nobody out. It is read at the start; nothing on the way of a request asks it.</summary>
internal interface ISessionStore
{
    ValueTask<IReadOnlyList<Session>> ReadAllAsync(CancellationToken cancellationToken = default);

    /// <summary>Keeps a new one.</summary>
    ValueTask AddAsync(Session session, CancellationToken cancellationToken = default);

    /// <summary>Takes some out; those that are not there are passed over.</summary>
    ValueTask RemoveAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Notes when some were used last; those that are not there are passed over.</summary>
    ValueTask NoteUsesAsync(
        IReadOnlyList<(string Id, DateTimeOffset At)> uses,
        CancellationToken cancellationToken = default
    );
}
