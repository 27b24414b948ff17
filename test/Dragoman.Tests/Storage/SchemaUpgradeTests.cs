using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
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

    private SqliteDatabase Open() =>
        SqliteDatabase.Open(new DatabaseLocation(_folder.File("usage.db")));

    private void MakeOlderDatabase(int script)
    {
        SqliteEngine.Load();
        using var connection = new SqliteConnection(
            $"Data Source={_folder.File("usage.db")};Pooling=false"
        );
        connection.Open();
        SchemaUpgrade.Apply(connection, script);
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO usage (id, started_at_us, dialect, operation, deployment, streamed, outcome, status, input, output,
                usage_estimated, cost_nano_usd, cost_basis, total_us, overhead_us)
            VALUES (7, 1772625600000000, 'openai', 'chat', 'openai/gpt-4o', 0, 'succeeded', 200, 10, 5, 0, 1500, 'computed', 900, 90)
            """;
        command.ExecuteNonQuery();
    }
}
