using System.Text;
using Dragoman.Access.Auditing;
using Microsoft.Data.Sqlite;
using static Dragoman.Storage.Sqlite.SqlText;

namespace Dragoman.Storage.Sqlite;

/// <summary>Reads the audit tables: of a server's database, or of a file that nobody is to change.</summary>
internal static class AuditRows
{
    private const string Columns =
        "number, at_us, who, name, role, address, user_agent, action, subject, before, after, sealed_by, mac";

    public static AuditTail Tail(SqliteTransaction transaction)
    {
        using var command = Command(
            transaction.Connection!,
            transaction,
            "SELECT number, mac FROM audit ORDER BY number DESC LIMIT 1"
        );
        using var row = command.ExecuteReader();
        var end = End(transaction.Connection!, transaction);
        return row.Read()
            ? new AuditTail(end, row.GetInt64(0), Bytes(row, 1))
            : new AuditTail(end, 0, null);
    }

    public static IReadOnlyList<AuditEntry> List(SqliteConnection connection, AuditQuery query)
    {
        var sql = new StringBuilder("SELECT ").Append(Columns).Append(" FROM audit WHERE 1 = 1");
        var values = new List<object?>();
        Ask("who = @", query.Who);
        Ask("subject = @", query.Subject);
        Ask("at_us >= @", query.Since is { } since ? Microseconds.Of(since) : null);
        Ask("at_us < @", query.Until is { } until ? Microseconds.Of(until) : null);
        Ask("number < @", query.Before);
        if (query.Action is { } action)
        {
            // From "key." up to "key/", the letter behind the dot: every action of that kind, and no pattern to escape.
            values.AddRange([action, action + ".", action + "/"]);
            sql.Append(
                Invariant(
                    $" AND (action = @{values.Count - 2} OR (action >= @{values.Count - 1} AND action < @{values.Count}))"
                )
            );
        }
        values.Add(query.Limit);
        sql.Append(Invariant($" ORDER BY number DESC LIMIT @{values.Count}"));
        using var command = Command(connection, null, sql.ToString(), [.. values]);
        using var row = command.ExecuteReader();
        var found = new List<AuditEntry>();
        while (row.Read())
            found.Add(Read(row));
        return found;

        void Ask(string condition, object? value)
        {
            if (value is null)
                return;
            values.Add(value);
            sql.Append(Invariant($" AND {condition}{values.Count}"));
        }
    }

    /// <summary>Goes through all entries as they were at one moment, with the end of that moment.</summary>
    public static T Walk<T>(
        SqliteConnection connection,
        Func<AuditEnd?, IEnumerable<AuditEntry>, T> walk
    )
    {
        using var moment = connection.BeginTransaction(deferred: true);
        var end = End(connection, moment);
        using var command = Command(
            connection,
            moment,
            $"SELECT {Columns} FROM audit ORDER BY number"
        );
        using var row = command.ExecuteReader();
        return walk(end, Each(row));
    }

    /// <summary>The same of a database file that is opened for reading only, as it is.</summary>
    /// <exception cref="StorageException">It cannot be read, or has no audit trail.</exception>
    public static T WalkFile<T>(string path, Func<AuditEnd?, IEnumerable<AuditEntry>, T> walk)
    {
        SqliteEngine.Load();
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = path,
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ConnectionString
            );
            connection.Open();
            return Walk(connection, walk);
        }
        catch (SqliteException wrong)
        {
            throw new StorageException(
                $"The audit trail in {path} cannot be read: {wrong.Message}",
                wrong
            );
        }
    }

    private static IEnumerable<AuditEntry> Each(SqliteDataReader row)
    {
        while (row.Read())
            yield return Read(row);
    }

    private static AuditEnd? End(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = Command(
            connection,
            transaction,
            "SELECT count, mac, sealed_by, seal FROM audit_end WHERE one = 1"
        );
        using var row = command.ExecuteReader();
        return row.Read()
            ? new AuditEnd(row.GetInt64(0), Bytes(row, 1), row.GetString(2), Bytes(row, 3))
            : null;
    }

    private static AuditEntry Read(SqliteDataReader row) =>
        new()
        {
            Number = row.GetInt64(0),
            At = row.Time(1),
            Who = row.GetString(2),
            Name = row.Text(3),
            Role = row.Text(4),
            Address = row.Text(5),
            UserAgent = row.Text(6),
            Action = row.GetString(7),
            Subject = row.Text(8),
            Before = row.Text(9),
            After = row.Text(10),
            Key = row.GetString(11),
            Mac = Bytes(row, 12),
        };

    private static byte[] Bytes(SqliteDataReader row, int column) =>
        row.GetFieldValue<byte[]>(column);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
