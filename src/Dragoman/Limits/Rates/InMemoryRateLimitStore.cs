using System.Collections.Concurrent;

namespace Dragoman.Limits.Rates;

/// <summary>
/// Counts in this process. Several counters are taken of under all their locks, entered in one order, so that nobody is refused for
/// what another takes and gives back a moment later. The time is read under the locks too: it never runs backwards for a counter.
/// </summary>
internal sealed class InMemoryRateLimitStore(TimeProvider time, int mostCounters = 50_000)
    : IRateLimitStore
{
    private readonly ConcurrentDictionary<string, RateCounters> _byLimit = new(
        StringComparer.Ordinal
    );
    private long _lastId;

    public void Join(RateLease lease, RateLimit limit, ReadOnlySpan<char> tuple)
    {
        var counter = Of(limit).Of(tuple);
        for (var i = 0; i < lease.Count; i++)
            if (ReferenceEquals(lease[i].Counter, counter))
                return;
        lease.Add(new RateShare(limit, counter));
    }

    public ValueTask<RateRefusal?> TakeAsync(RateLease lease)
    {
        while (true)
        {
            Sort(lease);
            var locked = 0;
            try
            {
                while (locked < lease.Count && !lease[locked].Counter.IsRetired)
                {
                    lease[locked].Counter.Lock.Enter();
                    if (lease[locked++].Counter.IsRetired)
                        break;
                }
                if (locked == lease.Count && (locked == 0 || !lease[locked - 1].Counter.IsRetired))
                    return new(Take(lease));
            }
            finally
            {
                while (locked > 0)
                    lease[--locked].Counter.Lock.Exit();
            }
            Renew(lease);
        }
    }

    public void End(RateLease lease, in RateNeed spent)
    {
        if (!lease.TryEnd())
            return;
        for (var i = 0; i < lease.Count; i++)
        {
            var (limit, counter) = lease[i];
            lock (counter.Lock)
            {
                var now = Now();
                counter.Running -= lease.Running;
                for (var meter = 0; meter < limit.Meters.Count; meter++)
                {
                    var less =
                        limit.Meters[meter].Need(lease.Need) - limit.Meters[meter].Spent(spent);
                    if (less > 0)
                        counter[meter].GiveBack(less, lease.TakenAt, now);
                    else
                        counter[meter].Take(-less, now);
                }
            }
        }
    }

    public ValueTask<IReadOnlyList<RateState>> StatesAsync(RateLimit limit)
    {
        var states = new List<RateState>();
        foreach (var counter in Of(limit).All)
            lock (counter.Lock)
            {
                var now = Now();
                if (!counter.IsIdleAt(now))
                    states.Add(
                        new RateState(
                            counter.Tuple,
                            counter.Running,
                            [.. limit.Meters.Select((_, i) => Standing(limit, counter, i, now))]
                        )
                    );
            }
        states.Sort(static (one, other) => string.CompareOrdinal(one.Tuple, other.Tuple));
        return new(states);
    }

    public void Keep(IReadOnlyList<RateLimit> limits)
    {
        foreach (var (key, _) in _byLimit)
            if (!limits.Any(limit => limit.Key == key))
                _byLimit.TryRemove(key, out _);
    }

    /// <summary>All locks are held.</summary>
    private RateRefusal? Take(RateLease lease)
    {
        var now = Now();
        RateRefusal? refusal = null;
        for (var i = 0; i < lease.Count; i++)
            if (WhyNot(lease[i], lease, now) is { } reason)
                refusal = refusal is null || reason.Rank > refusal.Rank ? reason : refusal;
        lease.TakenAt = now;
        lease.Standings?.Clear();
        for (var i = 0; i < lease.Count; i++)
        {
            var (limit, counter) = lease[i];
            if (refusal is null)
                counter.Running += lease.Running;
            for (var meter = 0; meter < limit.Meters.Count; meter++)
            {
                if (refusal is null)
                    counter[meter].Take(limit.Meters[meter].Need(lease.Need), now);
                lease.Standings?.Note(Standing(limit, counter, meter, now));
            }
        }
        return refusal;
    }

    private static RateRefusal? WhyNot(in RateShare share, RateLease lease, long now)
    {
        var (limit, counter) = share;
        RateRefusal? refusal = null;
        if (lease.Running > 0 && limit.Concurrent is { } most && counter.Running >= most)
            refusal = new RateRefusal(
                limit,
                counter.Tuple,
                Meter: null,
                counter.Running,
                1,
                FreesIn: null
            );
        for (var i = 0; i < limit.Meters.Count; i++)
        {
            var meter = limit.Meters[i];
            var needed = meter.Need(lease.Need);
            if (counter[i].RoomIn(needed, meter.Most, now) is { } wait && wait == TimeSpan.Zero)
                continue;
            var reason = new RateRefusal(
                limit,
                counter.Tuple,
                meter,
                counter[i].UsedAt(now),
                needed,
                counter[i].RoomIn(needed, meter.Most, now)
            );
            if (refusal is null || reason.Rank > refusal.Rank)
                refusal = reason;
        }
        return refusal;
    }

    private static RateStanding Standing(
        RateLimit limit,
        RateCounter counter,
        int meter,
        long now
    ) => new(limit.Meters[meter], counter[meter].UsedAt(now), counter[meter].EmptyIn(now));

    /// <summary>Idle counters were swept between joining and taking: their successors take their places.</summary>
    private void Renew(RateLease lease)
    {
        for (var i = 0; i < lease.Count; i++)
        {
            ref var share = ref lease[i];
            bool isRetired;
            lock (share.Counter.Lock)
                isRetired = share.Counter.IsRetired;
            if (isRetired)
                share = share with { Counter = Of(share.Limit).Of(share.Counter.Tuple) };
        }
    }

    private static void Sort(RateLease lease)
    {
        for (var i = 1; i < lease.Count; i++)
        for (var j = i; j > 0 && lease[j].Counter.Id < lease[j - 1].Counter.Id; j--)
            (lease[j], lease[j - 1]) = (lease[j - 1], lease[j]);
    }

    private RateCounters Of(RateLimit limit) =>
        _byLimit.TryGetValue(limit.Key, out var known)
            ? known
            : _byLimit.GetOrAdd(
                limit.Key,
                _ => new RateCounters(
                    limit,
                    () => Interlocked.Increment(ref _lastId),
                    Now,
                    mostCounters
                )
            );

    private long Now() => time.GetElapsedTime(0, time.GetTimestamp()).Ticks;
}
