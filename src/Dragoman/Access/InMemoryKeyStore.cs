namespace Dragoman.Access;

/// <summary>Keeps keys in memory: for use in-process and for tests.</summary>
internal sealed class InMemoryKeyStore : IKeyStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, KeptKey> _keys = new(StringComparer.Ordinal);

    public ValueTask<IReadOnlyList<KeptKey>> ReadAllAsync(
        CancellationToken cancellationToken = default
    )
    {
        lock (_gate)
            return new([.. _keys.Values]);
    }

    public ValueTask<bool> AddAsync(VirtualKey key, CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return new(
                !_keys.Values.Any(kept => kept.Key.Hash.Equals(key.Hash))
                    && _keys.TryAdd(key.Id, new KeptKey(key, null))
            );
    }

    public ValueTask<bool> ReplaceAsync(
        VirtualKey key,
        CancellationToken cancellationToken = default
    )
    {
        lock (_gate)
        {
            if (!_keys.TryGetValue(key.Id, out var kept) || kept.Key.Version != key.Version - 1)
                return new(false);
            _keys[key.Id] = kept with { Key = key };
            return new(true);
        }
    }

    public ValueTask<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return new(_keys.Remove(id));
    }

    public ValueTask NoteUsesAsync(
        IReadOnlyList<(string Id, DateTimeOffset At)> uses,
        CancellationToken cancellationToken = default
    )
    {
        lock (_gate)
            foreach (var (id, at) in uses)
                if (_keys.TryGetValue(id, out var kept))
                    _keys[id] = kept with { LastUsedAt = at };
        return ValueTask.CompletedTask;
    }
}
