using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Storage;

public sealed class SqliteUsageStoreTests : UsageStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteUsageStore _store;

    public SqliteUsageStoreTests()
    {
        _database = SqliteDatabase.Open(new DatabaseLocation(_folder.File("usage.db")));
        _store = new SqliteUsageStore(_database);
    }

    protected override IUsageStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Write_OneRecordCannotBeStored_StoresNone()
    {
        var broken = UsageRecords.Bare(2) with { Dialect = null! };

        Should.Throw<Exception>(() => _store.Write([UsageRecords.Bare(1), broken]));
        _store.Write([UsageRecords.Bare(3)]);

        (await _store.ListAsync(new UsageQuery())).Select(record => record.Id.Value).ShouldBe([3]);
    }

    [Fact]
    public async Task Write_ThenOpenedAgain_IsThere()
    {
        _store.Write([UsageRecords.Usual(1)]);

        using var again = SqliteDatabase.Open(new DatabaseLocation(_database.Path));
        using var store = new SqliteUsageStore(again);

        (await store.FindAsync(new(1))).ShouldNotBeNull();
    }

    [Fact]
    public void Dispose_StoreThenDatabase_LeavesOneWholeFile()
    {
        _store.Write([UsageRecords.Usual(1)]);

        _store.Dispose();
        _database.Dispose();

        Directory.GetFiles(_folder.Path).ShouldBe([_database.Path]);
    }

    [Fact]
    public async Task List_WhileAnotherProcessWrites_ReadsWhatWasCommitted()
    {
        _store.Write([UsageRecords.Usual(1)]);
        using var other = SqliteDatabase.Open(new DatabaseLocation(_database.Path));
        using var transaction = other.Writer.BeginTransaction(deferred: false);
        using var command = other.Writer.CreateCommand();
        command.CommandText = "DELETE FROM usage";
        command.Transaction = transaction;
        command.ExecuteNonQuery();

        (await _store.ListAsync(new UsageQuery())).ShouldHaveSingleItem();
    }
}
