using Dragoman.Conversations;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>Keeps answers in SQLite, one row each; those whose time is over are cleared away as others come.</summary>
public sealed class SqliteResponseStore(
    SqliteDatabase database,
    ResponseStoreOptions options,
    TimeProvider time
) : IResponseStore
{
    /// <summary>So many answers come between two clearances.</summary>
    private const int ClearEvery = 100;

    private const string PutSql = """
        INSERT INTO responses (caller, id, created_at_us, previous_id, kept_by, answered_by, input, response)
        VALUES (@caller, @id, @at, @previous, @keptBy, @answeredBy, @input, @response)
        ON CONFLICT (caller, id) DO UPDATE SET
            created_at_us = excluded.created_at_us, previous_id = excluded.previous_id, kept_by = excluded.kept_by,
            answered_by = excluded.answered_by, input = excluded.input, response = excluded.response
        """;

    private const string ClearSql = """
        DELETE FROM responses WHERE created_at_us < @oldest;
        DELETE FROM responses WHERE rowid IN (
            SELECT rowid FROM responses ORDER BY created_at_us DESC, rowid DESC LIMIT -1 OFFSET @capacity
        )
        """;

    private const string FindSql = """
        SELECT created_at_us, previous_id, kept_by, answered_by, input, response
        FROM responses WHERE caller = @caller AND id = @id AND created_at_us >= @oldest
        """;

    private const string DeleteSql = "DELETE FROM responses WHERE caller = @caller AND id = @id";

    private int _untilClearance;

    public void Put(StoredResponse response)
    {
        if (response.Bytes > options.LargestBytes)
            return;
        lock (database.WriterGate)
        {
            using var command = Command(database.Writer, PutSql, response.Caller, response.Id);
            command.Parameters.AddWithValue("@at", Microseconds.Of(response.CreatedAt));
            command.Parameters.AddWithValue("@previous", Value(response.PreviousId));
            command.Parameters.AddWithValue("@keptBy", Value(response.KeptBy));
            command.Parameters.AddWithValue("@answeredBy", Value(response.AnsweredBy));
            command.Parameters.AddWithValue("@input", response.Input.ToArray());
            command.Parameters.AddWithValue("@response", response.Response.ToArray());
            command.ExecuteNonQuery();
            if (--_untilClearance >= 0)
                return;
            _untilClearance = Math.Min(ClearEvery, options.Capacity / 10);
            Clear();
        }
    }

    // SQLite reads from a file: there is nothing to wait for, and its asynchronous calls are synchronous ones.
    public ValueTask<StoredResponse?> FindAsync(
        string? caller,
        string id,
        CancellationToken cancellationToken = default
    )
    {
        using var connection = database.OpenReader();
        using var command = Command(connection, FindSql, caller, id);
        command.Parameters.AddWithValue("@oldest", Oldest);
        using var row = command.ExecuteReader();
        return new(
            row.Read()
                ? new StoredResponse
                {
                    Id = id,
                    Caller = caller,
                    CreatedAt = Microseconds.Time(row.GetInt64(0)),
                    PreviousId = Text(row, 1),
                    KeptBy = Text(row, 2),
                    AnsweredBy = Text(row, 3),
                    Input = row.GetFieldValue<byte[]>(4),
                    Response = row.GetFieldValue<byte[]>(5),
                }
                : null
        );
    }

    public ValueTask<bool> DeleteAsync(
        string? caller,
        string id,
        CancellationToken cancellationToken = default
    )
    {
        lock (database.WriterGate)
        {
            using var command = Command(database.Writer, DeleteSql, caller, id);
            return new(command.ExecuteNonQuery() > 0);
        }
    }

    private long Oldest => Microseconds.Of(time.GetUtcNow() - options.Retention);

    private void Clear()
    {
        using var command = database.Writer.CreateCommand();
        command.CommandText = ClearSql;
        command.Parameters.AddWithValue("@oldest", Oldest);
        command.Parameters.AddWithValue("@capacity", options.Capacity);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(
        SqliteConnection connection,
        string sql,
        string? caller,
        string id
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@caller", caller ?? "");
        command.Parameters.AddWithValue("@id", id);
        return command;
    }

    private static object Value(string? text) => text is null ? DBNull.Value : text;

    private static string? Text(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
