using System.Globalization;
using Dragoman.Exchanges;
using Dragoman.Routing.Quality;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>Keeps feedback in SQLite, a row for each request.</summary>
public sealed class SqliteFeedbackStore(SqliteDatabase database) : IFeedbackStore
{
    private const string Columns = "request, given_at_us, score, comment, deployment, task";

    private const string PutSql = """
        INSERT INTO feedback (request, given_at_us, score, comment, deployment, task)
        VALUES (@request, @at, @score, @comment, @deployment, @task)
        ON CONFLICT (request) DO UPDATE SET
            given_at_us = excluded.given_at_us, score = excluded.score, comment = excluded.comment,
            deployment = excluded.deployment, task = excluded.task
        """;

    /// <summary>The writer may be busy with a group of usage records: whoever gives feedback waits for it, no thread of a request does.</summary>
    public ValueTask<Feedback?> PutAsync(
        Feedback feedback,
        CancellationToken cancellationToken = default
    ) => new(Task.Run(() => Put(feedback), cancellationToken));

    // SQLite reads from a file: there is nothing to wait for, and its asynchronous calls are synchronous ones.
    public ValueTask<IReadOnlyDictionary<RequestId, Feedback>> FindAsync(
        IReadOnlyList<RequestId> requests,
        CancellationToken cancellationToken = default
    )
    {
        var found = new Dictionary<RequestId, Feedback>();
        if (requests.Count == 0)
            return new(found);
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        // Numbers of ours: there is nothing in them to be quoted.
        var ids = string.Join(
            ',',
            requests.Select(static id => id.Value.ToString(CultureInfo.InvariantCulture))
        );
#pragma warning disable CA2100
        command.CommandText = $"SELECT {Columns} FROM feedback WHERE request IN ({ids})";
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var feedback = Read(row);
            found[feedback.Request] = feedback;
        }
        return new(found);
    }

    public ValueTask<IReadOnlyList<Feedback>> SinceAsync(
        DateTimeOffset since,
        CancellationToken cancellationToken = default
    )
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT request, given_at_us, score, NULL, deployment, task FROM feedback WHERE given_at_us >= @since";
        command.Parameters.AddWithValue("@since", Microseconds.Of(since));
        var found = new List<Feedback>();
        using var row = command.ExecuteReader();
        while (row.Read())
            found.Add(Read(row));
        return new(found);
    }

    private Feedback? Put(Feedback feedback)
    {
        lock (database.WriterGate)
        {
            using var transaction = database.Writer.BeginTransaction(deferred: false);
            var replaced = Find(transaction, feedback.Request);
            using var command = database.Writer.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = PutSql;
            command.Parameters.AddWithValue("@request", feedback.Request.Value);
            command.Parameters.AddWithValue("@at", Microseconds.Of(feedback.At));
            command.Parameters.AddWithValue("@score", feedback.Score);
            command.Parameters.AddWithValue("@comment", Value(feedback.Comment));
            command.Parameters.AddWithValue("@deployment", feedback.Deployment);
            command.Parameters.AddWithValue("@task", Value(feedback.Task));
            command.ExecuteNonQuery();
            transaction.Commit();
            return replaced;
        }
    }

    private static Feedback? Find(SqliteTransaction transaction, RequestId request)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"SELECT {Columns} FROM feedback WHERE request = @request";
        command.Parameters.AddWithValue("@request", request.Value);
        using var row = command.ExecuteReader();
        return row.Read() ? Read(row) : null;
    }

    private static Feedback Read(SqliteDataReader row) =>
        new()
        {
            Request = new RequestId(row.GetInt64(0)),
            At = Microseconds.Time(row.GetInt64(1)),
            Score = row.GetDouble(2),
            Comment = Text(row, 3),
            Deployment = row.GetString(4),
            // The list's own text, so that what is counted shares it.
            Task = TaskNames.Find(Text(row, 5)),
        };

    private static object Value(string? text) => text is null ? DBNull.Value : text;

    private static string? Text(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
