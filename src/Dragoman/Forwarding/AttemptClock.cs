namespace Dragoman.Forwarding;

/// <summary>
/// The deadlines of one attempt behind one timer and one token. Noting a byte costs one write: the timer is not set anew, it
/// looks when it fires whether it fired too early.
/// </summary>
internal sealed class AttemptClock : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _totalDue;
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenRegistration _clientGone;
    private readonly CancellationTokenRegistration _keyCut;
    private readonly ITimer _timer;
    private long _limitDue;
    private OutcomeKind _limitKind;
    private long _idleTicks;
    private long _lastByte;
    private bool _disposed;

    /// <param name="time">The clock.</param>
    /// <param name="totalDue">The end of the whole exchange, as a timestamp of <paramref name="time"/>.</param>
    /// <param name="limit">How long until <paramref name="kind"/> is the outcome.</param>
    /// <param name="kind">What it means when the limit passes.</param>
    /// <param name="clientGone">Cancels the attempt too.</param>
    /// <param name="keyCut">And so does this: the caller's key counts no longer.</param>
    public AttemptClock(
        TimeProvider time,
        long totalDue,
        TimeSpan limit,
        OutcomeKind kind,
        CancellationToken clientGone,
        CancellationToken keyCut = default
    )
    {
        _time = time;
        _totalDue = totalDue;
        (_limitDue, _limitKind) = (time.GetTimestamp() + time.Ticks(limit), kind);
        _clientGone = clientGone.UnsafeRegister(
            static cancel => ((CancellationTokenSource)cancel!).Cancel(),
            _cancel
        );
        _keyCut = keyCut.UnsafeRegister(
            static cancel => ((CancellationTokenSource)cancel!).Cancel(),
            _cancel
        );
        _timer = time.CreateTimer(
            static clock => ((AttemptClock)clock!).Fire(),
            this,
            Remaining(),
            Timeout.InfiniteTimeSpan
        );
    }

    public CancellationToken Token => _cancel.Token;

    /// <summary>The deadline that passed; null where none did.</summary>
    public OutcomeKind? Expired { get; private set; }

    /// <summary>From now on only silence counts: no byte for <paramref name="idle"/> is a stall.</summary>
    public void WatchIdle(TimeSpan idle)
    {
        lock (_lock)
        {
            _lastByte = _time.GetTimestamp();
            _idleTicks = _time.Ticks(idle);
            _limitDue = long.MaxValue;
            if (!_disposed)
                _timer.Change(Remaining(), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A byte came.</summary>
    public void Touch(long timestamp) => Volatile.Write(ref _lastByte, timestamp);

    /// <summary>Until the next <see cref="Touch"/> silence is not the provider's: the client is taking its time.</summary>
    public void Pause() => Touch(long.MaxValue / 2);

    /// <summary>Breaks the attempt off at once, rather than let the rest of an answer nobody wants be drained.</summary>
    public void Cancel() => _cancel.Cancel();

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            _timer.Dispose();
        }
        _clientGone.Dispose();
        _keyCut.Dispose();
        _cancel.Dispose();
    }

    private void Fire()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            var remaining = Remaining();
            if (remaining > TimeSpan.Zero)
            {
                _timer.Change(remaining, Timeout.InfiniteTimeSpan);
                return;
            }
            Expired = DueKind();
        }
        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt ended in the same instant.
        }
    }

    private long IdleDue =>
        _idleTicks == 0 ? long.MaxValue : Volatile.Read(ref _lastByte) + _idleTicks;

    private TimeSpan Remaining()
    {
        var due = Math.Min(Math.Min(_totalDue, _limitDue), IdleDue);
        var now = _time.GetTimestamp();
        // When silence counts again after a pause, nobody sets the timer anew.
        if (_idleTicks != 0)
            due = Math.Min(due, now + _idleTicks);
        // A timer may fire a hair early; a millisecond more keeps it from spinning on the rest.
        return due <= now
            ? TimeSpan.Zero
            : _time.GetElapsedTime(now, due) + TimeSpan.FromMilliseconds(1);
    }

    private OutcomeKind DueKind()
    {
        var now = _time.GetTimestamp();
        return now >= _totalDue ? OutcomeKind.TotalTimeout
            : now >= _limitDue ? _limitKind
            : OutcomeKind.IdleTimeout;
    }
}
