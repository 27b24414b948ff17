using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Configuration;
using Dragoman.Configuration.Stored;
using Dragoman.Exchanges;
using Dragoman.Providers;
using Dragoman.Routing;
using Dragoman.Routing.Quality;

namespace Dragoman;

/// <summary>
/// Holds the snapshot in use and replaces it when the configuration changes: by one reference, so that running exchanges keep
/// theirs. A configuration with mistakes changes nothing.
/// </summary>
public sealed class GatewaySnapshots : IDisposable
{
    private static readonly TimeSpan LookAtFile = TimeSpan.FromSeconds(1);

    private readonly Lock _building = new();
    private readonly DeploymentStates _states;
    private readonly TimeProvider _time;
    private readonly LocalDiscovery _discovery;
    private GatewaySnapshot _current = Nothing();
    private IReadOnlyList<DiscoveredServer> _servers = [];
    private IReadOnlyList<DiscoveryTarget> _targets = [];
    private IReadOnlyList<DiscoveryTarget>? _asked;
    private string? _ownCatalog;
    private string? _mark;
    private string? _seen;

    /// <param name="sources">Where configuration comes from.</param>
    /// <param name="states">What is known of deployments; it outlives reloads.</param>
    /// <param name="time">Tells when to look again.</param>
    /// <param name="door">What connections go through; null makes one.</param>
    public GatewaySnapshots(
        GatewaySources sources,
        DeploymentStates states,
        TimeProvider time,
        HouseDoor? door = null
    )
    {
        (Sources, _states, _time, Door) = (sources, states, time, door ?? new HouseDoor());
        Quality = new LiveQuality(name => Current.Models.Named(name)?.Quality, time);
        _discovery = new LocalDiscovery(Door);
    }

    /// <summary>What holds now; before the first <see cref="Reload"/> nothing is configured.</summary>
    public GatewaySnapshot Current => Volatile.Read(ref _current);

    /// <summary>How good deployments are thought to be; it outlives reloads.</summary>
    internal LiveQuality Quality { get; }

    /// <summary>Shut while the configuration in use says <c>local_only</c>. Whoever calls providers must do it through this one.</summary>
    public HouseDoor Door { get; }

    /// <summary>Where configuration comes from. A change counts from the next <see cref="Reload"/>.</summary>
    public GatewaySources Sources { get; set; }

    /// <summary>What was entered through the API. A change counts from the next <see cref="Reload"/>.</summary>
    internal IReadOnlyList<StoredEntry> Stored { get; set; } = [];

    /// <summary>What the file in use declares.</summary>
    internal DeclaredConfig Declared { get; private set; } = DeclaredConfig.Nothing;

    /// <summary>The providers that were found, and where.</summary>
    internal IReadOnlyList<ProviderFinding> Findings { get; private set; } = [];

    /// <summary>Entries that are stored and not in use, for the reason that is told of each.</summary>
    internal IReadOnlyList<ConfigMistake> LeftOut { get; private set; } = [];

    /// <summary>Told after every reload, also of one that changed nothing because of mistakes.</summary>
    public event Action<ConfigReport>? Reloaded;

    /// <summary>Reads everything anew and, unless there are mistakes, puts it to use. Called at the start, on change and on SIGHUP.</summary>
    public ConfigReport Reload()
    {
        ConfigReport report;
        lock (_building)
            report = Build(ConfigFile.Read(Sources));
        Reloaded?.Invoke(report);
        return report;
    }

    /// <summary>What would come of it, were exactly this stored: nothing is put to use, and nothing left out.</summary>
    internal ConfigReport Try(IReadOnlyList<StoredEntry> stored)
    {
        lock (_building)
            return Builder().Build(ConfigFile.Read(Sources), _servers, stored, Current).Report;
    }

    /// <summary>
    /// Asks servers in the house for their models, and reloads where the answers differ from before. Null where nothing changed.
    /// It takes 0.3 s at most where nobody told of any, 2 s where a server that was told of does not answer.
    /// </summary>
    public async Task<ConfigReport?> DiscoverAsync(CancellationToken cancellationToken = default)
    {
        var targets = _targets;
        _asked = targets;
        return Use(await _discovery.FindAsync(targets, cancellationToken));
    }

