using Dragoman.Exchanges;
using Dragoman.Usage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dragoman.Storage.Sqlite;

/// <summary>Keeps usage records in SQLite, one row each, and their sums beside them (<c>Schema/0004_usage_rollup.sql</c>).</summary>
public sealed partial class SqliteUsageStore : IUsageStore, IDisposable
{
    /// <summary>
    /// Records that wait for the sums at most. The more are added at once, the more of them share a row; but every question reads
    /// those that wait one by one.
    /// </summary>
    internal const int FoldAt = 8_192;

    private const string FindSql = $"SELECT {UsageColumns.All} FROM usage WHERE id = @id";

    private readonly SqliteDatabase _database;
    private readonly UsageInsert _insert;
    private readonly UsageFold _fold;
    private readonly ILogger _logger;
    private int _tail;

    /// <summary>Opens the store. Records of a program that kept no sums are added to them first, which the log tells of.</summary>
    public SqliteUsageStore(SqliteDatabase database, ILogger<SqliteUsageStore>? logger = null)
    {
        _database = database;
        _logger = logger ?? NullLogger<SqliteUsageStore>.Instance;
        lock (database.WriterGate)
        {
            _insert = new UsageInsert(database.Writer);
            _fold = new UsageFold(database.Writer);
            CatchUp();
        }
    }

    public void Dispose()
    {
        lock (_database.WriterGate)
        {
            _insert.Dispose();
            _fold.Dispose();
        }
    }

    public void Write(ReadOnlySpan<UsageRecord> records)
    {
        lock (_database.WriterGate)
        {
            var stored = 0;
            // Disposing it uncommitted rolls back.
            using (var transaction = _database.Writer.BeginTransaction(deferred: false))
            {
                foreach (var record in records)
                    stored += _insert.Execute(record) ? 1 : 0;
                transaction.Commit();
            }
            _tail += stored;
            if (_tail >= FoldAt)
                Fold();
        }
    }

    // SQLite reads from a file: there is nothing to wait for, and its asynchronous calls are synchronous ones.
    public ValueTask<UsageRecord?> FindAsync(
        RequestId id,
        CancellationToken cancellationToken = default
    )
    {
        using var connection = _database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = FindSql;
        command.Parameters.AddWithValue("@id", id.Value);
        using var row = command.ExecuteReader();
        return new(row.Read() ? UsageRow.Read(row) : null);
    }

    public ValueTask<IReadOnlyList<UsageRecord>> ListAsync(
        UsageQuery query,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        using var connection = _database.OpenReader();
        using var command = connection.CreateCommand();
        UsageListSql.Compose(command, query);
        var page = new List<UsageRecord>();
        using var row = command.ExecuteReader();
        while (row.Read())
            page.Add(UsageRow.Read(row));
        return new(page);
    }

    public ValueTask<UsageSummary> SummarizeAsync(
        UsageSummaryQuery query,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        using var connection = _database.OpenReader();
        // One view of the file for all that is read: between two of them a record may move from the tail into the sums.
        using var transaction = connection.BeginTransaction(deferred: true);
        return new(new UsageSummaryReader(connection.Handle!, query).Read());
    }

    private void CatchUp()
    {
        var behind = _fold.TailLength();
        _tail = behind;
        if (behind < FoldAt)
            return;
        Log.Behind(_logger, behind);
        while (_tail > 0)
        {
            Fold();
            if (_tail / 100_000 != (_tail + FoldAt) / 100_000)
                Log.Progress(_logger, behind - _tail, behind);
        }
    }

    private void Fold()
    {
        var folded = _fold.Run(FoldAt);
        // Another process on the same file may have been first.
        _tail = folded < FoldAt ? 0 : _tail - folded;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "{Count} usage records are being added to the sums that accounts are read from."
        )]
        public static partial void Behind(ILogger logger, int count);

        [LoggerMessage(LogLevel.Information, "{Done} of {Count} usage records are in the sums.")]
        public static partial void Progress(ILogger logger, int done, int count);
    }
}
