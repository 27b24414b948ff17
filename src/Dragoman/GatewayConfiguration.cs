using Dragoman.Access;
using Dragoman.Configuration.Stored;
using Dragoman.Configuration.Yaml;
using Dragoman.Routing.Rules;
using Dragoman.Secrets;

namespace Dragoman;

/// <summary>
/// What is configured: declared in the file or stored through the API. A change is checked as a whole before it is kept, and in use
/// when it is.
/// </summary>
internal sealed partial class GatewayConfiguration : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly GatewaySnapshots _snapshots;
    private readonly IConfigurationStore _store;
    private readonly EnteredSecrets _secrets;
    private readonly IAuditTrail? _audit;
    private readonly TimeProvider _time;
    private IReadOnlyList<StoredEntry> _entries = [];
    private long _version;

    public GatewayConfiguration(
        GatewaySnapshots snapshots,
        IConfigurationStore store,
        EnteredSecrets secrets,
        IAuditTrail? audit,
        TimeProvider time
    )
    {
        (_snapshots, _store, _secrets, _audit, _time) = (snapshots, store, secrets, audit, time);
        Load();
    }

    /// <summary>How a secret may be shown.</summary>
    public EnteredSecrets Secrets => _secrets;

    /// <summary>The number of the newest version.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>The file as messages name it.</summary>
    public string FileName => _snapshots.Declared.Name;

    /// <summary>Everything of a kind: rules by their priority, all others by id.</summary>
    public IReadOnlyList<ConfigThing> List(ConfigKind kind)
    {
        if (kind.Shape == ConfigShape.One)
            return [Only(kind)];
        var declared = _snapshots.Declared.Of(kind);
        var things = declared
            .Select(entry => new ConfigThing(
                kind,
                entry.Id,
                SecretFields.Masked(kind, OwnValue(kind, entry.Value)),
                null,
                ConfigThing.File
            ))
            .Concat(
                StoredOf(kind)
                    .Where(entry => _snapshots.Declared.Find(kind, entry.Id) is null)
                    .Select(entry => Of(kind, entry))
            );
        if (kind == ConfigKind.Providers)
            things = things.Concat(Found());
        return kind.HasOrder
            ? [.. things.OrderBy(static thing => PriorityOf(thing.Value))]
            : [.. things.OrderBy(static thing => thing.Id, StringComparer.Ordinal)];
    }

    public ConfigThing? Find(ConfigKind kind, string id) =>
        List(kind).FirstOrDefault(thing => kind.Ids.Equals(thing.Id, id));

    public void Dispose() => _changing.Dispose();

    private void Load()
    {
        (_entries, _version) = _store.Load();
        _snapshots.Stored = _entries;
    }

    private IEnumerable<StoredEntry> StoredOf(ConfigKind kind) =>
        Volatile.Read(ref _entries).Where(entry => entry.Kind == kind.Name);

    private ConfigThing Of(ConfigKind kind, StoredEntry entry) =>
        new(
            kind,
            entry.Id,
            JsonNodes.Parse(entry.Json),
            entry,
            ConfigThing.Api,
            _snapshots
                .LeftOut.FirstOrDefault(mistake =>
                    mistake.Stored is { } stored
                    && stored.Kind == kind.Name
                    && stored.Id == entry.Id
                )
                ?.ToString()
        );

    /// <summary>What there is one of: what the file says of it, and what is stored beside.</summary>
    private ConfigThing Only(ConfigKind kind)
    {
        var said = _snapshots.Declared.Find(kind, kind.OnlyId) as ConfigMap;
        var stored = StoredOf(kind).FirstOrDefault();
        var fields = new List<ConfigEntry>(said?.Entries ?? []);
        if (stored is not null && JsonNodes.Parse(stored.Json) is ConfigMap more)
            fields.AddRange(more.Entries.Where(field => said?.Find(field.Key) is null));
        return new ConfigThing(
            kind,
            kind.OnlyId,
            JsonNodes.Map(fields),
            stored,
            stored is null && said is not null ? ConfigThing.File : ConfigThing.Api
        );
    }

    /// <summary>Providers that nobody declared: their keys are in the environment, or they answer on this machine.</summary>
    private IEnumerable<ConfigThing> Found()
    {
        var kind = ConfigKind.Providers;
        var providers = _snapshots.Current.Providers;
        foreach (var finding in _snapshots.Findings)
        {
            if (
                finding is not { IsUsable: true, Source: not "configuration" }
                || !providers.TryGetValue(finding.Provider, out var provider)
            )
                continue;
            yield return new ConfigThing(
                kind,
                provider.Name,
                JsonNodes.Map([
                    Text("type", provider.Type.Name),
                    Text("base_url", provider.BaseUrl.AbsoluteUri),
                ]),
                null,
                finding.Source switch
                {
                    "answering on this machine" => "machine",
                    "a chat client of this process" => "process",
                    "--demo" => "demo",
                    _ => "environment",
                }
            );
        }
    }

    /// <summary>What an entry that is a text looks like as a mapping.</summary>
    private static ConfigNode OwnValue(ConfigKind kind, ConfigNode value) =>
        kind.Shape == ConfigShape.Texts
            ? JsonNodes.Map([new ConfigEntry(ConfigKind.TextField, value.Line, value)])
            : value;

    private static ConfigEntry Text(string name, string text) =>
        new(name, 0, new ConfigScalar(0, text, IsPlain: false));

    /// <summary>As the rule book has it: what says none comes last.</summary>
    private static int PriorityOf(ConfigNode value) =>
        (value as ConfigMap)?.Find("priority")?.Value is ConfigScalar { IsPlain: true } scalar
        && int.TryParse(
            scalar.Text,
            System.Globalization.CultureInfo.InvariantCulture,
            out var priority
        )
            ? priority
            : RoutingRule.UsualPriority;
}
