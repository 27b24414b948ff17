using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Server.Inference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>Puts the gateway's parts together for one server: the one place where they are made.</summary>
internal sealed class GatewayComposition : IAsyncDisposable
{
    private GatewayComposition(GatewaySnapshot snapshot, InferenceCall calls)
    {
        Snapshot = () => snapshot;
        Calls = calls;
    }

    public Readiness Readiness { get; } = new();

    public Func<GatewaySnapshot> Snapshot { get; }

    public InferenceCall Calls { get; }

    public static GatewayComposition Create(ServerOptions options, IServiceProvider services)
    {
        var time = TimeProvider.System;
        var names = new NameResolver();
        var snapshot = new GatewaySnapshot
        {
            Providers = new Dictionary<string, Catalog.Provider>(StringComparer.Ordinal),
            Names = names,
            Parts = new SnapshotParts(names),
            Version = 1,
        };
        var pipeline = new GatewayPipeline();
        var calls = new InferenceCall(
            () => snapshot,
            pipeline,
            new RequestIds(time, Random.Shared),
            time,
            new InstanceMark(),
            options.MaxBodyBytes,
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Dragoman.Exchange")
        );
        return new GatewayComposition(snapshot, calls);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
