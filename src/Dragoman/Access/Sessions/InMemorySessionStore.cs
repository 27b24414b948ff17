using System.Collections.Concurrent;

namespace Dragoman.Access.Sessions;

/// <summary>Keeps sessions in memory, for tests.</summary>
internal sealed class InMemorySessionStore : ISessionStore
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    public ValueTask<IReadOnlyList<Session>> ReadAllAsync(
        CancellationToken cancellationToken = default
    ) => new([.. _sessions.Values]);

    public ValueTask AddAsync(Session session, CancellationToken cancellationToken = default)
    {
        _sessions[session.Id] = session;
        return default;
    }

    public ValueTask RemoveAsync(
        IReadOnlyList<string> ids,
        CancellationToken cancellationToken = default
    )
    {
        foreach (var id in ids)
            _sessions.TryRemove(id, out _);
        return default;
    }

    public ValueTask NoteUsesAsync(
        IReadOnlyList<(string Id, DateTimeOffset At)> uses,
        CancellationToken cancellationToken = default
    )
    {
        foreach (var (id, at) in uses)
            if (_sessions.TryGetValue(id, out var session))
                _sessions.TryUpdate(id, session with { LastUsedAt = at }, session);
        return default;
    }
}
