using Dragoman.Access.People;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;

namespace Dragoman.Tests.Storage;

public sealed class SqlitePeopleStoreTests : PeopleStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqlitePeopleStoreTests() =>
        _database = SqliteDatabase.Open(new DatabaseLocation(_folder.File("people.db")));

    private protected override IPeopleStore Store => field ??= new SqlitePeopleStore(_database);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
