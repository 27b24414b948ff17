using BenchmarkDotNet.Attributes;
using Dragoman.Exchanges;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Dragoman.Usage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dragoman.Benchmarks;

/// <summary>What accounting costs a request: handing a record to the ledger, and storing it in a batch of the usual size.</summary>
[MemoryDiagnoser]
public class LedgerBenchmarks
{
    private const int Batch = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("dragoman-bench-").FullName;
    private readonly UsageRecord[] _records = new UsageRecord[Batch];
    private SqliteDatabase _database = null!;
    private SqliteUsageStore _store = null!;
    private UsageLedger _ledger = null!;
    private long _lastId;

    [GlobalSetup]
    public void Open()
    {
        _database = SqliteDatabase.Open(new DatabaseLocation(Path.Combine(_folder, "usage.db")));
        _store = new SqliteUsageStore(_database);
        _ledger = new UsageLedger(
            new NoStore(),
            new UsageLedgerOptions { Capacity = 1_000_000 },
            NullLogger<UsageLedger>.Instance
        );
        Renew();
    }

    [GlobalCleanup]
    public void Close()
    {
        _ledger.Dispose();
        _store.Dispose();
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [IterationSetup(Target = nameof(Store))]
    public void Renew()
    {
        for (var i = 0; i < Batch; i++)
            _records[i] = UsageRecords.Usual(++_lastId);
    }

    /// <summary>Per record of a transaction of 500, with its share of the commit.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void Store() => _store.Write(_records);

    /// <summary>Per record, while there is room.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void Append()
    {
        foreach (var record in _records)
            _ledger.AppendAsync(record).GetAwaiter().GetResult();
    }

    /// <summary>Takes everything and keeps nothing, so that only the ledger is measured.</summary>
    private sealed class NoStore : IUsageStore
    {
        public void Write(ReadOnlySpan<UsageRecord> records) { }

        public ValueTask<UsageRecord?> FindAsync(
            RequestId id,
            CancellationToken cancellationToken = default
        ) => new((UsageRecord?)null);

        public ValueTask<IReadOnlyList<UsageRecord>> ListAsync(
            UsageQuery query,
            CancellationToken cancellationToken = default
        ) => new([]);

        public ValueTask<UsageSummary> SummarizeAsync(
            UsageSummaryQuery query,
            CancellationToken cancellationToken = default
        ) => new(new UsageSummary(query, default, [], Truncated: false));
    }
}
