using Dragoman.Usage;

namespace Dragoman.Native;

/// <summary>The accounts as a program in this process reads them.</summary>
public sealed class UsageAccounts(IUsageStore store, TimeProvider time)
{
    /// <summary>What a workspace's calls (all calls, where it is null) cost in a period that ends now, by model.</summary>
    public async ValueTask<UsageReport> GetCostsAsync(
        string? workspace,
        UsagePeriod period,
        CancellationToken cancellationToken = default
    )
    {
        var now = time.GetUtcNow();
        return await ReportAsync(
            new UsageSummaryQuery
            {
                By = UsageGrouping.Model,
                From = UsagePeriods.Start(period, now),
                To = now,
                Workspace = workspace,
            },
            cancellationToken
        );
    }

    /// <summary>What a workspace's calls (all calls, where it is null) cost on each of the last days, today included. Days without calls are left out.</summary>
    public async ValueTask<UsageReport> GetDailyCostsAsync(
        string? workspace,
        int days,
        CancellationToken cancellationToken = default
    )
    {
        var now = time.GetUtcNow();
        return await ReportAsync(
            new UsageSummaryQuery
            {
                By = UsageGrouping.Day,
                From = UsagePeriods.StartOfLast(days, now),
                To = now,
                Workspace = workspace,
                Limit = UsagePeriods.MostDays,
            },
            cancellationToken
        );
    }

    /// <summary>Any question about the accounts.</summary>
    public async ValueTask<UsageReport> ReportAsync(
        UsageSummaryQuery query,
        CancellationToken cancellationToken = default
    ) => new(await store.SummarizeAsync(query, cancellationToken));
}
