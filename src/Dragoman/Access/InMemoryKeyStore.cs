namespace Dragoman.Access;

/// <summary>Keeps keys in memory: for use in-process and for tests.</summary>
internal sealed class InMemoryKeyStore : IKeyStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, KeptKey> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<KeyHash> _secrets = [];

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
        {
            if (_keys.ContainsKey(key.Id) || !_secrets.Add(key.Hash))
                return new(false);
            _keys[key.Id] = new KeptKey(key, null);
            return new(true);
        }
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
            _secrets.Remove(kept.Key.Hash);
            _secrets.Add(key.Hash);
            _keys[key.Id] = kept with { Key = key };
            return new(true);
        }
    }

    public ValueTask<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return new(_keys.Remove(id, out var kept) && _secrets.Remove(kept.Key.Hash));
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
