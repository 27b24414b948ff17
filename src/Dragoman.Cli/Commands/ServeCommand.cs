using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
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
                "The configuration file (default: DRAGOMAN_CONFIG, or dragoman.yaml here)",
            HelpName = "FILE",
        };
        var port = new Option<int?>("--port")
        {
            CustomParser = Port,
            Description = $"The port to listen on (default: PORT, or {ServerOptions.DefaultPort})",
            HelpName = "N",
        };
        var host = new Option<string?>("--host")
        {
            Description =
                "The address to listen on (default: localhost; others need a key: dragoman keys create, or DRAGOMAN_ADMIN_KEY)",
            HelpName = "H",
        };
        var command = new Command("serve", "Run the gateway") { demo, config, port, host };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    options =>
                        options with
                        {
                            Demo = parsed.GetValue(demo),
                            ConfigFile = parsed.GetValue(config),
                            Port = parsed.GetValue(port) ?? options.Port,
                            Host = parsed.GetValue(host) ?? options.Host,
                        },
                    cancellationToken
                )
        );
        return command;
    }

    private static int? Port(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port <= IPEndPoint.MaxPort
        )
            return port;
        given.AddError($"--port is '{text}'; it must be a whole number from 0 to 65535");
        return null;
    }

    private static async Task<int> RunAsync(
        Func<ServerOptions, ServerOptions> commandLine,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var options = commandLine(
                ServerOptions.FromEnvironment(Environment.GetEnvironmentVariable)
            );
            await using var server = await GatewayServer.StartAsync(options, cancellationToken);
            // A log that machines read is kept clear of sentences.
            if (!options.JsonLog)
                await ServeBanner.WriteAsync(Console.Out, server, options);
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
