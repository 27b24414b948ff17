using Dragoman.TestKit;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Usage;

public sealed class InMemoryUsageStoreTests : UsageStoreContract
{
    protected override IUsageStore Store { get; } = new InMemoryUsageStore(capacity: 50_000);

    [Fact]
    public async Task Write_PastCapacity_ForgetsTheOldest()
    {
        var store = new InMemoryUsageStore(capacity: 2);

        store.Write([UsageRecords.Bare(2), UsageRecords.Bare(1), UsageRecords.Bare(3)]);

        (await store.ListAsync(new UsageQuery()))
            .Select(record => record.Id.Value)
            .ShouldBe([3, 2]);
    }
}
