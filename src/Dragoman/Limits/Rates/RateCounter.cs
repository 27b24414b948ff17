namespace Dragoman.Limits.Rates;

/// <summary>What one caller (or whatever else a limit tells apart) took under one limit. Its fields are touched under <see cref="Lock"/> only.</summary>
internal sealed class RateCounter(string tuple, IReadOnlyList<RateMeter> meters, long id)
{
    /// <summary>One for each meter of the limit, in their order.</summary>
    private readonly SlidingWindow[] _windows =
    [
        .. meters.Select(static meter => new SlidingWindow(meter.Window)),
    ];

    public Lock Lock { get; } = new();

    /// <summary>Whose it is.</summary>
    public string Tuple => tuple;

    /// <summary>Several counters are locked in the order of their ids.</summary>
    public long Id => id;

    /// <summary>It was idle and is no longer looked up: whoever still holds it asks for another.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Requests that are under way.</summary>
    public int Running { get; set; }

    public SlidingWindow this[int meter] => _windows[meter];

    public bool IsIdleAt(long now)
    {
        if (Running > 0)
            return false;
        foreach (var window in _windows)
            if (!window.IsEmptyAt(now))
                return false;
        return true;
    }
}
