using Dragoman.Access;
using Dragoman.Access.Auditing;
using Dragoman.Access.People;
using Dragoman.Configuration;
using Dragoman.Conversations;
using Dragoman.Health;
using Dragoman.Native;
using Dragoman.Providers;
using Dragoman.Secrets;
using Dragoman.Server.Admin;
using Dragoman.Server.Hosting.OpenApi;
using Dragoman.Server.Inference;
using Dragoman.Server.Native;
using Dragoman.Server.SignIn;
using Dragoman.Simulator;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.Usage.Bodies;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>Puts the gateway's parts together for one server: the one place where they are made, and unmade in reverse.</summary>
internal sealed class GatewayComposition : IAsyncDisposable
{
    /// <summary>Exchanges that were broken off still write their records.</summary>
    private static readonly TimeSpan LastRecords = TimeSpan.FromSeconds(5);

    private readonly Gateway _gateway;
    private readonly TimeProvider _time;
    private readonly SqliteDatabase _database;
    private readonly SqliteUsageStore _store;
    private readonly WriteBehindResponseStore _responses;
    private readonly SqliteBudgetStore _budgets;
    private readonly BodyKeeper _bodies;
    private readonly SimulatorHost? _simulator;
    private readonly GatewayTelemetry _telemetry;
    private readonly InferenceCall _calls;
    private readonly QueryEndpoints _queries;
    private readonly NativePost _posts;
    private readonly InstanceMark _instance;
    private readonly HealthWatch? _watch;
    private readonly KeyDesk _keys;
    private readonly GatewayConfiguration _configured;
    private readonly KeyKeeper _keeper;
    private readonly Reach _reach;
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;
    private Task _keeping = Task.CompletedTask;

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
        _responses = new WriteBehindResponseStore(
            new SqliteResponseStore(database, new ResponseStoreOptions(), time),
            logs.CreateLogger<WriteBehindResponseStore>()
        );
        var vault = OpenVault(options, database, time);
        var secrets = new EnteredSecrets(vault);
        var book = new KeyBook(time);
        _keys = new KeyDesk(
            book,
            new SqliteKeyStore(database),
            time,
            hasOtherDoor: () => options.AdminKey is not null,
            whyNotOwned: (who, before, after) =>
                KeyOwners.WhyNot(People!.Book.Current, who, before, after)
        );
        _reach = new Reach(book);
        var wrong = new WrongKeys(logs.CreateLogger<WrongKeys>());
        _keeper = new KeyKeeper(
            _keys,
            key => People!.Book.Current.WhyNot(key),
            wrong,
            time,
            logs.CreateLogger<KeyKeeper>()
        );
        var admin = options.AdminKey is { } secret ? new AdminKey(secret) : null;
        People = new PeopleComposition(
            database,
            new AuditKey(vault.OwnKey(AuditKey.Purpose)),
            new KeyHolders(admin, book, time),
            time,
            logs
        );
        Gate = new Gate(new KeyCheck(admin, book, People.Book, wrong, time), People.Door);
        _budgets = new SqliteBudgetStore(
            database,
            RecordedCosts.In(_store),
            logs.CreateLogger<SqliteBudgetStore>()
        );
        _bodies = new BodyKeeper(
            new SqliteBodyStore(database),
            () =>
                MasterKey
                    .Open(options.Environment, Path.GetDirectoryName(database.Path)!)
                    .Derive("bodies"),
            time,
            logs.CreateLogger<BodyKeeper>()
        );
        var door = options.IsInHouse is { } rule ? new HouseDoor(rule) : new HouseDoor();
        _gateway = new Gateway(
            new GatewayParts
            {
                Sources = Sources(options, simulator) with { Secret = secrets.Find },
                Usage = _store,
                Feedback = new SqliteFeedbackStore(database),
                Responses = _responses,
                Bodies = _bodies,
                Budgets = _budgets,
                Logs = logs,
                Door = door,
                Time = time,
            }
        );
        _configured = new GatewayConfiguration(
            _gateway.Snapshots,
            new SqliteConfigurationStore(database),
            secrets,
            People.Audit,
            time
        );
        Readiness = new Readiness(() => _gateway.Trouble);
        var offline = new OfflineNotice(
            door,
            options.Environment,
            logs.CreateLogger<OfflineNotice>()
        );
        _gateway.Snapshots.Reloaded += _ => offline.Tell();
        _gateway.Snapshots.Reloaded += People.Note;
        Configuration = new LiveConfiguration(
            _gateway.Snapshots,
            logs.CreateLogger<LiveConfiguration>()
        );
        _telemetry = new GatewayTelemetry(
            options,
            Configuration,
            _gateway.States,
            door,
            time,
            logs
        );
        var instance = _instance = new InstanceMark(_gateway.Http.InstanceId);
        _posts = new NativePost(options.MaxBodyBytes);
        _calls = new InferenceCall(
            _gateway,
            time,
            instance,
            _telemetry.Traces,
            options.MaxBodyBytes
        );
        _queries = new QueryEndpoints(
            _gateway,
            instance,
            _telemetry.Traces,
            time,
            options.MaxBodyBytes
        );
        _telemetry.Watch(() => InFlight, _gateway.Ledger);
        if (options.ProbeProviders)
            _watch = new HealthWatch(
                () => Configuration.Snapshot().Providers.Values,
                _gateway.Prober,
                time
            );
    }

    public Readiness Readiness { get; }

    /// <summary>Whom it lets in.</summary>
    public Gate Gate { get; }

    /// <summary>Who people are, who is signed in, and what they did.</summary>
    public PeopleComposition People { get; }

    public LiveConfiguration Configuration { get; }

    /// <summary>Exchanges that are being answered.</summary>
    public int InFlight => _calls.InFlight + _gateway.InFlight;

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
        await gateway._keys.LoadAsync(cancellationToken);
        await gateway.People.LoadAsync(cancellationToken);
        var report = gateway.Configuration.Reload();
        if (report.IsApplied)
        {
            // A read of one index, before the first request is decided by it.
            await gateway._gateway.ReadFeedbackAsync();
            return gateway;
        }
        await gateway.DisposeAsync();
        throw new ServerStartException(
            "the configuration has mistakes:\n"
                + string.Join('\n', report.Mistakes.Where(static mistake => !mistake.IsWarning))
        );
    }

    /// <summary>From now on providers are asked whether they are there; nobody waits for it.</summary>
    public void StartProbing()
    {
        _keeping = Task.Run(() => _keeper.RunAsync(_stopping.Token), CancellationToken.None);
        if (_watch is { } watch)
            _watching = Task.Run(() => watch.RunAsync(_stopping.Token), CancellationToken.None);
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
        _queries.Map(endpoints);
        new RequestsEndpoints(_store, _gateway.FeedbackStore, _gateway.Ledger, _reach, _bodies).Map(
            endpoints
        );
        new FeedbackEndpoints(_gateway, _posts, _reach).Map(endpoints);
        new ChoosingEndpoints(_gateway, _instance, _telemetry.Traces, _posts).Map(endpoints);
        new ModelsEndpoints(Configuration.Snapshot).Map(endpoints);
        new ChainsEndpoints(_gateway).Map(endpoints);
        new HealthApiEndpoints(_gateway.Health, Configuration.Snapshot).Map(endpoints);
        new UsageEndpoints(new UsageAccounts(_store, _time), _gateway.Ledger, _time, _reach).Map(
            endpoints
        );
        new StatsEndpoints(_gateway.Stats).Map(endpoints);
        new LimitStatesApi(_gateway).Map(endpoints);
        new RoutingSimulationApi(_gateway, _posts).Map(endpoints);
        new BudgetStateApi(_gateway.Budgets, Configuration.Snapshot).Map(endpoints);
        new KeysApi(_keys, People.Audit, _posts, _time).Map(endpoints);
        new ConfigEntriesApi(_configured, _posts).Map(endpoints);
        new ProviderActionsApi(_gateway, _configured, _posts).Map(endpoints);
        new ChainSimulationApi(_gateway, _posts).Map(endpoints);
        new ConfigVersionsApi(_configured, _posts).Map(endpoints);
        People.Map(endpoints, _posts);
        new OpenApiPage(_posts).Map(endpoints);
        UnknownAddress.Map(endpoints);
    }

    /// <summary>Stores all records, then lets go of everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await Configuration.DisposeAsync();
        await _stopping.CancelAsync();
        await _watching;
        await _keeping;
        await _calls.WaitUntilIdleAsync(LastRecords);
        await _responses.DisposeAsync();
        await People.DisposeAsync();
        await _gateway.DisposeAsync();
        await _bodies.DisposeAsync();
        _keys.Dispose();
        _configured.Dispose();
        _budgets.Dispose();
        _store.Dispose();
        _database.Dispose();
        if (_simulator is not null)
            await _simulator.DisposeAsync();
        _telemetry.Dispose();
        _stopping.Dispose();
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

    /// <summary>The key file stands beside the database, unless a data folder was named.</summary>
    private static SecretVault OpenVault(
        ServerOptions options,
        SqliteDatabase database,
        TimeProvider time
    )
    {
        var folder = options.Environment("DRAGOMAN_DATA") is { Length: > 0 } named
            ? named
            : Path.GetDirectoryName(database.Path)!;
        try
        {
            return SecretVault.Open(
                new SqliteSecretStore(database),
                MasterKey.Open(options.Environment, folder),
                time
            );
        }
        catch (MasterKeyException reason)
        {
            database.Dispose();
            throw new ServerStartException(reason.Message, reason);
        }
    }

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
