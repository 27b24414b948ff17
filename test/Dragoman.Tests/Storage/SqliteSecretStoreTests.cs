using Dragoman.Secrets;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;

namespace Dragoman.Tests.Storage;

public sealed class SqliteSecretStoreTests : SecretStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteSecretStoreTests() =>
        _database = SqliteDatabase.Open(new DatabaseLocation(_folder.File("secrets.db")));

    protected override ISecretStore Store => field ??= new SqliteSecretStore(_database);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
