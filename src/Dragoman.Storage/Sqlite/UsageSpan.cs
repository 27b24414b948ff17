namespace Dragoman.Storage.Sqlite;

/// <summary>A part of the time that is asked for, and where its calls are read: sums per day or hour, or single records.</summary>
/// <param name="Grain"><see cref="RollupCut.Daily"/>, <see cref="RollupCut.Hourly"/>, or 0 for single records.</param>
/// <param name="From">Its beginning, in microseconds since 1970.</param>
/// <param name="To">The beginning of what follows.</param>
internal readonly record struct UsageSpan(int Grain, long From, long To)
{
    private const long Hour = 3_600_000_000;
    private const long Day = 24 * Hour;

    private long Width => Grain == RollupCut.Daily ? Day : Hour;

    /// <summary>The first bucket.</summary>
    public long First => From / Width;

    /// <summary>Behind the last bucket.</summary>
    public long Last => To / Width;

    /// <summary>The hour and the day that a time is in. Times before 1970 have none of their own.</summary>
    public static (long Hour, long Day) BucketsOf(long microseconds) =>
        (Math.Max(0, microseconds) / Hour, Math.Max(0, microseconds) / Day);

    /// <summary>Cuts a time into whole days as far as they go, whole hours beside them, and what is left.</summary>
    /// <param name="from">In microseconds since 1970.</param>
    /// <param name="to">Behind the end.</param>
    /// <param name="days">Days may be read whole.</param>
    /// <param name="hours">There are sums per hour.</param>
    public static List<UsageSpan> Of(long from, long to, bool days, bool hours)
    {
        var spans = new List<UsageSpan>(5);
        from = Math.Max(0, from);
        var (firstDay, lastDay) = (RoundUp(from, Day), to / Day * Day);
        if (days && firstDay < lastDay)
        {
            AddPart(spans, from, firstDay, hours);
            spans.Add(new UsageSpan(RollupCut.Daily, firstDay, lastDay));
            AddPart(spans, lastDay, to, hours);
        }
        else
            AddPart(spans, from, to, hours);
        return spans;
    }

    private static void AddPart(List<UsageSpan> spans, long from, long to, bool hours)
    {
        var (firstHour, lastHour) = (RoundUp(from, Hour), to / Hour * Hour);
        if (hours && firstHour < lastHour)
        {
            AddSingle(spans, from, firstHour);
            spans.Add(new UsageSpan(RollupCut.Hourly, firstHour, lastHour));
            AddSingle(spans, lastHour, to);
        }
        else
            AddSingle(spans, from, to);
    }

    private static void AddSingle(List<UsageSpan> spans, long from, long to)
    {
        if (from < to)
            spans.Add(new UsageSpan(0, from, to));
    }

    private static long RoundUp(long time, long width) => (time + width - 1) / width * width;
}
