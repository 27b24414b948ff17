using Dragoman.Routing.Quality;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Quality;

public sealed class InMemoryFeedbackStoreTests : FeedbackStoreContract
{
    protected override IFeedbackStore Store { get; } = new InMemoryFeedbackStore();

    [Fact]
    public async Task Put_BeyondTheCapacity_ForgetsTheOldestRequests()
    {
        var store = new InMemoryFeedbackStore(capacity: 2);
        foreach (var id in (long[])[3, 1, 2])
            await store.PutAsync(Of(id));

        var kept = await store.SinceAsync(DateTimeOffset.UnixEpoch);

        kept.Select(static feedback => feedback.Request.Value).ShouldBe([2, 3]);
    }
}
