using System.Globalization;
using Dragoman.Limits.Budgets;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>The tables of budgets: sums by period, and how far each journal is in them.</summary>
internal static class BudgetSums
{
    private const string AddSql = """
        INSERT INTO budget_period
            (budget, counted, start_us, expires_us, spent_nano_usd, calls, overrun_nano_usd, orphaned_nano_usd)
        VALUES (@budget, @counted, @start, @expires, @spent, @calls, @overrun, @orphaned)
        ON CONFLICT (budget, counted, start_us) DO UPDATE SET
            expires_us = excluded.expires_us,
            spent_nano_usd = spent_nano_usd + excluded.spent_nano_usd,
            calls = calls + excluded.calls,
            overrun_nano_usd = overrun_nano_usd + excluded.overrun_nano_usd,
            orphaned_nano_usd = orphaned_nano_usd + excluded.orphaned_nano_usd
        """;

    private const string ToldSql = """
        INSERT INTO budget_period
            (budget, counted, start_us, expires_us, spent_nano_usd, calls, overrun_nano_usd, orphaned_nano_usd, told)
        VALUES (@budget, @counted, @start, @expires, 0, 0, 0, 0, @told)
        ON CONFLICT (budget, counted, start_us) DO UPDATE SET told = excluded.told
        """;

    private const string LiveSql = """
        SELECT budget, counted, start_us, expires_us, spent_nano_usd, calls, overrun_nano_usd, orphaned_nano_usd, told
        FROM budget_period WHERE expires_us > @now
        """;

    public static void Add(SqliteTransaction transaction, in BudgetSum sum)
    {
        using var command = CommandOf(transaction, AddSql);
        Place(command, sum.Budget, sum.Counted, sum.Start, sum.Expires);
        command.Parameters.AddWithValue("@spent", sum.Spent);
        command.Parameters.AddWithValue("@calls", sum.Calls);
        command.Parameters.AddWithValue("@overrun", sum.Overrun);
        command.Parameters.AddWithValue("@orphaned", sum.Orphaned);
        command.ExecuteNonQuery();
    }

    /// <param name="transaction">Where.</param>
    /// <param name="place">The period; its amounts are not looked at.</param>
    /// <param name="told">Shares that were told, with spaces between.</param>
    public static void Told(SqliteTransaction transaction, in BudgetSum place, string told)
    {
        using var command = CommandOf(transaction, ToldSql);
        Place(command, place.Budget, place.Counted, place.Start, place.Expires);
        command.Parameters.AddWithValue("@told", told);
        command.ExecuteNonQuery();
    }

    public static long BatchOf(SqliteTransaction transaction, string journal)
    {
        using var command = CommandOf(
            transaction,
            "SELECT number FROM budget_batch WHERE journal = @journal"
        );
        command.Parameters.AddWithValue("@journal", journal);
        return command.ExecuteScalar() is long number ? number : 0;
    }

    public static void SetBatch(SqliteTransaction transaction, string journal, long number)
    {
        using var command = CommandOf(
            transaction,
            """
            INSERT INTO budget_batch (journal, number) VALUES (@journal, @number)
            ON CONFLICT (journal) DO UPDATE SET number = excluded.number
            """
        );
        command.Parameters.AddWithValue("@journal", journal);
        command.Parameters.AddWithValue("@number", number);
        command.ExecuteNonQuery();
    }

    public static void ForgetBefore(SqliteTransaction transaction, DateTimeOffset time)
    {
        using var command = CommandOf(
            transaction,
            "DELETE FROM budget_period WHERE expires_us < @time"
        );
        command.Parameters.AddWithValue("@time", Microseconds.Of(time));
        command.ExecuteNonQuery();
    }

    public static List<StoredPeriod> Live(SqliteTransaction transaction, DateTimeOffset now)
    {
        using var command = CommandOf(transaction, LiveSql);
        command.Parameters.AddWithValue("@now", Microseconds.Of(now));
        var live = new List<StoredPeriod>();
        using var row = command.ExecuteReader();
        while (row.Read())
            live.Add(
                new StoredPeriod(
                    row.GetString(0),
                    row.GetString(1),
                    Microseconds.Time(row.GetInt64(2)),
                    Microseconds.Time(row.GetInt64(3))
                )
                {
                    SpentNanoUsd = row.GetInt64(4),
                    Calls = row.GetInt64(5),
                    OverrunNanoUsd = row.GetInt64(6),
                    OrphanedNanoUsd = row.GetInt64(7),
                    Told =
                    [
                        .. row.GetString(8)
                            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                            .Select(static share =>
                                decimal.Parse(share, CultureInfo.InvariantCulture)
                            ),
                    ],
                }
            );
        return live;
    }

    private static void Place(
        SqliteCommand command,
        string budget,
        string counted,
        DateTimeOffset start,
        DateTimeOffset expires
    )
    {
        command.Parameters.AddWithValue("@budget", budget);
        command.Parameters.AddWithValue("@counted", counted);
        command.Parameters.AddWithValue("@start", Microseconds.Of(start));
        command.Parameters.AddWithValue("@expires", Microseconds.Of(expires));
    }

    private static SqliteCommand CommandOf(SqliteTransaction transaction, string sql)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // constants of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}

/// <summary>What is added to a period.</summary>
internal record struct BudgetSum(
    string Budget,
    string Counted,
    DateTimeOffset Start,
    DateTimeOffset Expires
)
{
    public long Spent;
    public long Calls;
    public long Overrun;
    public long Orphaned;
}
