namespace Dragoman.Limits.Budgets;

/// <summary>
/// What a row of positive numbers is usually no larger than: counts in logarithmic steps, of fixed size, in which later numbers
/// push out earlier ones. Not thread-safe.
/// </summary>
internal sealed class LengthSketch(double least, double step, int steps)
{
    /// <summary>Of more than so many together nothing is kept.</summary>
    private const int Most = 2000;

    private readonly ushort[] _counts = new ushort[steps];
    private readonly double _logStep = Math.Log(step);

    public int Count { get; private set; }

    /// <summary>The largest number that was ever added.</summary>
    public double Largest { get; private set; }

    public void Add(double number)
    {
        if (Count >= Most)
            Halve();
        _counts[PlaceOf(number)]++;
        Count++;
        Largest = Math.Max(Largest, number);
    }

    /// <summary>No more than one in <c>1 / (1 - share)</c> is larger; 0 where nothing was added.</summary>
    public double Quantile(double share)
    {
        var left = (int)Math.Ceiling(Count * share);
        for (var i = 0; i < _counts.Length; i++)
        {
            left -= _counts[i];
            if (left <= 0 && _counts[i] > 0)
                return Math.Min(least * Math.Pow(step, i), Largest);
        }
        return Largest;
    }

    /// <summary>The step whose upper edge is the first that is not less.</summary>
    private int PlaceOf(double number) =>
        number <= least
            ? 0
            : Math.Min(
                _counts.Length - 1,
                (int)Math.Ceiling(Math.Log(number / least) / _logStep - 1e-9)
            );

    private void Halve()
    {
        Count = 0;
        for (var i = 0; i < _counts.Length; i++)
            Count += _counts[i] /= 2;
    }
}
