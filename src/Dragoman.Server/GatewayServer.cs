using System.Net;
using System.Net.Sockets;
using Dragoman.Configuration;
using Dragoman.Routing;
using Dragoman.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server;

/// <summary>The gateway as a web server: composed, started, and in the end drained.</summary>
public sealed partial class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GatewayComposition _gateway;
    private readonly ILogger _logger;
    private bool _isDisposed;

    private GatewayServer(WebApplication app, GatewayComposition gateway, ILogger logger)
    {
        (_app, _gateway, _logger) = (app, gateway, logger);
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            gateway.Readiness.Draining();
            Log.Draining(logger, gateway.InFlight);
        });
    }

    /// <summary>Where it listens, e.g. <c>http://localhost:8007</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What came of the last reading of the configuration, and what was found.</summary>
    public ConfigReport Configuration => _gateway.Configuration.Report;

    /// <summary>No key is set, and none is kept: this machine's programs call without one.</summary>
    public bool IsOpen => _gateway.Gate.IsOpen;

    /// <summary>The names that can be called.</summary>
    public IReadOnlyList<ListedModel> Models => _gateway.Configuration.Snapshot().Names.List();

    /// <summary>Every address it answers.</summary>
    internal EndpointDataSource Endpoints => _app.Services.GetRequiredService<EndpointDataSource>();

    /// <summary>Completes when Ollama and LM Studio were looked for, which the first requests do not wait for.</summary>
    public Task LocalServersLookedFor { get; private set; } = Task.CompletedTask;

    /// <summary>Starts a server; it answers when this completes.</summary>
    /// <exception cref="ServerStartException">It cannot start, for a reason that is the user's to mend.</exception>
    public static async Task<GatewayServer> StartAsync(
        ServerOptions options,
        CancellationToken cancellationToken = default
    )
    {
        var app = Build(options);
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        GatewayServer? server = null;
        try
        {
            var gateway = await GatewayComposition.CreateAsync(
                options,
                options.Time,
                logs,
                cancellationToken
            );
            server = new GatewayServer(app, gateway, logs.CreateLogger<GatewayServer>());
            if (gateway.Gate.IsOpen && options.IsExposed)
                throw options.Unprotected();
            await server.StartAsync(gateway.Gate, cancellationToken);
            return server;
        }
        catch (Exception failure)
        {
            await (server?.DisposeAsync() ?? app.DisposeAsync());
            throw failure switch
            {
                IOException { InnerException: AddressInUseException } => new ServerStartException(
                    $"port {options.Port} is in use already: choose another with --port or PORT",
                    failure
                ),
                SocketException => new ServerStartException(
                    $"cannot listen on {options.Host}:{options.Port}: {failure.Message}",
                    failure
                ),
                _ => failure,
            };
        }
    }

    /// <summary>Completes when the server was told to stop and has stopped.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>Takes no new requests, lets running answers end within the drain time, and stores what is recorded.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await _app.StopAsync();
        await _gateway.DisposeAsync();
        Log.Stopped(_logger);
        await _app.DisposeAsync();
    }

    private static WebApplication Build(ServerOptions options)
    {
        var address = options.ListenAddress();
        // Empty: what the host reads, logs or measures is what stands below, and nothing else.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, options, address));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime);
        ServerLog.Configure(builder.Logging, options);
        return builder.Build();
    }

    private async Task StartAsync(Gate gate, CancellationToken cancellationToken)
    {
        var unforeseen = new UnforeseenErrors(
            _app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<UnforeseenErrors>()
        );
        _app.Use((context, next) => unforeseen.InvokeAsync(context, next));
        _app.UseRouting();
        _app.Use((context, next) => gate.InvokeAsync(context, next));
        _gateway.Map(Guarded(_app));
        await _app.StartAsync(cancellationToken);
        Address = Shown(_app.Services.GetRequiredService<IServer>());
        LocalServersLookedFor = _gateway.Configuration.Follow(Address.Port);
        _gateway.StartProbing();
        _gateway.Readiness.Started();
        Log.Listening(_logger, Address, gate.IsOpen ? "this machine only" : "with a key");
    }

    /// <summary>Whatever is mapped on it bears what it asks of its callers.</summary>
    private static RouteGroupBuilder Guarded(WebApplication app)
    {
        var guarded = app.MapGroup("");
        ((IEndpointConventionBuilder)guarded).Finally(static endpoint =>
            endpoint.Metadata.Add(
                EndpointTable.Of(((RouteEndpointBuilder)endpoint).RoutePattern.RawText!)
            )
        );
        return guarded;
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

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Listening on {Address}, {Access}.")]
        public static partial void Listening(ILogger logger, Uri address, string access);

        [LoggerMessage(
            LogLevel.Information,
            "Told to stop: no new requests, {InFlight} exchanges may end."
        )]
        public static partial void Draining(ILogger logger, int inFlight);

        [LoggerMessage(LogLevel.Information, "Stopped; all usage records are stored.")]
        public static partial void Stopped(ILogger logger);
    }
}
