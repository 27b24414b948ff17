using Dragoman.Access.Auditing;
using static Dragoman.Storage.Sqlite.SqlText;

namespace Dragoman.Storage.Sqlite;

/// <summary>Keeps audit entries in SQLite, each with the chain's end in one transaction.</summary>
internal sealed class SqliteAuditStore(SqliteDatabase database) : IAuditStore
{
    public ValueTask<AuditEntry> AppendAsync(
        Func<AuditTail, AuditLink> next,
        CancellationToken cancellationToken = default
    ) => new(Task.Run(() => Append(next), cancellationToken));

    // SQLite reads from a file: there is nothing to wait for, and its asynchronous calls are synchronous ones.
    public ValueTask<IReadOnlyList<AuditEntry>> ListAsync(
        AuditQuery query,
        CancellationToken cancellationToken = default
    )
    {
        using var connection = database.OpenReader();
        return new(AuditRows.List(connection, query));
    }

    public ValueTask<T> WalkAsync<T>(
        Func<AuditEnd?, IEnumerable<AuditEntry>, T> walk,
        CancellationToken cancellationToken = default
    ) =>
        new(
            Task.Run(
                () =>
                {
                    using var connection = database.OpenReader();
                    return AuditRows.Walk(connection, walk);
                },
                cancellationToken
            )
        );

    private AuditEntry Append(Func<AuditTail, AuditLink> next)
    {
        lock (database.WriterGate)
        {
            // The write lock is taken first: no other process appends between the look at the tail and the new one.
            using var transaction = database.Writer.BeginTransaction(deferred: false);
            var (entry, end) = next(AuditRows.Tail(transaction));
            Run(
                transaction,
                "INSERT INTO audit (number, at_us, who, name, role, address, user_agent, action, subject, before, after, sealed_by, mac) VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13)",
                entry.Number,
                Microseconds.Of(entry.At),
                entry.Who,
                entry.Name,
                entry.Role,
                entry.Address,
                entry.UserAgent,
                entry.Action,
                entry.Subject,
                entry.Before,
                entry.After,
                entry.Key,
                entry.Mac
            );
            Run(
                transaction,
                "INSERT INTO audit_end (one, count, mac, sealed_by, seal) VALUES (1, @1, @2, @3, @4) ON CONFLICT (one) DO UPDATE SET count = excluded.count, mac = excluded.mac, sealed_by = excluded.sealed_by, seal = excluded.seal",
                end.Count,
                end.Mac,
                end.Key,
                end.Seal
            );
            transaction.Commit();
            return entry;
        }
    }
}
