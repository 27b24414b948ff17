using Dragoman.Access.Sessions;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;

namespace Dragoman.Tests.Storage;

public sealed class SqliteSessionStoreTests : SessionStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteSessionStoreTests() =>
        _database = SqliteDatabase.Open(new DatabaseLocation(_folder.File("sessions.db")));

    private protected override ISessionStore Store => field ??= new SqliteSessionStore(_database);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
