namespace Dragoman.Usage;

/// <summary>A span of time that ends now and begins with a whole day, in UTC.</summary>
public enum UsagePeriod
{
    Today,

    /// <summary>Since Monday.</summary>
    Week,

    /// <summary>Since the first of the month.</summary>
    Month,
}

/// <summary>When periods begin.</summary>
public static class UsagePeriods
{
    /// <summary>Days that may be looked back at most: ten years.</summary>
    public const int MostDays = 3_660;

    public static DateTimeOffset Start(UsagePeriod period, DateTimeOffset now)
    {
        var today = Midnight(now);
        return period switch
        {
            UsagePeriod.Today => today,
            // Sunday is 0.
            UsagePeriod.Week => today.AddDays(-(((int)today.DayOfWeek + 6) % 7)),
            UsagePeriod.Month => today.AddDays(1 - today.Day),
            _ => throw new ArgumentOutOfRangeException(nameof(period), period, null),
        };
    }

    /// <summary>The beginning of the last <paramref name="days"/> days, of which today is one.</summary>
    public static DateTimeOffset StartOfLast(int days, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MostDays);
        return Midnight(now).AddDays(1 - days);
    }

    private static DateTimeOffset Midnight(DateTimeOffset now) =>
        new(now.UtcDateTime.Date, TimeSpan.Zero);
}
