using System.Globalization;
using Dragoman.Limits.Budgets;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Limits.Budgets;

public sealed class BudgetWindowTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById(
        "Europe/Berlin"
    );

    [Theory]
    [InlineData("2026-11-25T23:30:00Z", "2026-11-25T23:00:00Z", "2026-11-26T23:00:00Z")]
    // The day on which clocks go forward has 23 hours, the one on which they go back 25.
    [InlineData("2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("2026-10-25T10:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    public void Day_InAZone_IsFromItsMidnightToTheNext(string now, string start, string end) =>
        Period(BudgetCycle.Day, Berlin, now).ShouldBe((At(start), At(end)));

    [Theory]
    [InlineData("2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("2026-11-29T23:59:59Z", "2026-11-23T00:00:00Z")]
    [InlineData("2026-11-30T00:00:00Z", "2026-11-30T00:00:00Z")]
    public void Week_Any_BeginsOnMonday(string now, string start) =>
        Period(BudgetCycle.Week, TimeZoneInfo.Utc, now).ShouldBe((At(start), At(start).AddDays(7)));

    [Fact]
    public void Month_InAZone_IsTheZonesMonth() =>
        Period(BudgetCycle.Month, Berlin, "2026-10-31T23:30:00Z")
            .ShouldBe((At("2026-10-31T23:00:00Z"), At("2026-11-30T23:00:00Z")));

    [Fact]
    public void Day_WhereMidnightIsSkipped_BeginsWhenTheDayDoes()
    {
        // In Beirut clocks go from 0:00 to 1:00.
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Beirut");

        Period(BudgetCycle.Day, zone, "2026-03-29T10:00:00Z")
            .Start.ShouldBe(At("2026-03-28T22:00:00Z"));
    }

    [Fact]
    public void Rolling_AnyMoment_CountsForTheWholeSpanAndAStepMoreAtMost()
    {
        var window = new BudgetWindow(
            BudgetCycle.Rolling,
            TimeZoneInfo.Utc,
            TimeSpan.FromHours(12)
        );
        for (var minute = 0; minute < 200; minute++)
        {
            var now = At("2026-11-25T10:00:00Z").AddMinutes(minute);

            var (start, expires) = window.PeriodAt(now);

            start.ShouldBeLessThanOrEqualTo(now);
            (expires - now).ShouldBeInRange(TimeSpan.FromHours(12), TimeSpan.FromHours(12.2));
        }
    }

    [Fact]
    public void Total_Ever_IsOnePeriod() =>
        BudgetWindow
            .Total.PeriodAt(At("2026-11-25T10:00:00Z"))
            .ShouldBe(BudgetWindow.Total.PeriodAt(At("2036-01-01T00:00:00Z")));

    private static (DateTimeOffset Start, DateTimeOffset Expires) Period(
        BudgetCycle cycle,
        TimeZoneInfo zone,
        string now
    ) => new BudgetWindow(cycle, zone).PeriodAt(At(now));

    private static DateTimeOffset At(string time) =>
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
