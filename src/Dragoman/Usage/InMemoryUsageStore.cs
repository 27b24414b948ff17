using System.Runtime.InteropServices;
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
                .Where(record => Matches(record, query))
                .Take(query.Limit)
                .ToList();
            return new((IReadOnlyList<UsageRecord>)page);
        }
    }

    public ValueTask<UsageSummary> SummarizeAsync(
        UsageSummaryQuery query,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        var totals = default(UsageSums);
        var groups = new Dictionary<string, UsageSums>(StringComparer.Ordinal);
        var unnamed = default(UsageSums);
        lock (_gate)
        {
            foreach (var record in _records.Values)
            {
                if (!Matches(record, query))
                    continue;
                var sums = UsageSums.Of(record);
                totals.Add(sums);
                if (query.By is UsageGrouping.None)
                    continue;
                if (UsageGroupNames.Of(record, query.By) is not { } name)
                    unnamed.Add(sums);
                else
                    CollectionsMarshal.GetValueRefOrAddDefault(groups, name, out _).Add(sums);
            }
        }
        List<UsageSummaryRow> rows =
        [
            .. groups.Select(static group => new UsageSummaryRow(group.Key, group.Value)),
        ];
        if (unnamed.Calls > 0 && query.By is not UsageGrouping.Execution)
            rows.Add(new UsageSummaryRow(null, unnamed));
        return new(UsageSummary.Of(query, totals, rows));
    }

    private static bool Matches(UsageRecord record, UsageQuery query) =>
        (query.Caller is null || record.Caller == query.Caller)
        && record.IsWithin(query.Callers)
        && (query.Workspace is null || record.Workspace == query.Workspace)
        && (query.Outcome is null || record.Outcome == query.Outcome)
        && (query.Since is null || record.StartedAt >= query.Since)
        && IsOf(record, query.Provider, query.Model);

    private static bool Matches(UsageRecord record, UsageSummaryQuery query) =>
        record.StartedAt >= query.From
        && record.StartedAt < query.To
        && (query.Caller is null || record.Caller == query.Caller)
        && record.IsWithin(query.Callers)
        && (query.Workspace is null || record.Workspace == query.Workspace)
        && (query.Execution is null || record.Execution == query.Execution)
        && (query.Task is null || record.Task == query.Task)
        && IsOf(record, query.Provider, query.Model);

    private static bool IsOf(UsageRecord record, string? provider, string? model) =>
        (provider is null && model is null)
        || (
            record.Deployment is { } deployment
            && UsageGroupNames.Matches(deployment, provider, model)
        );

    private void Forget(long id)
    {
        _ids.Remove(id);
        _records.Remove(id);
    }
}
