using Dragoman.Access.Sessions;
using static Dragoman.Storage.Sqlite.SqlText;

namespace Dragoman.Storage.Sqlite;

/// <summary>Keeps sessions in SQLite.</summary>
internal sealed class SqliteSessionStore(SqliteDatabase database) : ISessionStore
{
    public ValueTask<IReadOnlyList<Session>> ReadAllAsync(
        CancellationToken cancellationToken = default
    )
    {
        using var connection = database.OpenReader();
        using var command = Command(
            connection,
            null,
            "SELECT id, hash, caller, stamp, created_at_us, last_used_at_us, address, user_agent FROM sessions"
        );
        using var row = command.ExecuteReader();
        var found = new List<Session>();
        while (row.Read())
            found.Add(
                new Session
                {
                    Id = row.GetString(0),
                    Hash = row.GetString(1),
                    Caller = row.GetString(2),
                    Stamp = row.GetString(3),
                    CreatedAt = row.Time(4),
                    LastUsedAt = row.Time(5),
                    Address = row.Text(6),
                    UserAgent = row.Text(7),
                }
            );
        return new(found);
    }

    public ValueTask AddAsync(Session session, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            [session],
            static one =>
                (
                    "INSERT INTO sessions (id, hash, caller, stamp, created_at_us, last_used_at_us, address, user_agent) VALUES (@1, @2, @3, @4, @5, @6, @7, @8)",
                    [
                        one.Id,
                        one.Hash,
                        one.Caller,
                        one.Stamp,
                        Microseconds.Of(one.CreatedAt),
                        Microseconds.Of(one.LastUsedAt),
                        one.Address,
                        one.UserAgent,
                    ]
                ),
            cancellationToken
        );

    public ValueTask RemoveAsync(
        IReadOnlyList<string> ids,
        CancellationToken cancellationToken = default
    ) =>
        ChangeAsync(
            ids,
            static id => ("DELETE FROM sessions WHERE id = @1", [id]),
            cancellationToken
        );

    public ValueTask NoteUsesAsync(
        IReadOnlyList<(string Id, DateTimeOffset At)> uses,
        CancellationToken cancellationToken = default
    ) =>
        ChangeAsync(
            uses,
            static use =>
                (
                    "UPDATE sessions SET last_used_at_us = @2 WHERE id = @1",
                    [use.Id, Microseconds.Of(use.At)]
                ),
            cancellationToken
        );

    private ValueTask ChangeAsync<T>(
        IReadOnlyList<T> changes,
        Func<T, (string Sql, object?[] Values)> statement,
        CancellationToken cancellationToken
    ) =>
        new(
            Task.Run(
                () =>
                {
                    lock (database.WriterGate)
                    {
                        using var transaction = database.Writer.BeginTransaction(deferred: false);
                        foreach (var change in changes)
                        {
                            var (sql, values) = statement(change);
                            Run(transaction, sql, values);
                        }
                        transaction.Commit();
                    }
                },
                cancellationToken
            )
        );
}
