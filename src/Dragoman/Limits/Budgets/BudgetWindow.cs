namespace Dragoman.Limits.Budgets;

/// <summary>How often a budget begins anew.</summary>
internal enum BudgetCycle
{
    /// <summary>Never.</summary>
    Total,
    Day,

    /// <summary>On Mondays.</summary>
    Week,
    Month,

    /// <summary>What was spent counts for <see cref="BudgetWindow.Span"/>, then no more.</summary>
    Rolling,
}

/// <summary>The stretch of time that a budget's amount is for.</summary>
/// <param name="Cycle">When it begins anew.</param>
/// <param name="Zone">Whose midnight that is.</param>
/// <param name="Span">How long what was spent counts in a rolling window.</param>
internal sealed record BudgetWindow(BudgetCycle Cycle, TimeZoneInfo Zone, TimeSpan Span = default)
{
    /// <summary>A rolling window forgets in steps of a sixtieth, never too early.</summary>
    private const int Steps = 60;

    /// <summary>When what is spent of a whole amount counts no more.</summary>
    private static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly BudgetWindow Total = new(BudgetCycle.Total, TimeZoneInfo.Utc);

    /// <summary>
    /// The period that something spent now belongs to: when it began, and when it counts no more. A window that rolls is a row of
    /// short periods.
    /// </summary>
    public (DateTimeOffset Start, DateTimeOffset Expires) PeriodAt(DateTimeOffset now)
    {
        switch (Cycle)
        {
            case BudgetCycle.Total:
                return (DateTimeOffset.UnixEpoch, Never);
            case BudgetCycle.Rolling:
                var step = Math.Max(Span.Ticks / Steps, TimeSpan.TicksPerSecond);
                var start = new DateTimeOffset(now.UtcTicks / step * step, TimeSpan.Zero);
                return (start, start.AddTicks(step) + Span);
        }
        var today = TimeZoneInfo.ConvertTime(now, Zone).Date;
        var (first, next) = Cycle switch
        {
            BudgetCycle.Day => (today, today.AddDays(1)),
            BudgetCycle.Week => (
                today.AddDays(-(((int)today.DayOfWeek + 6) % 7)),
                today.AddDays(7 - (((int)today.DayOfWeek + 6) % 7))
            ),
            _ => (
                new DateTime(today.Year, today.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
                new DateTime(
                    today.Year,
                    today.Month,
                    1,
                    0,
                    0,
                    0,
                    DateTimeKind.Unspecified
                ).AddMonths(1)
            ),
        };
        return (Midnight(first), Midnight(next));
    }

    public override string ToString() =>
        Cycle switch
        {
            BudgetCycle.Total => "total",
            BudgetCycle.Rolling when Span.Ticks % TimeSpan.TicksPerDay == 0 =>
                FormattableString.Invariant($"rolling {Span.Days} d"),
            BudgetCycle.Rolling => FormattableString.Invariant(
                $"rolling {Span.Ticks / TimeSpan.TicksPerHour} h"
            ),
            var cycle => cycle.ToString().ToLowerInvariant()
                + (Zone.Equals(TimeZoneInfo.Utc) ? "" : " in " + Zone.Id),
        };

    /// <summary>The moment a day begins; where clocks skip midnight that is later, where they repeat it the first of both.</summary>
    private DateTimeOffset Midnight(DateTime day)
    {
        var local = DateTime.SpecifyKind(day, DateTimeKind.Unspecified);
        while (Zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        var offset = Zone.IsAmbiguousTime(local)
            ? Zone.GetAmbiguousTimeOffsets(local).Max()
            : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
