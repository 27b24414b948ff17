using Dragoman.Catalog;
using Dragoman.Configuration;
using Dragoman.Conversations;
using Dragoman.Exchanges;
using Dragoman.Forwarding;
using Dragoman.Native;
using Dragoman.Providers;
using Dragoman.Routing;
using Dragoman.Server.Inference;
using Dragoman.Server.Native;
using Dragoman.Simulator;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.Usage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>Puts the gateway's parts together for one server: the one place where they are made, and unmade in reverse.</summary>
internal sealed class GatewayComposition : IAsyncDisposable
{
    /// <summary>Exchanges that were broken off still write their records.</summary>
    private static readonly TimeSpan LastRecords = TimeSpan.FromSeconds(5);

    private readonly HttpProvider _http = new();
    private readonly TimeProvider _time;
    private readonly SqliteDatabase _database;
    private readonly SqliteUsageStore _store;
    private readonly WriteBehindResponseStore _responses;
    private readonly UsageLedger _stored;
    private readonly ObservedLedger _ledger;
    private readonly SimulatorHost? _simulator;
    private readonly GatewayTelemetry _telemetry;
    private readonly InferenceCall _calls;

    private GatewayComposition(
        ServerOptions options,
        SqliteDatabase database,
        SimulatorHost? simulator,
        TimeProvider time,
        ILoggerFactory logs
    )
    {
        _database = database;
        _simulator = simulator;
        _time = time;
        _store = new SqliteUsageStore(database, logs.CreateLogger<SqliteUsageStore>());
        _stored = new UsageLedger(
            _store,
            new UsageLedgerOptions(),
            logs.CreateLogger<UsageLedger>()
        );
        _responses = new WriteBehindResponseStore(
            new SqliteResponseStore(database, new ResponseStoreOptions(), time),
            logs.CreateLogger<WriteBehindResponseStore>()
        );
        Readiness = new Readiness(() => _stored.Trouble);

        var states = new DeploymentStates();
        Configuration = new LiveConfiguration(
            new GatewaySnapshots(Sources(options, simulator), states, time),
            logs.CreateLogger<LiveConfiguration>()
        );
        _telemetry = new GatewayTelemetry(options, Configuration, states, time, logs);
        _ledger = new ObservedLedger(_stored, _telemetry.Observers);

        _calls = new InferenceCall(
            Configuration.Snapshot,
            new GatewayPipeline(
                new RecordStep(_ledger, time, logs.CreateLogger<RecordStep>()),
                new RouteStep(),
                new RecallStep(_responses, time),
                new ForwardStep(new Forwarder(_http, time, Random.Shared))
            ),
            new RequestIds(time, Random.Shared),
            time,
            new InstanceMark(_http.InstanceId),
            _telemetry.Traces,
            options.MaxBodyBytes
        );
        _telemetry.Watch(_calls, _ledger);
    }

    public Readiness Readiness { get; }

    public LiveConfiguration Configuration { get; }

    /// <summary>Exchanges that are being answered.</summary>
    public int InFlight => _calls.InFlight;

    /// <summary>Opens what has to be open before the first request: the database, the simulator, the configuration.</summary>
    /// <exception cref="ServerStartException">One of them cannot be used.</exception>
    public static async Task<GatewayComposition> CreateAsync(
        ServerOptions options,
        TimeProvider time,
        ILoggerFactory logs,
        CancellationToken cancellationToken
    )
    {
        var gateway = new GatewayComposition(
            options,
            OpenDatabase(options),
            options.Demo
                ? await SimulatorHost.StartAsync(SimulatorOptions.Demo, cancellationToken)
                : null,
            time,
            logs
        );
        var report = gateway.Configuration.Reload();
        if (report.IsApplied)
            return gateway;
        await gateway.DisposeAsync();
        throw new ServerStartException(
            "the configuration has mistakes:\n"
                + string.Join('\n', report.Mistakes.Where(static mistake => !mistake.IsWarning))
        );
    }

    /// <summary>Every address that is answered, group by group.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        HealthEndpoints.Map(endpoints, Readiness);
        _telemetry.Page.Map(endpoints);
        OpenAIEndpoints.Map(endpoints, _calls, Configuration.Snapshot);
        new ResponsesEndpoints(_calls, _responses).Map(endpoints);
        AnthropicEndpoints.Map(endpoints, _calls);
        GeminiEndpoints.Map(endpoints, _calls, Configuration.Snapshot);
        new OllamaEndpoints(_calls, Configuration.Snapshot, Configuration.LoadedAsync).Map(
            endpoints
        );
        new RequestsEndpoints(_store, _ledger).Map(endpoints);
        new UsageEndpoints(new UsageAccounts(_store, _time), _time).Map(endpoints);
        UnknownAddress.Map(endpoints);
    }

    /// <summary>Stores all records, then lets go of everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await Configuration.DisposeAsync();
        await _calls.WaitUntilIdleAsync(LastRecords);
        await _responses.DisposeAsync();
        await _stored.DisposeAsync();
        _store.Dispose();
        _database.Dispose();
        _http.Dispose();
        if (_simulator is not null)
            await _simulator.DisposeAsync();
        _telemetry.Dispose();
    }

    private static GatewaySources Sources(ServerOptions options, SimulatorHost? simulator) =>
        new()
        {
            ConfigFile = options.ConfigFile,
            WorkingDirectory = options.WorkingDirectory,
            Environment = options.Environment,
            OwnPorts = options.Port == 0 ? [] : [options.Port],
            LookForLocalServers = options.LookForLocalServers,
            AskLocalServersEvery = options.AskLocalServersEvery,
            ChatClients = options.ChatClients,
            Demo = simulator is null
                ? null
                : new DemoProvider(new Uri(simulator.BaseUrl), simulator.Models),
        };

    private static SqliteDatabase OpenDatabase(ServerOptions options)
    {
        try
        {
            return SqliteDatabase.Open(DatabaseLocation.From(options.Environment));
        }
        catch (StorageException reason)
        {
            throw new ServerStartException(reason.Message, reason);
        }
    }
}
