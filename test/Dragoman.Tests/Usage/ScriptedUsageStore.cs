using Dragoman.Exchanges;
using Dragoman.Usage;

namespace Dragoman.Tests.Usage;

/// <summary>A store that blocks and fails as a test tells it to, and remembers each write.</summary>
internal sealed class ScriptedUsageStore : IUsageStore, IDisposable
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly SemaphoreSlim _tries = new(0);
    private volatile bool _failing;

    /// <summary>Ids of each write that succeeded.</summary>
    public List<long[]> Writes { get; } = [];

    public IEnumerable<long> Ids => Writes.SelectMany(ids => ids);

    public void Block() => _open.Reset();

    public void Unblock() => _open.Set();

    public void Fail() => _failing = true;

    public void Recover() => _failing = false;

    /// <summary>Completes when a write was begun, whatever became of it.</summary>
    public Task NextTryAsync() => _tries.WaitAsync();

    public void Write(ReadOnlySpan<UsageRecord> records)
    {
        _tries.Release();
        _open.Wait();
        if (_failing)
            throw new IOException("disk full");
        var ids = new long[records.Length];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = records[i].Id.Value;
        Writes.Add(ids);
    }

    public ValueTask<UsageRecord?> FindAsync(
        RequestId id,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<UsageRecord>> ListAsync(
        UsageQuery query,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException();

    public ValueTask<UsageSummary> SummarizeAsync(
        UsageSummaryQuery query,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException();

    public void Dispose()
    {
        _open.Dispose();
        _tries.Dispose();
    }
}
