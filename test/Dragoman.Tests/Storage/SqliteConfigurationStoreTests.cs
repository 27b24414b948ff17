using Dragoman.Configuration.Stored;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;

namespace Dragoman.Tests.Storage;

public sealed class SqliteConfigurationStoreTests : ConfigurationStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteConfigurationStoreTests() =>
        _database = SqliteDatabase.Open(new DatabaseLocation(_folder.File("configuration.db")));

    protected override IConfigurationStore Store =>
        field ??= new SqliteConfigurationStore(_database);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
