using Dragoman.TestKit;
using Dragoman.Usage;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Usage;

public sealed class UsageLedgerTests : IAsyncDisposable
{
    /// <summary>Longer than any test: what is stored was stored for another reason.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly ScriptedUsageStore _store = new();
    private readonly LogLines<UsageLedger> _log = new();
    private UsageLedger? _ledger;

    public async ValueTask DisposeAsync()
    {
        _store.Unblock();
        if (_ledger is not null)
            await _ledger.DisposeAsync();
        _store.Dispose();
    }

    [Fact]
    public async Task Append_Alone_IsStoredAfterTheDelay()
    {
        var ledger = Start(new UsageLedgerOptions { CommitDelay = TimeSpan.FromMilliseconds(1) });

        await ledger.AppendAsync(UsageRecords.Bare(1));
        await _store.NextTryAsync();
        await ledger.DisposeAsync();

        _store.Ids.ShouldBe([1]);
    }

    [Fact]
    public async Task Append_Many_ShareOneWriteInOrder()
    {
        var ledger = Start(new UsageLedgerOptions { CommitDelay = Never });

        await AppendAsync(ledger, 3, 1, 2);
        ledger.QueueDepth.ShouldBe(3);
        await ledger.FlushAsync();

        _store.Writes.ShouldHaveSingleItem().ShouldBe([3, 1, 2]);
        ledger.QueueDepth.ShouldBe(0);
    }

    [Fact]
    public async Task Append_HalfOfTheRoomTaken_IsStoredWithoutDelay()
    {
        var ledger = Start(new UsageLedgerOptions { CommitDelay = Never, Capacity = 4 });

        await AppendAsync(ledger, 1, 2);
        await _store.NextTryAsync();
    }

    [Fact]
    public async Task Append_NoRoom_WaitsAndKeepsTheOrder()
    {
        var ledger = Start(
            new UsageLedgerOptions { CommitDelay = TimeSpan.FromMilliseconds(1), Capacity = 2 }
        );
        _store.Block();

        await AppendAsync(ledger, 1, 2);
        await _store.NextTryAsync();
        var third = ledger.AppendAsync(UsageRecords.Bare(3));
        var fourth = ledger.AppendAsync(UsageRecords.Bare(4));
        var fifth = ledger.AppendAsync(UsageRecords.Bare(5));

        third.IsCompleted.ShouldBeFalse();
        ledger.QueueDepth.ShouldBe(5);
        _store.Unblock();
        await third;
        await fourth;
        await fifth;
        await ledger.FlushAsync();
        _store.Ids.ShouldBe([1, 2, 3, 4, 5]);
        _store.Writes.ShouldAllBe(ids => ids.Length <= 2);
    }

    [Fact]
    public async Task Append_WithRoom_AllocatesNothing()
    {
        var ledger = Start(new UsageLedgerOptions { CommitDelay = Never });
        var records = Enumerable.Range(1, 500).Select(id => UsageRecords.Bare(id)).ToArray();
        // Both of the ledger's lists grow to their size once.
        for (var round = 0; round < 3; round++)
        {
            AppendAll();
            await ledger.FlushAsync();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        AppendAll();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void AppendAll()
        {
            foreach (var record in records)
                ledger.AppendAsync(record).IsCompletedSuccessfully.ShouldBeTrue();
        }
    }

    [Fact]
    public void Flush_NothingAppended_CompletesAtOnce()
    {
        var ledger = Start(new UsageLedgerOptions { CommitDelay = Never });

        ledger.FlushAsync().IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Flush_WhileAnEarlierBatchIsStored_WaitsForItsOwn()
    {
        var ledger = Start(new UsageLedgerOptions { CommitDelay = Never });
        _store.Block();
        await AppendAsync(ledger, 1);
        var first = ledger.FlushAsync();
        await _store.NextTryAsync();
        await AppendAsync(ledger, 2);

        var second = ledger.FlushAsync();

        first.IsCompleted.ShouldBeFalse();
        second.IsCompleted.ShouldBeFalse();
        _store.Unblock();
        await first;
        await second;
        _store.Writes.ShouldBe([
            [1],
            [2],
        ]);
    }

    [Fact]
    public async Task Flush_GivenUpByItsCaller_StillStores()
    {
        var ledger = Start(new UsageLedgerOptions { CommitDelay = Never });
        _store.Block();
        await AppendAsync(ledger, 1);
        using var impatient = new CancellationTokenSource();

        var flush = ledger.FlushAsync(impatient.Token);
        await impatient.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(flush);
        _store.Unblock();
        await ledger.FlushAsync();
        _store.Ids.ShouldBe([1]);
    }

    [Fact]
    public async Task Store_FailsAndRecovers_LosesNothingAndSaysSoOnce()
    {
        var ledger = Start(
            new UsageLedgerOptions
            {
                CommitDelay = TimeSpan.FromMilliseconds(1),
                FirstRetry = TimeSpan.FromMilliseconds(1),
                LongestRetry = TimeSpan.FromMilliseconds(2),
            }
        );
        _store.Fail();
        await AppendAsync(ledger, 1, 2);
        for (var tries = 0; tries < 4; tries++)
            await _store.NextTryAsync();
        await AppendAsync(ledger, 3);

        ledger.Trouble.ShouldNotBeNull();
        _store.Recover();
        await ledger.FlushAsync();

        _store.Ids.ShouldBe([1, 2, 3]);
        ledger.Trouble.ShouldBeNull();
        _log.All.Select(line => line.Level).ShouldBe([LogLevel.Error, LogLevel.Information]);
    }

    [Fact]
    public async Task Dispose_WithRecordsWaiting_StoresThem()
    {
        var ledger = Start(new UsageLedgerOptions { CommitDelay = Never, Capacity = 2 });
        _store.Block();
        await AppendAsync(ledger, 1, 2);
        var waiting = ledger.AppendAsync(UsageRecords.Bare(3));
        var disposal = ledger.DisposeAsync();

        _store.Unblock();
        await disposal;

        await waiting;
        _store.Ids.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Dispose_StoreStillFails_EndsAndTellsTheLoss()
    {
        var ledger = Start(
            new UsageLedgerOptions { CommitDelay = Never, ShutdownPatience = TimeSpan.Zero }
        );
        _store.Fail();
        await AppendAsync(ledger, 1, 2);
        var flush = ledger.FlushAsync();

        await ledger.DisposeAsync();

        await Should.ThrowAsync<IOException>(flush);
        var (level, text) = _log.All.Last();
        level.ShouldBe(LogLevel.Critical);
        text.ShouldStartWith("2 usage records are lost");
    }

    [Fact]
    public async Task Append_AfterDisposal_Throws()
    {
        var ledger = Start(new UsageLedgerOptions());
        await ledger.DisposeAsync();
        await ledger.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(async () =>
            await ledger.AppendAsync(UsageRecords.Bare(1))
        );
    }

    private UsageLedger Start(UsageLedgerOptions options) =>
        _ledger = new UsageLedger(_store, options, _log);

    private static async Task AppendAsync(UsageLedger ledger, params long[] ids)
    {
        foreach (var id in ids)
            await ledger.AppendAsync(UsageRecords.Bare(id));
    }
}
