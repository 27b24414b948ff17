namespace Dragoman.Access.Sessions;

/// <summary>
/// Locks names and addresses out after wrong tries. A try counts before it is looked at, so that many at once are no more than
/// many in a row; a name that nobody has is counted like any other, so that a lock tells nothing.
/// </summary>
internal sealed class SignInLimits(TimeProvider time)
{
    /// <summary>For a name.</summary>
    public const int TriesOfName = 10;

    /// <summary>For an address: others may sign in behind the same one.</summary>
    public const int TriesOfAddress = 40;

    /// <summary>So long tries are remembered, and so long a lock lasts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>Bounds memory: past it, those whose time is up are dropped, then the oldest.</summary>
    private const int MostKept = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Tries> _tries = new(StringComparer.Ordinal);

    /// <summary>Names and addresses that are remembered.</summary>
    public int Kept
    {
        get
        {
            lock (_lock)
                return _tries.Count;
        }
    }

    /// <summary>Counts a try. How long to wait where it may not be made; null where it may.</summary>
    /// <param name="name">Who it is for; null where that is not said.</param>
    /// <param name="address">Where it comes from.</param>
    public TimeSpan? Try(string? name, string address)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var ofName = name is null ? null : At("n:" + name, now);
            var ofAddress = At("a:" + address, now);
            if (
                Longer(Wait(ofName, TriesOfName, now), Wait(ofAddress, TriesOfAddress, now)) is
                { } wait
            )
                return wait;
            Count(ofName, TriesOfName, now);
            Count(ofAddress, TriesOfAddress, now);
            return null;
        }
    }

    /// <summary>The try was right: it is not counted, and the name's wrong ones are forgotten.</summary>
    public void Succeeded(string? name, string address)
    {
        lock (_lock)
        {
            if (name is not null)
                _tries.Remove("n:" + name);
            if (_tries.TryGetValue("a:" + address, out var tries) && --tries.Count <= 0)
                _tries.Remove("a:" + address);
        }
    }

    private Tries At(string what, DateTimeOffset now)
    {
        if (_tries.TryGetValue(what, out var tries) && tries.Since + Window > now)
            return tries;
        if (tries is null && _tries.Count >= MostKept)
            MakeRoom(now);
        return _tries[what] = new Tries { Since = now };
    }

    /// <summary>The window begins anew with the try that fills it: the lock lasts from then on.</summary>
    private static void Count(Tries? tries, int most, DateTimeOffset now)
    {
        if (tries is not null && ++tries.Count == most)
            tries.Since = now;
    }

    private static TimeSpan? Wait(Tries? tries, int most, DateTimeOffset now) =>
        tries is not null && tries.Count >= most ? tries.Since + Window - now : null;

    private static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) =>
        one is null || other > one ? other ?? one : one;

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (what, tries) in _tries)
            if (tries.Since + Window <= now)
                _tries.Remove(what);
        foreach (
            var (what, _) in _tries
                .OrderBy(static one => one.Value.Count)
                .ThenBy(static one => one.Value.Since)
                .Take(Math.Max(0, _tries.Count - MostKept + MostKept / 10))
                .ToList()
        )
            _tries.Remove(what);
    }

    private sealed class Tries
    {
        public int Count { get; set; }
        public DateTimeOffset Since { get; set; }
    }
}
