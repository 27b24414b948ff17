using System.Text.Json;
using Dragoman.Native;
using Dragoman.TestKit;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Usage;

public sealed class UsageReportTests
{
    private readonly ManualTime _time = new();
    private readonly InMemoryUsageStore _store = new();

    [Fact]
    public async Task Report_ThroughJson_ComesBackEqual()
    {
        _store.Write([
            Today(1) with
            {
                Workspace = "legal",
            },
            Today(2),
            Today(3) with
            {
                Deployment = null,
            },
        ]);
        var report = await new UsageAccounts(_store, _time).ReportAsync(
            new UsageSummaryQuery
            {
                By = UsageGrouping.Workspace,
                From = _time.GetUtcNow(),
                To = _time.GetUtcNow().AddDays(1),
            }
        );

        var json = JsonSerializer.Serialize(report, UsageJson.Default.UsageReport);
        var back = JsonSerializer.Deserialize(json, UsageJson.Default.UsageReport)!;

        json.ShouldContain("""{"workspace":"legal","total_cost":0.0002754,""");
        json.ShouldContain("\"workspace\":null");
        back.By!.ShouldBe(report.By!);
        (back with { By = report.By }).ShouldBe(report);
    }

    [Fact]
    public async Task Costs_OfAWorkspace_LeaveOthersAndOlderOnesOut()
    {
        _store.Write([
            Today(1) with
            {
                Workspace = "legal",
            },
            Today(2),
            Today(3) with
            {
                Workspace = "legal",
                StartedAt = _time.GetUtcNow().AddDays(-1),
            },
        ]);
        _time.Advance(TimeSpan.FromHours(1));
        var accounts = new UsageAccounts(_store, _time);

        (await accounts.GetCostsAsync("legal", UsagePeriod.Today)).CallCount.ShouldBe(1);
        (await accounts.GetCostsAsync(null, UsagePeriod.Today)).CallCount.ShouldBe(2);
        (await accounts.GetDailyCostsAsync("legal", 2))
            .By!.Select(row => row.Name)
            .ShouldBe(["2025-12-31", "2026-01-01"]);
    }

    [Theory]
    [InlineData(UsagePeriod.Today, "2026-11-25")]
    [InlineData(UsagePeriod.Week, "2026-11-23")]
    [InlineData(UsagePeriod.Month, "2026-11-01")]
    public void Start_OfAPeriod_IsAMidnightOfUtc(UsagePeriod period, string expected) =>
        // A Wednesday in UTC, and Thursday already where the clock stands.
        UsagePeriods
            .Start(period, new DateTimeOffset(2026, 11, 26, 1, 0, 0, TimeSpan.FromHours(5)))
            .ToString("yyyy-MM-dd")
            .ShouldBe(expected);

    private UsageRecord Today(long id) =>
        UsageRecords.Usual(id) with
        {
            StartedAt = _time.GetUtcNow(),
        };
}
