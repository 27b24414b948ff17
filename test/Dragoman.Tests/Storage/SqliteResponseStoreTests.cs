using Dragoman.Conversations;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Storage;

public sealed class SqliteResponseStoreTests : ResponseStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteResponseStoreTests() =>
        _database = SqliteDatabase.Open(new DatabaseLocation(_folder.File("responses.db")));

    protected override IResponseStore Store =>
        field ??= new SqliteResponseStore(_database, Options, Time);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Put_ThenOpenedAgain_IsThere()
    {
        Store.Put(Answer("resp_1"));

        using var again = SqliteDatabase.Open(new DatabaseLocation(_database.Path));

        (
            await new SqliteResponseStore(again, Options, Time).FindAsync("me", "resp_1")
        ).ShouldNotBeNull();
    }
}
