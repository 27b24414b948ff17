using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Dragoman.Usage;

/// <summary>
/// Gathers records and stores them in groups on a thread of its own, which sleeps while there are none. Memory is bounded: past
/// <see cref="UsageLedgerOptions.Capacity"/> appending waits. A failing store is tried again until it takes the records.
/// </summary>
public sealed partial class UsageLedger : IUsageLedger, IAsyncDisposable, IDisposable
{
    // Guards everything below. Not a Lock: the writer sleeps on it with Monitor.Wait.
#pragma warning disable MA0158
    private readonly object _gate = new();
#pragma warning restore MA0158
    private readonly Queue<Waiting> _waiting = [];
    private readonly Queue<Flush> _flushes = [];
    private readonly TaskCompletionSource _ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly IUsageStore _store;
    private readonly UsageLedgerOptions _options;
    private readonly ILogger _logger;
    private List<UsageRecord> _queued = [];
    private List<UsageRecord> _batch = [];
    private long _oldestQueuedAt;
    private long _appended;
    private long _stored;
    private bool _hurry;
    private bool _closing;
    private long _closingSince;
    private volatile string? _trouble;

    public UsageLedger(IUsageStore store, UsageLedgerOptions options, ILogger<UsageLedger> logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 1);
        _store = store;
        _options = options;
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "dragoman-ledger" }.Start();
    }

    public int QueueDepth
    {
        get
        {
            lock (_gate)
                return (int)(_appended - _stored);
        }
    }

    /// <summary>What to tell a health probe while records cannot be stored; null while they can. Why is in the log only.</summary>
    public string? Trouble => _trouble;

    public ValueTask AppendAsync(UsageRecord record)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            _appended++;
            // Those who wait already go first.
            if (HasRoom && _waiting.Count == 0)
            {
                Enqueue(record);
                return ValueTask.CompletedTask;
            }
            var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(new Waiting(record, room));
            return new ValueTask(room.Task);
        }
    }

    public Task FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_appended == _stored)
                return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _flushes.Enqueue(new Flush(_appended, done));
            Hurry();
            return done.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stores what was appended and ends; appending afterwards throws.</summary>
    public async ValueTask DisposeAsync()
    {
        Close();
        await _ended.Task;
    }

    public void Dispose()
    {
        Close();
        _ended.Task.GetAwaiter().GetResult();
    }

    private bool HasRoom => _queued.Count + _batch.Count < _options.Capacity;

    private void Enqueue(UsageRecord record)
    {
        _queued.Add(record);
        if (_queued.Count == 1)
        {
            _oldestQueuedAt = Stopwatch.GetTimestamp();
            Monitor.Pulse(_gate);
        }
        if (_queued.Count == (_options.Capacity + 1) / 2)
            Hurry();
    }

    private void Hurry()
    {
        _hurry = true;
        Monitor.Pulse(_gate);
    }

    private void Close()
    {
        lock (_gate)
        {
            if (_closing)
                return;
            _closing = true;
            _closingSince = Stopwatch.GetTimestamp();
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (TakeBatch())
        {
            if (TryStore())
                Settle();
            else
                GiveUp();
        }
        _ended.SetResult();
    }

    /// <summary>Sleeps until there are records and their wait is over; false when the ledger is closed and empty.</summary>
    private bool TakeBatch()
    {
        lock (_gate)
        {
            while (_queued.Count == 0)
            {
                if (_closing)
                    return false;
                Monitor.Wait(_gate);
            }
            while (
                !_hurry
                && !_closing
                && Left(_oldestQueuedAt, _options.CommitDelay) is var left and > 0
            )
                Monitor.Wait(_gate, left);
            (_queued, _batch) = (_batch, _queued);
            _hurry = false;
            return true;
        }
    }

    private bool TryStore()
    {
        var wait = _options.FirstRetry;
        for (var failures = 0; ; failures++)
        {
            try
            {
                // Only this thread touches the batch while it is stored.
                _store.Write(CollectionsMarshal.AsSpan(_batch));
                if (failures > 0)
                    Recovered(failures);
                return true;
            }
            catch (Exception exception)
            {
                if (failures == 0)
                    Failing(exception);
            }
            if (!MayTryAgainAfter(wait))
                return false;
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, _options.LongestRetry.Ticks));
        }
    }

    // Told once each way, however often it is tried between.
    private void Failing(Exception exception)
    {
        _trouble = "usage records cannot be stored; they are kept in memory until they can";
        Log.StoreFails(_logger, exception);
    }

    private void Recovered(int failures)
    {
        _trouble = null;
        Log.StoreRecovered(_logger, failures);
    }

    private bool MayTryAgainAfter(TimeSpan wait)
    {
        lock (_gate)
        {
            var (since, wasClosing) = (Stopwatch.GetTimestamp(), _closing);
            while (_closing == wasClosing && Left(since, wait) is var left and > 0)
                Monitor.Wait(_gate, left);
            return !_closing || Left(_closingSince, _options.ShutdownPatience) > 0;
        }
    }

    private void Settle()
    {
        lock (_gate)
        {
            _stored += _batch.Count;
            _batch.Clear();
            while (HasRoom && _waiting.TryDequeue(out var waiting))
            {
                Enqueue(waiting.Record);
                waiting.Room.SetResult();
            }
            while (_flushes.TryPeek(out var flush) && flush.Target <= _stored)
                _flushes.Dequeue().Done.SetResult();
            if (_flushes.Count > 0)
                _hurry = true;
        }
    }

    /// <summary>The process ends and the store still fails: nobody is kept waiting, and the loss is told.</summary>
    private void GiveUp()
    {
        lock (_gate)
        {
            Log.RecordsLost(_logger, _appended - _stored);
            _stored = _appended;
            _batch.Clear();
            _queued.Clear();
            while (_waiting.TryDequeue(out var waiting))
                waiting.Room.SetResult();
            while (_flushes.TryDequeue(out var flush))
                flush.Done.SetException(
                    new IOException("The usage store failed until the process ended.")
                );
        }
    }

    private static int Left(long since, TimeSpan span) =>
        (int)Math.Ceiling((span - Stopwatch.GetElapsedTime(since)).TotalMilliseconds);

    private readonly record struct Waiting(UsageRecord Record, TaskCompletionSource Room);

    private readonly record struct Flush(long Target, TaskCompletionSource Done);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "Usage records cannot be stored; they are kept in memory and tried again."
        )]
        public static partial void StoreFails(ILogger logger, Exception exception);

        [LoggerMessage(
            LogLevel.Information,
            "Usage records are stored again after {Failures} failed tries; none was lost."
        )]
        public static partial void StoreRecovered(ILogger logger, int failures);

        [LoggerMessage(
            LogLevel.Critical,
            "{Count} usage records are lost: the store failed until the process ended."
        )]
        public static partial void RecordsLost(ILogger logger, long count);
    }
}
