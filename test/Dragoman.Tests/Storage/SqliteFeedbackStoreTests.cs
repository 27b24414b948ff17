using Dragoman.Routing.Quality;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Storage;

public sealed class SqliteFeedbackStoreTests : FeedbackStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteFeedbackStoreTests() =>
        _database = SqliteDatabase.Open(new DatabaseLocation(_folder.File("feedback.db")));

    protected override IFeedbackStore Store => field ??= new SqliteFeedbackStore(_database);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Put_ThenOpenedAgain_IsThere()
    {
        await Store.PutAsync(Of(7, score: 0.75));

        using var again = SqliteDatabase.Open(new DatabaseLocation(_database.Path));

        (await new SqliteFeedbackStore(again).SinceAsync(DateTimeOffset.UnixEpoch))
            .ShouldHaveSingleItem()
            .Score.ShouldBe(0.75);
    }
}
