using Dragoman.Native;
using Dragoman.Usage;

namespace Dragoman;

/// <content>What can be asked of models, money and past calls.</content>
public sealed partial class Gateway
{
    /// <summary>What models there are, with prices, capabilities, quality and speed.</summary>
    public GatewayModels Models { get; }

    /// <summary>Whether only deployments whose data stay in the house are asked.</summary>
    public bool LocalOnly => Http.Door.IsShut;

    /// <summary>What a workspace's calls (all calls, where it is null) cost in a period that ends now, by model.</summary>
    public async Task<UsageReport> GetCostsAsync(
        string? workspace = null,
        UsagePeriod period = UsagePeriod.Month,
        CancellationToken cancellationToken = default
    )
    {
        await Ledger.FlushAsync(cancellationToken);
        return await _accounts.GetCostsAsync(workspace, period, cancellationToken);
    }

    /// <summary>What a workspace's calls (all calls, where it is null) cost on each of the last days, today included; days without calls are left out.</summary>
    public async Task<UsageReport> GetDailyCostsAsync(
        string? workspace = null,
        int days = 30,
        CancellationToken cancellationToken = default
    )
    {
        await Ledger.FlushAsync(cancellationToken);
        return await _accounts.GetDailyCostsAsync(workspace, days, cancellationToken);
    }

    /// <summary>What was counted since the start and over the last hour, by model.</summary>
    /// <param name="provider">Only this provider's models; null is all.</param>
    public StatsReport GetStats(string? provider = null) =>
        new(Stats, StatsGrouping.Model, provider);
}
