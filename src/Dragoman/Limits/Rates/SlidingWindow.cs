namespace Dragoman.Limits.Rates;

/// <summary>
/// How much was taken within the last span of time. What is taken within one sixtieth of the span shares an entry, which ends a
/// whole span after the last of it: never more than the limit within any span, at most a sixtieth of it longer than need be, and
/// no more than 61 entries however much is taken. Not thread-safe; times are ticks of a clock that only goes forward.
/// </summary>
internal sealed class SlidingWindow(TimeSpan length)
{
    private const int Parts = 60;

    private readonly long _length = length.Ticks;
    private readonly long _part = length.Ticks / Parts;
    private Entry[] _entries = [];
    private int _first;
    private int _count;
    private long _used;

    /// <summary>Nothing was taken within the last span.</summary>
    public bool IsEmptyAt(long now)
    {
        Forget(now);
        return _count == 0;
    }

    public long UsedAt(long now)
    {
        Forget(now);
        return _used;
    }

    public void Take(long amount, long now)
    {
        Forget(now);
        if (amount == 0)
            return;
        _used += amount;
        if (_count > 0)
        {
            ref var newest = ref At(_count - 1);
            if (newest.Last / _part == now / _part)
            {
                newest.Amount += amount;
                newest.Last = now;
                return;
            }
        }
        if (_count == _entries.Length)
            Grow();
        _count++;
        At(_count - 1) = new Entry { Last = now, Amount = amount };
    }

    /// <summary>Gives back what was taken at <paramref name="then"/> and not needed; what has ended since is forgotten anyway.</summary>
    public void GiveBack(long amount, long then, long now)
    {
        Forget(now);
        for (var i = _count - 1; i >= 0; i--)
        {
            ref var entry = ref At(i);
            var part = entry.Last / _part;
            if (part > then / _part)
                continue;
            if (part < then / _part)
                return;
            amount = Math.Min(amount, entry.Amount);
            entry.Amount -= amount;
            _used -= amount;
            while (_count > 0 && At(_count - 1).Amount == 0)
                _count--;
            return;
        }
    }

    /// <summary>How long until <paramref name="need"/> more fit under <paramref name="most"/>, if nobody else takes any; zero where they do, null where they never will.</summary>
    public TimeSpan? RoomIn(long need, long most, long now)
    {
        if (need > most)
            return null;
        Forget(now);
        var over = _used + need - most;
        for (var i = 0; over > 0 && i < _count; i++)
        {
            over -= At(i).Amount;
            if (over <= 0)
                return TimeSpan.FromTicks(At(i).Last + _length - now);
        }
        return TimeSpan.Zero;
    }

    /// <summary>How long until all that was taken has ended.</summary>
    public TimeSpan EmptyIn(long now)
    {
        Forget(now);
        return _count == 0
            ? TimeSpan.Zero
            : TimeSpan.FromTicks(At(_count - 1).Last + _length - now);
    }

    private void Forget(long now)
    {
        while (_count > 0 && _entries[_first].Last + _length <= now)
        {
            _used -= _entries[_first].Amount;
            _first = (_first + 1) % _entries.Length;
            _count--;
        }
    }

    private ref Entry At(int index) => ref _entries[(_first + index) % _entries.Length];

    private void Grow()
    {
        var grown = new Entry[Math.Max(2, _entries.Length * 2)];
        for (var i = 0; i < _count; i++)
            grown[i] = At(i);
        (_entries, _first) = (grown, 0);
    }

    private struct Entry
    {
        public long Last;
        public long Amount;
    }
}
