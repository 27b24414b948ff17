namespace Dragoman.Usage;

/// <summary>Counts durations in steps of a tenth, from a millisecond to ten minutes: any percentile to about 5 %, in one kilobyte.</summary>
internal sealed class LatencyHistogram
{
    private const double LeastMs = 1;
    private const double Step = 1.1;
    private const int Steps = 140;

    private readonly int[] _counts = new int[Steps + 1];

    public long Count { get; private set; }

    public double SumMs { get; private set; }

    public void Add(TimeSpan duration)
    {
        var ms = duration.TotalMilliseconds;
        Count++;
        SumMs += ms;
        _counts[ms <= LeastMs ? 0 : Math.Min(Steps, (int)(Math.Log(ms / LeastMs) / LogStep) + 1)]++;
    }

    public void Add(LatencyHistogram other)
    {
        Count += other.Count;
        SumMs += other.SumMs;
        for (var i = 0; i <= Steps; i++)
            _counts[i] += other._counts[i];
    }

    public void Clear()
    {
        (Count, SumMs) = (0, 0);
        Array.Clear(_counts);
    }

    /// <summary>Milliseconds that a share of the durations does not exceed; null where there are none.</summary>
    public double? Percentile(double share)
    {
        if (Count == 0)
            return null;
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        var step = 0;
        while ((seen += _counts[step]) < rank)
            step++;
        // The middle of the step, as it grows.
        return step == 0 ? LeastMs : LeastMs * Math.Pow(Step, step - 0.5);
    }

    private static readonly double LogStep = Math.Log(Step);
}
