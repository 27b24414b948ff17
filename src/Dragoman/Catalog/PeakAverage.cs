namespace Dragoman.Catalog;

/// <summary>An average that jumps up to each peak and sinks slowly from there: who was slow a moment ago is avoided at once. Not thread-safe.</summary>
internal struct PeakAverage
{
    /// <summary>How slowly a peak sinks: to a third in so long.</summary>
    private static readonly TimeSpan Decay = TimeSpan.FromSeconds(10);

    private double _value;
    private long _at;

    public void Add(double value, long now)
    {
        if (_at == 0 || value >= _value)
            _value = value;
        else
            _value = value + (_value - value) * Kept(now);
        _at = Math.Max(_at, now);
    }

    /// <summary>The average now, sinking, where nothing new is seen, towards what is usual; null where nothing is known.</summary>
    public readonly double? Of(double? usual, long now) =>
        _at == 0 ? usual
        : usual is { } rest ? rest + (_value - rest) * Kept(now)
        : _value;

    private readonly double Kept(long now) =>
        now <= _at ? 1 : Math.Exp(-(now - _at) / (double)Decay.Ticks);
}
