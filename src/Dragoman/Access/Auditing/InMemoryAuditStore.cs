namespace Dragoman.Access.Auditing;

/// <summary>Keeps audit entries in memory, for a gateway in a program and for tests.</summary>
internal sealed class InMemoryAuditStore : IAuditStore
{
    private readonly Lock _lock = new();
    private readonly List<AuditEntry> _entries = [];
    private AuditEnd? _end;

    public ValueTask<AuditEntry> AppendAsync(
        Func<AuditTail, AuditLink> next,
        CancellationToken cancellationToken = default
    )
    {
        lock (_lock)
        {
            var link = next(
                new AuditTail(
                    _end,
                    _entries.Count == 0 ? 0 : _entries[^1].Number,
                    _entries.Count == 0 ? null : _entries[^1].Mac
                )
            );
            _entries.Add(link.Entry);
            _end = link.End;
            return new(link.Entry);
        }
    }

    public ValueTask<IReadOnlyList<AuditEntry>> ListAsync(
        AuditQuery query,
        CancellationToken cancellationToken = default
    )
    {
        lock (_lock)
            return new([
                .. _entries.AsEnumerable().Reverse().Where(query.Matches).Take(query.Limit),
            ]);
    }

    public ValueTask<T> WalkAsync<T>(
        Func<AuditEnd?, IEnumerable<AuditEntry>, T> walk,
        CancellationToken cancellationToken = default
    )
    {
        AuditEnd? end;
        List<AuditEntry> entries;
        lock (_lock)
            (end, entries) = (_end, [.. _entries]);
        return new(walk(end, entries));
    }
}
