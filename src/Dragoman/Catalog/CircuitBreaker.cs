namespace Dragoman.Catalog;

/// <summary>
/// Leaves a failing deployment alone: closed → open after a run of failures within a window → half-open with a single probe →
/// closed again by its success. One for all exchanges; thread-safe.
/// </summary>
public sealed class CircuitBreaker
{
    private readonly Lock _lock = new();
    private int _failures;
    private DateTimeOffset _firstFailure;
    private DateTimeOffset _opensAgainAt;
    private BreakerPhase _phase;

    public BreakerPhase Phase => _phase;

    /// <summary>When an open breaker lets a probe through.</summary>
    public DateTimeOffset ProbeAt
    {
        get
        {
            lock (_lock)
                return _opensAgainAt;
        }
    }

    /// <summary>May a call go through now? True while closed, and for one caller at a time when the rest is over: the probe.</summary>
    public bool TryEnter(DateTimeOffset now, out bool isProbe)
    {
        isProbe = false;
        if (_phase == BreakerPhase.Closed)
            return true;
        lock (_lock)
        {
            if (_phase == BreakerPhase.Closed)
                return true;
            if (_phase == BreakerPhase.HalfOpen || now < _opensAgainAt)
                return false;
            _phase = BreakerPhase.HalfOpen;
            isProbe = true;
            return true;
        }
    }

    /// <summary>The deployment answered, be it with a refusal: it is alive.</summary>
    public void Succeeded()
    {
        if (_phase == BreakerPhase.Closed && Volatile.Read(ref _failures) == 0)
            return;
        lock (_lock)
            (_phase, _failures) = (BreakerPhase.Closed, 0);
    }

    /// <summary>A call failed; <paramref name="threshold"/> of them in a row within <paramref name="window"/> open it for <paramref name="open"/>.</summary>
    public void Failed(DateTimeOffset now, int threshold, TimeSpan window, TimeSpan open)
    {
        lock (_lock)
        {
            if (_failures == 0 || now - _firstFailure > window)
                (_failures, _firstFailure) = (0, now);
            _failures++;
            if (_phase == BreakerPhase.Closed && _failures < threshold)
                return;
            // A call that began before the breaker opened must not push the probe further away.
            if (_phase == BreakerPhase.Open)
                return;
            (_phase, _opensAgainAt) = (BreakerPhase.Open, now + open);
        }
    }

    /// <summary>The probe ended without saying anything about the deployment (the client went away): another may be tried at once. For the probe only.</summary>
    public void Abandoned()
    {
        if (_phase != BreakerPhase.HalfOpen)
            return;
        lock (_lock)
        {
            if (_phase == BreakerPhase.HalfOpen)
                _phase = BreakerPhase.Open;
        }
    }
}

/// <summary>The phases of a <see cref="CircuitBreaker"/>.</summary>
public enum BreakerPhase
{
    Closed,
    Open,
    HalfOpen,
}
