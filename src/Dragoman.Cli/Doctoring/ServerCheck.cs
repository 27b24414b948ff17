using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dragoman.Cli.Links;
using Dragoman.Native;
using Dragoman.Server;

namespace Dragoman.Cli.Doctoring;

/// <summary>Who has the port: a Dragoman that takes the key, nobody, or somebody else.</summary>
internal static class ServerCheck
{
    private const string Name = "server";

    public static async Task<Finding> RunAsync(
        ServerAddress server,
        Func<string, string?> environment,
        CancellationToken stop
    )
    {
        var shown = server.Url.GetLeftPart(UriPartial.Authority);
        switch (await server.LookAsync(stop))
        {
            case Presence.Dragoman:
                return await AskAsync(server, shown, stop);
            case Presence.Other:
                return server.IsNamed
                    ? Finding.Error(
                        Name,
                        $"what answers at {shown} is no Dragoman",
                        "Correct --url or DRAGOMAN_URL."
                    )
                    : Finding.Warning(
                        Name,
                        $"port {server.Url.Port} is taken by something that is no Dragoman",
                        $"Serve on another one (dragoman serve --port {server.Url.Port + 1}), and set DRAGOMAN_URL to it."
                    );
            default:
                return server.IsNamed
                    ? Finding.Error(
                        Name,
                        $"nobody answers at {shown}",
                        "Start it there, or correct --url or DRAGOMAN_URL."
                    )
                    : Port(server.Url.Port, environment);
        }
    }

    private static async Task<Finding> AskAsync(
        ServerAddress server,
        string shown,
        CancellationToken stop
    )
    {
        await using var link = new ServerLink(server);
        try
        {
            var health = await link.HealthAsync(now: false, null, stop);
            return Finding.Ok(
                Name,
                $"a Dragoman answers at {shown}, with {health.Counts.Available} of {health.Counts.Total} providers available"
            );
        }
        catch (GatewayException refused) when (refused.Kind == GatewayFailure.Authentication)
        {
            return Finding.Error(
                Name,
                server.ApiKey is null
                    ? $"the Dragoman at {shown} wants a key, and none is set"
                    : $"the Dragoman at {shown} does not take the key",
                "Set DRAGOMAN_API_KEY to one of the server's keys (dragoman keys create, or its DRAGOMAN_ADMIN_KEY), or pass --api-key."
            );
        }
        catch (GatewayException failure)
        {
            return Finding.Error(
                Name,
                $"the Dragoman at {shown} does not answer as it should: {failure.Message}",
                "Look at its log; is it of this version?"
            );
        }
    }

    /// <summary>Nobody answers HTTP there; somebody may hold it all the same.</summary>
    private static Finding Port(int usual, Func<string, string?> environment)
    {
        var port =
            environment("PORT") is { Length: > 0 } said
            && int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var own)
            && own is > 0 and <= IPEndPoint.MaxPort
                ? own
                : usual;
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return Finding.Note(
                Name,
                $"no server runs; port {port} is free",
                "Start one with: dragoman serve. Without it, dragoman ask and chat answer from their own process."
            );
        }
        catch (SocketException trouble)
        {
            return Finding.Warning(
                Name,
                $"port {port} cannot be used: {trouble.Message}",
                $"Serve on another one: dragoman serve --port {(port == ServerOptions.DefaultPort ? port + 1 : ServerOptions.DefaultPort)}"
            );
        }
    }
}
