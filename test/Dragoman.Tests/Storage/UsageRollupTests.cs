using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Dragoman.Usage;
using Microsoft.Data.Sqlite;
using Shouldly;
using SQLitePCL;
using Xunit;

namespace Dragoman.Tests.Storage;

public sealed class UsageRollupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteUsageStore _store;
    private readonly UsageRecord[] _records =
    [
        .. new UsageHistory(
            12_000,
            UsageRecords.Noon,
            TimeSpan.FromDays(20),
            executions: 1_500
        ).Records(),
    ];

    public UsageRollupTests()
    {
        _database = SqliteDatabase.Open(new DatabaseLocation(_folder.File("usage.db")));
        _store = new SqliteUsageStore(_database);
    }

    public void Dispose()
    {
        _store.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Write_MoreThanTheTailHolds_FoldsIt()
    {
        Write(_records);

        Scalar(_database.Writer, "SELECT COUNT(*) FROM usage_tail")
            .ShouldBeLessThan(SqliteUsageStore.FoldAt);
        (
            Scalar(
                _database.Writer,
                "SELECT SUM(calls) FROM usage_rollup WHERE cut = 0 AND grain = 2"
            ) + Scalar(_database.Writer, "SELECT COUNT(*) FROM usage_tail")
        ).ShouldBe(_records.Length);
    }

    [Fact]
    public async Task Fold_FailsHalfWay_CountsNothingTwiceAndLosesNothing()
    {
        var half = SqliteUsageStore.FoldAt - 100;
        Write(_records[..half]);
        Execute(
            """
            CREATE TRIGGER stumble BEFORE DELETE ON usage_tail WHEN old.id % 50 = 0 BEGIN SELECT RAISE(ABORT, 'stumbled'); END
            """
        );
        Should.Throw<SqliteException>(() => Write(_records[half..]));
        await ShouldHoldAsync(_store, _records[..(half + 200)]);

        // As the ledger does, with the very batch that seemed to fail.
        Execute("DROP TRIGGER stumble");
        Write(_records[half..]);

        await ShouldHoldAsync(_store, _records);
    }

    [Fact]
    public async Task Open_FilesOfAProcessKilledAtAnyTime_HoldsWhatWasCommitted()
    {
        for (var i = 0; i < _records.Length; i += 1_000)
        {
            Write(_records[i..(i + 1_000)]);
            // What a killed process leaves: the file and its log as they are, nothing closed.
            var image = _folder.File($"killed-{i}.db");
            File.Copy(_database.Path, image);
            File.Copy(_database.Path + "-wal", image + "-wal");

            using var database = SqliteDatabase.Open(new DatabaseLocation(image));
            using var store = new SqliteUsageStore(database);
            await ShouldHoldAsync(store, _records[..(i + 1_000)]);
        }
    }

    [Fact]
    public void Read_AnyQuestion_ScansNeitherRecordsNorSums()
    {
        Write(_records);
        using var connection = _database.OpenReader();
        var statements = new HashSet<string>(StringComparer.Ordinal);
        raw.sqlite3_trace(connection.Handle, (_, sql) => statements.Add(sql), null);
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
            _ = new UsageSummaryReader(
                connection.Handle!,
                UsageQuestions.Next(random, _records)
            ).Read();
        raw.sqlite3_trace(connection.Handle, (strdelegate_trace?)null, null);

        statements.Count.ShouldBeGreaterThan(300);
        foreach (var statement in statements)
        {
            foreach (var step in Plan(connection, statement))
                Scans(step).ShouldBeFalse($"{step}: {statement}");
        }
    }

    [Fact]
    public void List_Filtered_ReadsTheIndexAlone()
    {
        using var connection = _database.OpenReader();
        using var command = connection.CreateCommand();
        UsageListSql.Compose(
            command,
            new UsageQuery
            {
                Model = "gpt-4o",
                Provider = "openai",
                Workspace = "w",
                Before = new(7),
                Since = UsageRecords.Noon,
            }
        );
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;

        var plan = Lines(command);

        plan.ShouldContain(step => step.Contains("COVERING INDEX usage_facts"));
        plan.Any(Scans).ShouldBeFalse();
    }

    /// <summary>Whether a step of a plan reads a whole table. The tail may be: it is short.</summary>
    private static bool Scans(string step) =>
        step.StartsWith("SCAN ", StringComparison.Ordinal)
        && !step.StartsWith("SCAN t", StringComparison.Ordinal)
        && !step.Contains("CONSTANT", StringComparison.Ordinal);

    private static async Task ShouldHoldAsync(SqliteUsageStore store, UsageRecord[] records)
    {
        var query = new UsageSummaryQuery
        {
            By = UsageGrouping.Workspace,
            From = UsageRecords.Noon.AddDays(-1),
            To = UsageRecords.Noon.AddDays(30.3),
        };
        var (totals, rows) = UsageQuestions.Answer(records, query);

        var summary = await store.SummarizeAsync(query);

        summary.Totals.ShouldBe(totals);
        summary
            .Rows.ToDictionary(row => row.Name ?? "", row => row.Sums)
            .ShouldBe(rows, ignoreOrder: true);
    }

    private void Write(UsageRecord[] records)
    {
        foreach (var batch in records.Chunk(200))
            _store.Write(batch);
    }

    private void Execute(string sql)
    {
        using var command = _database.Writer.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<string> Plan(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + statement;
        return Lines(command);
    }

    private static List<string> Lines(SqliteCommand command)
    {
        var lines = new List<string>();
        using var row = command.ExecuteReader();
        while (row.Read())
            lines.Add(row.GetString(3));
        return lines;
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
