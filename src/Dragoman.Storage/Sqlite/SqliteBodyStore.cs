using Dragoman.Exchanges;
using Dragoman.Usage.Bodies;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>Keeps prompts and answers, as they were encrypted, in SQLite. Deleted ones are overwritten with zeros.</summary>
public sealed class SqliteBodyStore(SqliteDatabase database) : IBodyStore
{
    private const string PutSql = """
        INSERT INTO bodies (request, expires_us, prompt, answer) VALUES (@request, @expires, @prompt, @answer)
        ON CONFLICT (request) DO UPDATE SET
            expires_us = excluded.expires_us, prompt = excluded.prompt, answer = excluded.answer
        """;

    public void Put(IReadOnlyList<KeptBody> bodies)
    {
        if (bodies.Count == 0)
            return;
        lock (database.WriterGate)
        {
            using var transaction = database.Writer.BeginTransaction(deferred: false);
            foreach (var body in bodies)
            {
                using var command = database.Writer.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = PutSql;
                command.Parameters.AddWithValue("@request", body.Request.Value);
                command.Parameters.AddWithValue("@expires", Microseconds.Of(body.Expires));
                command.Parameters.AddWithValue("@prompt", Value(body.Prompt));
                command.Parameters.AddWithValue("@answer", Value(body.Answer));
                command.ExecuteNonQuery();
            }
            transaction.Commit();
        }
    }

    public KeptBody? Find(RequestId request, DateTimeOffset now)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT expires_us, prompt, answer FROM bodies WHERE request = @request AND expires_us > @now";
        command.Parameters.AddWithValue("@request", request.Value);
        command.Parameters.AddWithValue("@now", Microseconds.Of(now));
        using var row = command.ExecuteReader();
        return row.Read()
            ? new KeptBody(request, Microseconds.Time(row.GetInt64(0)))
            {
                Prompt = Bytes(row, 1),
                Answer = Bytes(row, 2),
            }
            : null;
    }

    public int DeleteExpired(DateTimeOffset now)
    {
        lock (database.WriterGate)
        {
            using var command = database.Writer.CreateCommand();
            command.CommandText = """
                PRAGMA secure_delete = ON;
                DELETE FROM bodies WHERE expires_us <= @now;
                """;
            command.Parameters.AddWithValue("@now", Microseconds.Of(now));
            var deleted = command.ExecuteNonQuery();
            using var after = database.Writer.CreateCommand();
            after.CommandText = "PRAGMA secure_delete = OFF";
            after.ExecuteNonQuery();
            return Math.Max(0, deleted);
        }
    }

    private static object Value(ReadOnlyMemory<byte>? bytes) =>
        bytes is { } known ? known.ToArray() : DBNull.Value;

    private static ReadOnlyMemory<byte>? Bytes(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
}
