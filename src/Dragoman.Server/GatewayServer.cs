using System.Net;
using System.Net.Sockets;
using Dragoman.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server;

/// <summary>The gateway as a web server: composed, started, and in the end drained.</summary>
public sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GatewayComposition _gateway;

    private GatewayServer(WebApplication app, GatewayComposition gateway)
    {
        _app = app;
        _gateway = gateway;
    }

    /// <summary>Where it listens, e.g. <c>http://localhost:8007</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts a server; it answers when this completes.</summary>
    /// <exception cref="ServerStartException">It cannot start, for a reason that is the user's to mend.</exception>
    public static async Task<GatewayServer> StartAsync(
        ServerOptions options,
        CancellationToken cancellationToken = default
    )
    {
        var address = options.ListenAddress();
        // Empty: what the host reads, logs or measures is what stands below, and nothing else.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, options, address));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime);
        ServerLog.Configure(builder.Logging, options);

        var app = builder.Build();
        var gateway = new GatewayComposition(
            options,
            TimeProvider.System,
            app.Services.GetRequiredService<ILoggerFactory>()
        );
        var gate = new Gate(options.AdminKey is { } key ? new AdminKey(key) : null);
        app.Use((context, next) => gate.InvokeAsync(context, next));
        app.UseRouting();
        gateway.Map(app);

        var server = new GatewayServer(app, gateway);
        app.Lifetime.ApplicationStopping.Register(gateway.Readiness.Draining);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            await server.DisposeAsync();
            throw new ServerStartException(
                $"Port {options.Port} is in use already: choose another with --port or PORT.",
                taken
            );
        }
        catch (SocketException refused)
        {
            await server.DisposeAsync();
            throw new ServerStartException(
                $"Cannot listen on {options.Host}:{options.Port}: {refused.Message}",
                refused
            );
        }
        server.Address = Shown(app.Services.GetRequiredService<IServer>());
        gateway.Readiness.Started();
        return server;
    }

    /// <summary>Completes when the server was told to stop and has stopped.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>Takes no new requests, lets running answers end within the drain time, and stores what is recorded.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    private static void Limit(
        KestrelServerOptions kestrel,
        ServerOptions options,
        IPAddress? address
    )
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        if (address is null)
            kestrel.ListenLocalhost(options.Port, Http1);
        else
            kestrel.Listen(address, options.Port, Http1);
    }

    /// <summary>HTTP/2 needs TLS to be negotiated, which whoever stands before this server does.</summary>
    private static void Http1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;

    /// <summary>The first address bound, as one types it on this machine.</summary>
    private static Uri Shown(IServer server) =>
        new(
            server
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.First()
                .Replace("[::]", "localhost", StringComparison.Ordinal)
                .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
        );
}
