using Dragoman.Catalog;
using Dragoman.Cli.Links;
using Dragoman.Configuration;
using Dragoman.Native;

namespace Dragoman.Cli.Doctoring;

/// <summary>Looks at everything that has to be right before an answer comes; spends nothing, changes nothing.</summary>
internal sealed class Doctor(
    Func<string, string?> environment,
    string? configFile,
    ServerAddress server
)
{
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken stop)
    {
        var report = Configuration();
        // Those that wait for others wait side by side.
        var asking = ProvidersAsync(report, stop);
        var serving = ServerCheck.RunAsync(server, environment, stop);
        var database = Task.Run(() => DatabaseCheck.Run(environment), stop);
        var (health, clock) = await asking;
        var served = await serving;
        return
        [
            VersionCheck.Run(),
            .. ConfigurationCheck.Run(report),
            .. health is null
                ? []
                : ProvidersCheck.Run(health, report, isServed: served.Mark is Mark.Ok),
            .. health is null ? [] : LocalServersCheck.Run(health, environment),
            .. clock is null ? [] : new[] { clock },
            served,
            .. await database,
        ];
    }

    private ConfigReport Configuration()
    {
        using var snapshots = new GatewaySnapshots(
            new GatewaySources { ConfigFile = configFile, Environment = environment },
            new DeploymentStates(),
            TimeProvider.System
        );
        return snapshots.Reload();
    }

    /// <summary>What providers say, and what time it is there; without a sound configuration nobody can be asked.</summary>
    private async Task<(HealthInfo? Health, Finding? Clock)> ProvidersAsync(
        ConfigReport report,
        CancellationToken stop
    )
    {
        if (!report.IsApplied)
            return (null, null);
        await using var gateway = Gateway.Create(builder =>
        {
            builder.UseEnvironment(environment);
            if (configFile is not null)
                builder.UseConfigFile(configFile);
        });
        var health = await gateway.CheckHealthAsync(now: true, stop);
        var providers = gateway.Snapshots.Current.Providers.Values;
        return (health, await ClockCheck.RunAsync(providers, health.LocalOnly, stop));
    }
}
