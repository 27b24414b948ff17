namespace Dragoman.TestKit;

/// <summary>A clock that stands still until it is moved; its timestamps count microseconds. Its timers fire while it is moved, in order.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _microseconds;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => Volatile.Read(ref _microseconds);

    public override DateTimeOffset GetUtcNow() =>
        DateTimeOffset.UnixEpoch.AddYears(56).AddMicroseconds(GetTimestamp());

    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock; every timer that falls due on the way fires at its own moment, before this returns.</summary>
    public void Advance(TimeSpan by)
    {
        var target = GetTimestamp() + Micros(by);
        while (true)
        {
            ManualTimer? next;
            lock (_lock)
            {
                next = _timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
                Volatile.Write(
                    ref _microseconds,
                    next is null ? target : Math.Max(_microseconds, next.Due)
                );
                if (next is null)
                    return;
                next.Reschedule();
            }
            next.Fire();
        }
    }

    /// <summary>Moves the clock to the next timer, which fires before this returns; false where none is set.</summary>
    public bool AdvanceToNextTimer()
    {
        long due;
        lock (_lock)
        {
            if (_timers.Count == 0)
                return false;
            due = Math.Max(0, _timers.Min(static timer => timer.Due) - _microseconds);
        }
        Advance(TimeSpan.FromMicroseconds(due));
        return true;
    }

    /// <summary>Waits, in real time, until a timer is set that falls due between these two spans from now.</summary>
    public async Task UntilTimerAsync(TimeSpan atLeast, TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var (from, to) = (_microseconds + Micros(atLeast), _microseconds + Micros(atMost));
                if (_timers.Exists(timer => timer.Due >= from && timer.Due <= to))
                    return;
                changed = _changed.Task;
            }
            await changed.WaitAsync(limit.Token);
        }
    }

    private static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state)
        : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public long Due { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var now = false;
            lock (time._lock)
            {
                time._timers.Remove(this);
                _period = period;
                now = dueTime == TimeSpan.Zero;
                if (dueTime > TimeSpan.Zero)
                {
                    Due = time._microseconds + Micros(dueTime);
                    time._timers.Add(this);
                }
                time.Signal();
            }
            if (now)
                ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), this, false);
            return true;
        }

        /// <summary>Called under the clock's lock when it is due.</summary>
        public void Reschedule()
        {
            if (_period > TimeSpan.Zero)
                Due += Micros(_period);
            else
                time._timers.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._lock)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
