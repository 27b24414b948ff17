using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Dragoman.Usage;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Storage;

public sealed class SchemaUpgradeTests : IDisposable
{
    private const int BeforeDimensions = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Apply_RecordsOfAnOlderProgram_KeepsThemAndTheNewColumnsAreAbsent()
    {
        MakeOlderDatabase(BeforeDimensions);

        using var database = Open();
        using var store = new SqliteUsageStore(database);
        store.Write([UsageRecords.Full(8)]);

        var old = (await store.FindAsync(new(7))).ShouldNotBeNull();
        old.Deployment.ShouldBe("openai/gpt-4o");
        old.CostNanoUsd.ShouldBe(1_500);
        old.Usage!.Input.ShouldBe(10);
        old.Workspace.ShouldBeNull();
        old.Tags.ShouldBeEmpty();
        (await store.FindAsync(new(8)))!.Workspace.ShouldBe("legal");
    }

    [Fact]
    public async Task Open_RecordsOfAProgramWithoutSums_AddsThemAndTellsTheLog()
    {
        MakeOlderDatabase(BeforeDimensions, records: 20_000);
        var log = new LogLines<SqliteUsageStore>();

        using var database = Open();
        using var store = new SqliteUsageStore(database, log);

        var summary = await store.SummarizeAsync(
            new UsageSummaryQuery
            {
                By = UsageGrouping.Day,
                From = UsageRecords.Noon.AddDays(-400),
                To = UsageRecords.Noon.AddDays(400),
            }
        );
        summary.Totals.Calls.ShouldBe(20_000);
        summary.Totals.CostNanoUsd.ShouldBe(20_000 * 1_500);
        summary.Rows.Count.ShouldBeGreaterThan(10);
        log.All.First().Text.ShouldContain("20000");
    }

    private SqliteDatabase Open() =>
        SqliteDatabase.Open(new DatabaseLocation(_folder.File("usage.db")));

    private void MakeOlderDatabase(int script, int records = 1)
    {
        SqliteEngine.Load();
        using var connection = new SqliteConnection(
            $"Data Source={_folder.File("usage.db")};Pooling=false"
        );
        connection.Open();
        SchemaUpgrade.Apply(connection, script);
        using var command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE n(i) AS (SELECT 7 UNION ALL SELECT i + 1 FROM n WHERE i < 6 + @records)
            INSERT INTO usage (id, started_at_us, dialect, operation, deployment, streamed, outcome, status, input, output,
                usage_estimated, cost_nano_usd, cost_basis, total_us, overhead_us)
            SELECT i, 1772625600000000 + i * 60000000, 'openai', 'chat', 'openai/gpt-4o', 0, 'succeeded', 200, 10, 5, 0, 1500,
                'computed', 900, 90 FROM n
            """;
        command.Parameters.AddWithValue("@records", records);
        command.ExecuteNonQuery();
    }
}
