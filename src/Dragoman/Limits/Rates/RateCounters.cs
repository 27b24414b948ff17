using System.Collections.Concurrent;

namespace Dragoman.Limits.Rates;

/// <summary>
/// The counters of one limit, by whose they are. Idle ones go when many new ones have come; past a bound all newcomers share one,
/// so that names which clients invent neither fill the memory nor free anybody of the limit. Thread-safe.
/// </summary>
internal sealed class RateCounters(RateLimit limit, Func<long> newId, Func<long> now, int most)
{
    private const int FewestToSweep = 1_024;

    /// <summary>Whoever has a name longer than this shares the counter of those for whom there is no room.</summary>
    private const int LongestName = 1_024;

    private readonly ConcurrentDictionary<string, RateCounter> _counters = new(
        StringComparer.Ordinal
    );
    private readonly Lock _sweeping = new();
    private readonly RateCounter _others = new("others", limit.Meters, newId());
    private int _count;
    private int _sweepAt = Math.Min(FewestToSweep, most);
    private long _sweptAt = long.MinValue / 2;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    public RateCounter Of(ReadOnlySpan<char> tuple)
    {
        if (_counters.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(tuple, out var known))
            return known;
        if (tuple.Length > LongestName || !HasRoom())
            return _others;
        var name = tuple.ToString();
        var made = new RateCounter(name, limit.Meters, newId());
        var counter = _counters.GetOrAdd(name, made);
        if (ReferenceEquals(counter, made))
            Interlocked.Increment(ref _count);
        return counter;
    }

    /// <summary>All of them, the one that many share included.</summary>
    public IEnumerable<RateCounter> All => [.. _counters.Values, _others];

    private bool HasRoom()
    {
        if (Volatile.Read(ref _count) < Volatile.Read(ref _sweepAt))
            return true;
        lock (_sweeping)
        {
            // Where sweeping frees nothing, every newcomer would sweep.
            if (_count >= _sweepAt && now() - _sweptAt >= TimeSpan.TicksPerSecond)
                Sweep();
            return _count < most;
        }
    }

    private void Sweep()
    {
        var at = now();
        foreach (var (name, counter) in _counters)
            lock (counter.Lock)
            {
                if (!counter.IsIdleAt(at))
                    continue;
                counter.IsRetired = true;
                _counters.TryRemove(name, out _);
                Interlocked.Decrement(ref _count);
            }
        Volatile.Write(ref _sweepAt, Math.Min(most, Math.Max(FewestToSweep, _count * 2)));
        _sweptAt = at;
    }
}