    /// <summary>What Ollama servers in the house hold in memory now, as they tell it in <c>/api/ps</c>.</summary>
    public Task<IReadOnlyList<RawJson>> LoadedAsync(CancellationToken cancellationToken) =>
        _discovery.LoadedAsync(_targets, cancellationToken);

    /// <summary>The same with what the models can do, as far as that is told at once: one change where there is one.</summary>
    private async Task DiscoverAndDescribeAsync(CancellationToken cancellationToken)
    {
        var targets = _targets;
        _asked = targets;
        var found = await _discovery.FindAsync(targets, cancellationToken);
        Use(await _discovery.DescribeAsync(targets, found, cancellationToken) ?? found);
    }

    /// <summary>Asks what the models that were found can do, and reloads when that is known.</summary>
    private async Task DescribeAsync(CancellationToken cancellationToken)
    {
        if (
            await _discovery.DescribeAsync(_asked ?? [], _servers, cancellationToken) is
            { } described
        )
            Use(described);
    }

    private ConfigReport? Use(IReadOnlyList<DiscoveredServer> found)
    {
        if (
            found.Count == _servers.Count
            && found.Zip(_servers).All(static pair => pair.First.IsLike(pair.Second))
        )
            return null;
        _servers = found;
        return Reload();
    }

    /// <summary>Reloads whenever the file changes, until cancelled; looks for local servers from time to time.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookAtFile, _time);
        var every = Math.Max(1, (long)(Sources.AskLocalServersEvery / LookAtFile));
        try
        {
            for (var look = 1; await timer.WaitForNextTickAsync(cancellationToken); look++)
            {
                Look();
                // Whom to ask may have changed with a reload.
                if (look % every == 0 || !ReferenceEquals(_targets, _asked))
                    await DiscoverAndDescribeAsync(cancellationToken);
                else
                    await DescribeAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of watching.
        }
    }

    /// <summary>
    /// Looks at the file and an own catalog beside it once, and reloads where it has changed and was the same at the last look: whoever writes it is done. The
    /// content is compared, not a time or a notification: links that now lead elsewhere, network folders and editors that rename
    /// all show in it, and an unchanged save does not.
    /// </summary>
    internal void Look()
    {
        var file = ConfigFile.Read(Sources);
        var catalog = _ownCatalog is { } path ? ConfigFile.At(path) : null;
        var mark = file.Mark + catalog?.Mark;
        if (mark != _mark && mark == _seen && (file.Trouble ?? catalog?.Trouble) is null)
            Reload();
        _seen = mark;
    }

    public void Dispose() => _discovery.Dispose();

    private ConfigReport Build(ConfigFile file)
    {
        var former = Current;
        var (built, leftOut) = StoredBuild.Of(
            stored => Builder().Build(file, _servers, stored, former),
            Stored
        );
        _mark = file.Mark + built.OwnCatalog?.Mark;
        _ownCatalog = built.OwnCatalog?.Path;
        if (built.Snapshot is { } snapshot)
        {
            // The same list stays the same object: another one is asked at once.
            if (!built.Targets.SequenceEqual(_targets))
                _targets = built.Targets;
            // Shut before the first exchange that may count on it; opened after the last that does.
            if (built.LocalOnly)
                Door.Shut(built.HouseNames);
            (Declared, LeftOut, Findings) = (built.Declared, leftOut, built.Report.Findings);
            Volatile.Write(ref _current, snapshot);
            if (!built.LocalOnly)
                Door.Open();
        }
        return built.Report;
    }

    private GatewaySnapshotBuilder Builder() => new(Sources, _states, Quality, _time);

    private static GatewaySnapshot Nothing()
    {
        var names = new NameResolver(RoutingTable.Empty);
        return new GatewaySnapshot
        {
            Providers = new Dictionary<string, Provider>(StringComparer.OrdinalIgnoreCase),
            Names = names,
            Parts = new SnapshotParts(names),
            Version = 0,
        };
    }
}
