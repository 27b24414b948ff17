namespace Dragoman.Catalog;

/// <summary>A mean that forgets: what was seen counts half after each half-life. Not thread-safe.</summary>
internal struct DecayingMean
{
    /// <summary>After so long an observation counts half.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(5);

    /// <summary>Of less than so much of an observation nothing is said any more: half an hour after a single one.</summary>
    private const double Forgotten = 1.0 / 64;

    private double _weight;
    private double _sum;
    private long _at;

    public void Add(double value, long now)
    {
        var kept = Kept(now);
        _weight = _weight * kept + 1;
        _sum = _sum * kept + value;
        _at = Math.Max(_at, now);
    }

    /// <summary>How many observations it counts as now; 0 where all are forgotten.</summary>
    public readonly double WeightAt(long now) =>
        _weight * Kept(now) is >= Forgotten and var weight ? weight : 0;

    /// <summary>The mean together with a value that was thought before and counts as <paramref name="priorWeight"/> observations; null where neither is there.</summary>
    public readonly double? With(double? prior, double priorWeight, long now) =>
        WeightAt(now) is > 0 and var weight
            ? prior is { } before
                ? (_sum / _weight * weight + before * priorWeight) / (weight + priorWeight)
                : _sum / _weight
            : prior;

    private readonly double Kept(long now) =>
        _weight == 0 || now <= _at ? 1 : Math.Pow(0.5, (now - _at) / (double)HalfLife.Ticks);
}
