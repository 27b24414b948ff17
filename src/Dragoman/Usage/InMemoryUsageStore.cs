using Dragoman.Exchanges;

namespace Dragoman.Usage;

/// <summary>Keeps the newest usage records in memory: for use in-process and for tests.</summary>
public sealed class InMemoryUsageStore : IUsageStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, UsageRecord> _records = [];
    private readonly SortedSet<long> _ids = [];
    private readonly int _capacity;

    /// <param name="capacity">Records kept; the oldest make room for new ones.</param>
    public InMemoryUsageStore(int capacity = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    public void Write(ReadOnlySpan<UsageRecord> records)
    {
        lock (_gate)
        {
            foreach (var record in records)
            {
                if (!_records.TryAdd(record.Id.Value, record))
                    continue;
                _ids.Add(record.Id.Value);
                if (_ids.Count > _capacity)
                    Forget(_ids.Min);
            }
        }
    }

    public ValueTask<UsageRecord?> FindAsync(
        RequestId id,
        CancellationToken cancellationToken = default
    )
    {
        lock (_gate)
            return new(_records.GetValueOrDefault(id.Value));
    }

    public ValueTask<IReadOnlyList<UsageRecord>> ListAsync(
        UsageQuery query,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        var newest = query.Before is { } before ? before.Value - 1 : long.MaxValue;
        lock (_gate)
        {
            var page = _ids.GetViewBetween(long.MinValue, newest)
                .Reverse()
                .Select(id => _records[id])
                .Where(record => query.Caller is null || record.Caller == query.Caller)
                .Take(query.Limit)
                .ToList();
            return new((IReadOnlyList<UsageRecord>)page);
        }
    }

    private void Forget(long id)
    {
        _ids.Remove(id);
        _records.Remove(id);
    }
}
