using System.Text;
using Dragoman.Access;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Storage;

public sealed class SqliteKeyStoreTests : KeyStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteKeyStoreTests() =>
        _database = SqliteDatabase.Open(new DatabaseLocation(_folder.File("keys.db")));

    private protected override IKeyStore Store => field ??= new SqliteKeyStore(_database);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Add_ThenOpenedAgain_IsThere()
    {
        await Store.AddAsync(KeyFacts.Full(7));

        using var again = SqliteDatabase.Open(new DatabaseLocation(_database.Path));

        (await new SqliteKeyStore(again).ReadAllAsync())
            .ShouldHaveSingleItem()
            .Key.Name.ShouldBe(KeyFacts.Full(7).Name);
    }

    [Fact]
    public async Task Add_AKey_WritesNoPartOfTheSecretButItsEnd()
    {
        var secret = KeySecret.Make();
        await Store.AddAsync(KeyFacts.Bare(1, secret) with { LastFour = secret[^4..] });

        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            await using var stream = new FileStream(
                file,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite
            );
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var text = await reader.ReadToEndAsync();
            text.ShouldNotContain(secret[6..20]);
            text.ShouldNotContain(secret[^12..]);
        }
    }
}
