using Dragoman.Exchanges;
using Dragoman.Usage;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>Keeps usage records in SQLite, one row each.</summary>
public sealed class SqliteUsageStore : IUsageStore, IDisposable
{
    private const string FindSql = $"SELECT {UsageColumns.All} FROM usage WHERE id = @id";

    private const string ListSql =
        $"SELECT {UsageColumns.All} FROM usage WHERE id < @before ORDER BY id DESC LIMIT @limit";

    private const string ListOfCallerSql =
        $"SELECT {UsageColumns.All} FROM usage WHERE id < @before AND caller = @caller ORDER BY id DESC LIMIT @limit";

    private readonly SqliteDatabase _database;
    private readonly UsageInsert _insert;

    public SqliteUsageStore(SqliteDatabase database)
    {
        _database = database;
        lock (database.WriterGate)
            _insert = new UsageInsert(database.Writer);
    }

    public void Dispose()
    {
        lock (_database.WriterGate)
            _insert.Dispose();
    }

    public void Write(ReadOnlySpan<UsageRecord> records)
    {
        lock (_database.WriterGate)
        {
            // Disposing it uncommitted rolls back.
            using var transaction = _database.Writer.BeginTransaction(deferred: false);
            foreach (var record in records)
                _insert.Execute(record);
            transaction.Commit();
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
        command.CommandText = query.Caller is null ? ListSql : ListOfCallerSql;
        command.Parameters.AddWithValue("@before", query.Before?.Value ?? long.MaxValue);
        command.Parameters.AddWithValue("@limit", query.Limit);
        if (query.Caller is not null)
            command.Parameters.AddWithValue("@caller", query.Caller);
        return new(Page(command));
    }

    private static IReadOnlyList<UsageRecord> Page(SqliteCommand command)
    {
        var page = new List<UsageRecord>();
        using var row = command.ExecuteReader();
        while (row.Read())
            page.Add(UsageRow.Read(row));
        return page;
    }
}
