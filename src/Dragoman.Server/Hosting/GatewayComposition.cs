using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Server.Inference;
using Dragoman.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>Puts the gateway's parts together for one server: the one place where they are made.</summary>
internal sealed class GatewayComposition : IAsyncDisposable
{
    private readonly UsageLedger _ledger;

    private GatewayComposition(GatewaySnapshot snapshot, InferenceCall calls, UsageLedger ledger)
    {
        Snapshot = () => snapshot;
        Calls = calls;
        _ledger = ledger;
    }

    public Readiness Readiness { get; } = new();

    public Func<GatewaySnapshot> Snapshot { get; }

    public InferenceCall Calls { get; }

    public static GatewayComposition Create(ServerOptions options, IServiceProvider services)
    {
        var time = TimeProvider.System;
        var logs = services.GetRequiredService<ILoggerFactory>();
        var store = new InMemoryUsageStore();
        var ledger = new UsageLedger(
            store,
            new UsageLedgerOptions(),
            logs.CreateLogger<UsageLedger>()
        );
        var names = new NameResolver();
        var snapshot = new GatewaySnapshot
        {
            Providers = new Dictionary<string, Catalog.Provider>(StringComparer.Ordinal),
            Names = names,
            Parts = new SnapshotParts(names),
            Version = 1,
        };
        var pipeline = new GatewayPipeline(
            new RecordStep(ledger, time, logs.CreateLogger<RecordStep>()),
            new RouteStep()
        );
        var calls = new InferenceCall(
            () => snapshot,
            pipeline,
            new RequestIds(time, Random.Shared),
            time,
            new InstanceMark(),
            options.MaxBodyBytes,
            logs.CreateLogger<InferenceCall>()
        );
        return new GatewayComposition(snapshot, calls, ledger);
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();
}
