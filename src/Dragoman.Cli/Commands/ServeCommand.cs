using System.CommandLine;
using Dragoman.Server;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman serve</c>: runs the server until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var demo = new Option<bool>("--demo")
        {
            Description =
                "Add simulated models (demo/…), so that everything can be tried without a key",
        };
        var config = new Option<string?>("--config")
        {
            Description =
                "The configuration file (default: dragoman.yaml here, or DRAGOMAN_CONFIG)",
            HelpName = "FILE",
        };
        var port = new Option<int?>("--port")
        {
            Description = $"The port to listen on (default: PORT, or {ServerOptions.DefaultPort})",
            HelpName = "N",
        };
        var host = new Option<string?>("--host")
        {
            Description =
                "The address to listen on (default: localhost; others need DRAGOMAN_ADMIN_KEY)",
            HelpName = "H",
        };
        var command = new Command("serve", "Run the gateway") { demo, config, port, host };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    parsed.GetValue(demo),
                    parsed.GetValue(config),
                    parsed.GetValue(port),
                    parsed.GetValue(host),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        bool demo,
        string? config,
        int? port,
        string? host,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var options = ServerOptions.FromEnvironment(Environment.GetEnvironmentVariable);
            await using var server = await GatewayServer.StartAsync(
                options with
                {
                    Demo = demo,
                    ConfigFile = config,
                    Port = port ?? options.Port,
                    Host = host ?? options.Host,
                },
                cancellationToken
            );
            Console.WriteLine($"Dragoman listens on {server.Address}");
            await server.WaitForShutdownAsync();
            return 0;
        }
        catch (ServerStartException reason)
        {
            await Console.Error.WriteLineAsync($"dragoman: {reason.Message}");
            return 1;
        }
    }
}
