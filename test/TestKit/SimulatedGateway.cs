using Dragoman.Simulator;

namespace Dragoman.TestKit;

/// <summary>Gateways of this process whose provider <c>sim</c> is a simulator, and that know nothing of this machine.</summary>
public static class SimulatedGateway
{
    /// <param name="host">The simulator.</param>
    /// <param name="more">Adds to it.</param>
    /// <param name="config">Text of the configuration file.</param>
    /// <param name="environment">Environment variables.</param>
    public static Gateway Of(
        SimulatorHost host,
        Action<GatewayBuilder>? more = null,
        string config = "{}",
        Func<string, string?>? environment = null
    ) =>
        Gateway.Create(builder =>
        {
            builder
                .UseConfiguration(config)
                .UseEnvironment(environment ?? (static _ => null))
                .LookForLocalServers(false)
                .AddProvider("sim", "sk-upstream", dialect: "openai", baseUrl: host.BaseUrl);
            more?.Invoke(builder);
        });
}
