using Dragoman.Conversations;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Conversations;

public class InMemoryResponseStoreTests : ResponseStoreContract
{
    protected override IResponseStore Store => field ??= new InMemoryResponseStore(Options, Time);

    [Fact]
    public async Task Put_MoreBytesThanThereIsRoomFor_ForgetsTheOldest()
    {
        var store = new InMemoryResponseStore(Options with { MemoryBytes = 1000 }, Time);
        for (var i = 0; i < 4; i++)
            store.Put(Answer($"resp_{i}"));

        (await store.FindAsync("me", "resp_0")).ShouldBeNull();
        (await store.FindAsync("me", "resp_3")).ShouldNotBeNull();
    }
}
