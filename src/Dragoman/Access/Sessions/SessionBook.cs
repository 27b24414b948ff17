using System.Collections.Concurrent;

namespace Dragoman.Access.Sessions;

/// <summary>
/// Every session in memory. Whether one counts is asked anew each time of who it is of: what ends or changes a user or a key counts
/// for their sessions at once.
/// </summary>
/// <param name="store">Where they are kept.</param>
/// <param name="holderOf">Who a caller's id is of now; null where nobody, or they may not sign in.</param>
/// <param name="options">How long they last.</param>
/// <param name="time">Tells when they end.</param>
internal sealed class SessionBook(
    ISessionStore store,
    Func<string, SessionHolder?> holderOf,
    SessionOptions options,
    TimeProvider time
)
{
    private static readonly TimeSpan Noted = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Kept> _byHash = new(StringComparer.Ordinal);

    /// <summary>Those that count, the one used last first.</summary>
    public IReadOnlyList<Session> All =>
        [
            .. _byHash
                .Values.Where(kept => HolderOf(kept) is not null)
                .Select(static kept => kept.Seen)
                .OrderByDescending(static session => session.LastUsedAt)
                .ThenBy(static session => session.Id, StringComparer.Ordinal),
        ];

    /// <summary>Reads the store; called at the start.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken = default)
    {
        foreach (var session in await store.ReadAllAsync(cancellationToken))
            _byHash[session.Hash] = new Kept(session);
    }

    /// <summary>Opens one. Its secret is told here and never again.</summary>
    public async Task<(Session Session, string Secret)> OpenAsync(
        SessionHolder holder,
        string? address,
        string? userAgent
    )
    {
        var now = time.GetUtcNow();
        var secret = SessionSecret.New();
        var session = new Session
        {
            Id = SessionSecret.NewId("ses_"),
            Hash = SessionSecret.HashOf(secret),
            Caller = holder.Caller.Id,
            Stamp = holder.Stamp,
            CreatedAt = now,
            LastUsedAt = now,
            Address = address,
            UserAgent = userAgent,
        };
        await store.AddAsync(session);
        _byHash[session.Hash] = new Kept(session);
        await EndAsync([.. All.Where(one => one.Caller == session.Caller).Skip(options.MostOfOne)]);
        return (session, secret);
    }

    /// <summary>The session of a secret that counts now, and who it is of. It was used by that.</summary>
    public (Session Session, SessionHolder Holder)? Use(string secret)
    {
        if (
            secret.Length != SessionSecret.Length
            || !_byHash.TryGetValue(SessionSecret.HashOf(secret), out var kept)
            || HolderOf(kept) is not { } holder
        )
            return null;
        kept.WasUsed(time.GetUtcNow());
        return (kept.Seen, holder);
    }

    public Session? Find(string id) => All.FirstOrDefault(session => session.Id == id);

    /// <summary>When a session ends if it is not used again.</summary>
    public DateTimeOffset EndOf(Session session)
    {
        var (idle, longest) = (
            session.LastUsedAt + options.Idle,
            session.CreatedAt + options.Longest
        );
        return idle < longest ? idle : longest;
    }

    /// <summary>Ends sessions: they count no longer from now on.</summary>
    public async Task EndAsync(IReadOnlyList<Session> sessions)
    {
        if (sessions.Count == 0)
            return;
        foreach (var session in sessions)
            _byHash.TryRemove(session.Hash, out _);
        await store.RemoveAsync([.. sessions.Select(static session => session.Id)]);
    }

    /// <summary>Drops what has ended, and keeps when the others were used. Called every minute, and at the end.</summary>
    public async Task SweepAsync()
    {
        await EndAsync([
            .. _byHash
                .Values.Where(kept => HolderOf(kept) is null)
                .Select(static kept => kept.Session),
        ]);
        var uses = _byHash
            .Values.Where(static kept => kept.Seen.LastUsedAt - kept.Stored >= Noted)
            .ToList();
        if (uses.Count == 0)
            return;
        await store.NoteUsesAsync([
            .. uses.Select(static kept => (kept.Session.Id, kept.Seen.LastUsedAt)),
        ]);
        foreach (var kept in uses)
            kept.Stored = kept.Seen.LastUsedAt;
    }

    private SessionHolder? HolderOf(Kept kept) =>
        EndOf(kept.Seen) > time.GetUtcNow()
        && holderOf(kept.Session.Caller) is { } holder
        && holder.Stamp == kept.Session.Stamp
            ? holder
            : null;

    private sealed class Kept(Session session)
    {
        private long _usedTicks = session.LastUsedAt.UtcTicks;

        public Session Session => session;

        public Session Seen =>
            session with
            {
                LastUsedAt = new DateTimeOffset(Volatile.Read(ref _usedTicks), TimeSpan.Zero),
            };

        public DateTimeOffset Stored { get; set; } = session.LastUsedAt;

        public void WasUsed(DateTimeOffset at) => Volatile.Write(ref _usedTicks, at.UtcTicks);
    }
}
