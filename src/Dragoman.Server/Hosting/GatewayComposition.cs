using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Forwarding;
using Dragoman.Providers;
using Dragoman.Routing;
using Dragoman.Server.Inference;
using Dragoman.Server.Native;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.Usage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>Puts the gateway's parts together for one server: the one place where they are made, and unmade in reverse.</summary>
internal sealed class GatewayComposition : IAsyncDisposable
{
    private readonly HttpProvider _http = new();
    private readonly DeploymentStates _states = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteUsageStore _store;
    private readonly UsageLedger _stored;
    private readonly ObservedLedger _ledger;
    private readonly GatewaySnapshot _snapshot;
    private readonly GatewayMetrics _metrics;
    private readonly MetricsPage _metricsPage = new();
    private readonly GenAIMetrics _genAIMetrics;
    private readonly ExchangeTraces _traces;
    private readonly OtlpExport? _export;
    private readonly InferenceCall _calls;

    public GatewayComposition(ServerOptions options, TimeProvider time, ILoggerFactory logs)
    {
        try
        {
            _database = SqliteDatabase.Open(DatabaseLocation.From(options.Environment));
        }
        catch (StorageException reason)
        {
            throw new ServerStartException(reason.Message, reason);
        }
        _store = new SqliteUsageStore(_database);
        var watched = new WatchedStore(_store);
        Readiness = new Readiness(() => watched.Trouble);
        _stored = new UsageLedger(
            watched,
            new UsageLedgerOptions(),
            logs.CreateLogger<UsageLedger>()
        );
        var names = new NameResolver();
        _snapshot = new GatewaySnapshot
        {
            Providers = new Dictionary<string, Provider>(StringComparer.Ordinal),
            Names = names,
            Parts = new SnapshotParts(names),
            Version = 1,
        };

        _metrics = new GatewayMetrics(IsConfigured);
        var conventions = new GenAINames(ProviderType);
        _genAIMetrics = new GenAIMetrics(conventions);
        _traces = new ExchangeTraces(conventions);
        _export = OtlpExport.FromEnvironment(options.Environment);
        _ledger = new ObservedLedger(_stored, Observers(options, logs));

        var pipeline = new GatewayPipeline(
            new RecordStep(_ledger, time, logs.CreateLogger<RecordStep>()),
            new RouteStep(),
            new ForwardStep(new Forwarder(_http, time, Random.Shared))
        );
        _calls = new InferenceCall(
            Snapshot,
            pipeline,
            new RequestIds(time, Random.Shared),
            time,
            new InstanceMark(_http.InstanceId),
            _traces,
            options.MaxBodyBytes,
            logs.CreateLogger<InferenceCall>()
        );
        AddGauges(time);
    }

    public Readiness Readiness { get; }

    /// <summary>Every address that is answered, group by group.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        HealthEndpoints.Map(endpoints, Readiness);
        _metricsPage.Map(endpoints);
        OpenAIEndpoints.Map(endpoints, _calls, Snapshot);
        UnbuiltDialects.Map(endpoints);
        new RequestsEndpoints(_store, _ledger).Map(endpoints);
        UnknownAddress.Map(endpoints);
    }

    /// <summary>Waits for exchanges that were broken off to be recorded, then stores all records.</summary>
    public async ValueTask DisposeAsync()
    {
        await _calls.WaitUntilIdleAsync(TimeSpan.FromSeconds(5));
        await _stored.DisposeAsync();
        _store.Dispose();
        _database.Dispose();
        _http.Dispose();
        _export?.Dispose();
        _metricsPage.Dispose();
        _metrics.Dispose();
        _genAIMetrics.Dispose();
        _traces.Dispose();
    }

    private GatewaySnapshot Snapshot() => _snapshot;

    private bool IsConfigured(string name) => Snapshot().Names.Find(name) is not null;

    private string ProviderType(string provider) =>
        Snapshot().Providers.TryGetValue(provider, out var known) ? known.Type.Name : provider;

    private Action<UsageRecord>[] Observers(ServerOptions options, ILoggerFactory logs)
    {
        var observers = new List<Action<UsageRecord>> { _metrics.Observe };
        if (_export is not null)
            observers.AddRange([_genAIMetrics.Observe, _traces.Observe]);
        if (options.LogRequests)
            observers.Add(new RequestLog(logs.CreateLogger<RequestLog>()).Observe);
        return [.. observers];
    }

    private void AddGauges(TimeProvider time)
    {
        _metrics.Gauge(
            "dragoman.exchanges.in_flight",
            "{exchange}",
            "Exchanges being answered.",
            () => _calls.InFlight
        );
        _metrics.Gauge(
            "dragoman.ledger.queue_depth",
            "{record}",
            "Usage records not stored yet.",
            () => _ledger.QueueDepth
        );
        _metrics.Gauge(
            "dragoman.config.version",
            "{version}",
            "Counts up with every reload.",
            () => Snapshot().Version
        );
        _metrics.Gauge(
            "dragoman.deployment.state",
            "{state}",
            "1 while a deployment's breaker is open or half open, or it is cooling or missing.",
            () => DeploymentGauges.Read(_states, time.GetUtcNow())
        );
    }
}
