using Dragoman.Configuration.Stored;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>Keeps what was configured through the API in SQLite.</summary>
public sealed class SqliteConfigurationStore(SqliteDatabase database) : IConfigurationStore
{
    /// <summary>Older ones than this many go: a document of a large house is a hundred kilobytes.</summary>
    private const int VersionsKept = 1000;

    private const string PutSql = """
        INSERT INTO configuration_entry (kind, id, json, version, created_at_us, updated_at_us)
        VALUES (@kind, @id, @json, @version, @created, @updated)
        ON CONFLICT (kind, id) DO UPDATE SET
            json = excluded.json, version = excluded.version,
            created_at_us = excluded.created_at_us, updated_at_us = excluded.updated_at_us
        """;

    public (IReadOnlyList<StoredEntry> Entries, long Version) Load()
    {
        using var connection = database.OpenReader();
        // One view of both.
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            "SELECT kind, id, json, version, created_at_us, updated_at_us FROM configuration_entry ORDER BY created_at_us, kind, id";
        var entries = new List<StoredEntry>();
        using (var row = command.ExecuteReader())
            while (row.Read())
                entries.Add(
                    new StoredEntry
                    {
                        Kind = row.GetString(0),
                        Id = row.GetString(1),
                        Json = row.GetString(2),
                        Version = row.GetInt64(3),
                        CreatedAt = Microseconds.Time(row.GetInt64(4)),
                        UpdatedAt = Microseconds.Time(row.GetInt64(5)),
                    }
                );
        return (entries, Newest(transaction));
    }

    public bool Commit(
        IReadOnlyList<StoredEntry> put,
        IReadOnlyList<StoredEntry> removed,
        StoredVersion version
    )
    {
        lock (database.WriterGate)
        {
            using var transaction = database.Writer.BeginTransaction(deferred: false);
            if (version.Number != Newest(transaction) + 1)
                return false;
            foreach (var entry in removed)
                Run(
                    transaction,
                    "DELETE FROM configuration_entry WHERE kind = @kind AND id = @id",
                    ("@kind", entry.Kind),
                    ("@id", entry.Id)
                );
            foreach (var entry in put)
                Run(
                    transaction,
                    PutSql,
                    ("@kind", entry.Kind),
                    ("@id", entry.Id),
                    ("@json", entry.Json),
                    ("@version", entry.Version),
                    ("@created", Microseconds.Of(entry.CreatedAt)),
                    ("@updated", Microseconds.Of(entry.UpdatedAt))
                );
            Run(
                transaction,
                "INSERT INTO configuration_version (number, made_at_us, made_by, what, document) VALUES (@number, @at, @by, @what, @document)",
                ("@number", version.Number),
                ("@at", Microseconds.Of(version.At)),
                ("@by", version.By),
                ("@what", version.What),
                ("@document", version.Document ?? "{}")
            );
            Run(
                transaction,
                "DELETE FROM configuration_version WHERE number <= @oldest",
                ("@oldest", version.Number - VersionsKept)
            );
            transaction.Commit();
            return true;
        }
    }

    public IReadOnlyList<StoredVersion> Versions(long? before, int limit)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT number, made_at_us, made_by, what, NULL FROM configuration_version
            WHERE number < @before ORDER BY number DESC LIMIT @limit
            """;
        command.Parameters.AddWithValue("@before", before ?? long.MaxValue);
        command.Parameters.AddWithValue("@limit", limit);
        using var row = command.ExecuteReader();
        var versions = new List<StoredVersion>();
        while (row.Read())
            versions.Add(Version(row));
        return versions;
    }

    public StoredVersion? Version(long number)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT number, made_at_us, made_by, what, document FROM configuration_version WHERE number = @number";
        command.Parameters.AddWithValue("@number", number);
        using var row = command.ExecuteReader();
        return row.Read() ? Version(row) : null;
    }

    public IEnumerable<string> Documents()
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT document FROM configuration_version";
        using var row = command.ExecuteReader();
        while (row.Read())
            yield return row.GetString(0);
    }

    private static StoredVersion Version(SqliteDataReader row) =>
        new()
        {
            Number = row.GetInt64(0),
            At = Microseconds.Time(row.GetInt64(1)),
            By = row.IsDBNull(2) ? null : row.GetString(2),
            What = row.GetString(3),
            Document = row.IsDBNull(4) ? null : row.GetString(4),
        };

    private static long Newest(SqliteTransaction transaction)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT COALESCE(MAX(number), 0) FROM configuration_version";
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(
        SqliteTransaction transaction,
        string sql,
        params ReadOnlySpan<(string Name, object? Value)> values
    )
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The texts are those above.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        command.ExecuteNonQuery();
    }
}
