using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every usage store must do; a new one inherits this and says how it is made.</summary>
public abstract class UsageStoreContract
{
    /// <summary>An empty store.</summary>
    protected abstract IUsageStore Store { get; }

    [Fact]
    public async Task Find_FullRecord_GivesEveryMemberBack()
    {
        var written = UsageRecords.Full(42);
        Store.Write([written]);

        ShouldBeSame(await Store.FindAsync(written.Id), written);
    }

    [Fact]
    public async Task Find_BareRecord_GivesAbsentBackAsAbsent()
    {
        var written = UsageRecords.Bare(42);
        Store.Write([written]);

        var read = await Store.FindAsync(written.Id);

        ShouldBeSame(read, written);
        read!.Usage.ShouldBeNull();
        read.CostNanoUsd.ShouldBeNull();
        read.FirstContent.ShouldBeNull();
    }

    [Fact]
    public async Task Find_ZerosAndEmptyTexts_AreNotAbsent()
    {
        var written = UsageRecords.Bare(42, caller: "") with
        {
            Route = "",
            Reason = "",
            Usage = new TokenUsage { Input = 0, ReportedCostUsd = 0.00m },
            CostNanoUsd = 0,
            FirstContent = TimeSpan.Zero,
            Attempts =
            [
                new AttemptRecord
                {
                    Deployment = "",
                    Outcome = "",
                    Usage = new(),
                },
            ],
        };
        Store.Write([written]);

        ShouldBeSame(await Store.FindAsync(written.Id), written);
    }

    [Fact]
    public async Task Write_TextWithHalfSurrogate_IsStored()
    {
        var attempt = new AttemptRecord
        {
            Deployment = "a/b",
            Outcome = "error",
            Error = "half \ud83d of a dragon",
        };
        Store.Write([UsageRecords.Bare(42, caller: "\udc09") with { Attempts = [attempt] }]);

        var read = await Store.FindAsync(new RequestId(42));

        read!.Attempts[0].Error.ShouldStartWith("half ");
        read.Attempts[0].Error.ShouldEndWith(" of a dragon");
    }

    [Fact]
    public async Task Write_SameIdAgain_KeepsTheFirst()
    {
        var first = UsageRecords.Usual(42);
        Store.Write([first]);

        Store.Write([first with { CostNanoUsd = 1 }, UsageRecords.Usual(43)]);

        (await Store.ListAsync(new UsageQuery()))
            .Select(record => record.Id.Value)
            .ShouldBe([43, 42]);
        ShouldBeSame(await Store.FindAsync(first.Id), first);
    }

    [Fact]
    public async Task Find_UnknownId_IsNull()
    {
        Store.Write([UsageRecords.Bare(1)]);

        (await Store.FindAsync(new RequestId(2))).ShouldBeNull();
    }

    [Fact]
    public async Task List_InPages_GivesEachRecordOnceNewestFirst()
    {
        Store.Write([UsageRecords.Bare(3), UsageRecords.Bare(1), UsageRecords.Bare(5)]);
        Store.Write([UsageRecords.Bare(4), UsageRecords.Bare(2)]);
        var seen = new List<long>();

        RequestId? before = null;
        while (
            await Store.ListAsync(new UsageQuery { Before = before, Limit = 2 })
                is { Count: > 0 } page
        )
        {
            page.Count.ShouldBeLessThanOrEqualTo(2);
            seen.AddRange(page.Select(record => record.Id.Value));
            before = page[^1].Id;
        }

        seen.ShouldBe([5, 4, 3, 2, 1]);
    }

    [Fact]
    public async Task List_OfOneCaller_LeavesOthersOut()
    {
        Store.Write([UsageRecords.Bare(1, "a"), UsageRecords.Bare(2, "b"), UsageRecords.Bare(3)]);
        Store.Write([UsageRecords.Bare(4, "a")]);

        var page = await Store.ListAsync(new UsageQuery { Caller = "a" });

        page.Select(record => record.Id.Value).ShouldBe([4, 1]);
    }

    [Fact]
    public async Task List_LimitBelowOne_IsRefused() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await Store.ListAsync(new UsageQuery { Limit = 0 })
        );

    private static void ShouldBeSame(UsageRecord? read, UsageRecord written)
    {
        read.ShouldNotBeNull();
        read.Attempts.ShouldBe(written.Attempts);
        read.Skipped.ShouldBe(written.Skipped);
        read.Changes.ShouldBe(written.Changes);
        read.Tags.ShouldBe(written.Tags);
        // Lists compare by reference; everything else by value.
        (
            read with
            {
                Attempts = written.Attempts,
                Skipped = written.Skipped,
                Changes = written.Changes,
                Tags = written.Tags,
            }
        ).ShouldBe(written);
    }
}
