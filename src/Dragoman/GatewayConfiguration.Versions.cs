using System.Globalization;
using Dragoman.Access;
using Dragoman.Configuration;
using Dragoman.Configuration.Stored;
using Dragoman.Configuration.Yaml;

namespace Dragoman;

/// <content>Versions of it, and the whole as one document.</content>
internal sealed partial class GatewayConfiguration
{
    private const string NothingStored = "{}";

    /// <summary>Versions without their documents, the newest first.</summary>
    public IReadOnlyList<StoredVersion> Versions(long? before, int limit) =>
        _store.Versions(before, limit);

    /// <summary>One with its document; 0 is the time before the first, when nothing was stored.</summary>
    public StoredVersion? VersionOf(long number) =>
        number == 0
            ? new StoredVersion
            {
                Number = 0,
                At = DateTimeOffset.UnixEpoch,
                What = "nothing stored yet",
                Document = NothingStored,
            }
            : _store.Version(number);

    /// <summary>Makes what is stored what it was in a version; what the file has declared since stays the file's.</summary>
    public async Task<ConfigOutcome> RollBackAsync(
        StoredVersion version,
        AuditEvent by,
        CancellationToken cancellationToken
    )
    {
        var mistakes = new ConfigMistakes("version");
        var entries = ConfigDocument
            .Entries((ConfigMap)JsonNodes.Parse(version.Document!), mistakes)
            .Where(entry =>
                entry.Kind.Shape == ConfigShape.One
                || _snapshots.Declared.Find(entry.Kind, entry.Id) is null
            )
            .ToList();
        var outcome = await ChangeAsync(
            Changes(entries, replace: true),
            by,
            string.Create(CultureInfo.InvariantCulture, $"rolled back to version {version.Number}"),
            cancellationToken: cancellationToken
        );
        if (outcome.Error is null && _audit is not null)
            await _audit.AppendAsync(
                by with
                {
                    Action = "configuration.rollback",
                    Subject = version.Number.ToString(CultureInfo.InvariantCulture),
                },
                CancellationToken.None
            );
        return outcome;
    }

    /// <summary>Takes over what a document says.</summary>
    /// <param name="text">YAML or JSON in the shape of <c>dragoman.yaml</c>.</param>
    /// <param name="replace">What is stored and not in it goes; else it stays.</param>
    /// <param name="isTrial">Only tells what would come of it.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<ConfigOutcome> ImportAsync(
        string text,
        bool replace,
        bool isTrial,
        AuditEvent by,
        CancellationToken cancellationToken
    )
    {
        var mistakes = new ConfigMistakes("body");
        if (ConfigTree.Read(text, mistakes) is not ConfigMap root)
        {
            mistakes.AddAt(0, "", "The document must be a mapping of sections.");
            return Wrong(mistakes.All);
        }
        var entries = ConfigDocument.Entries(root, mistakes).ToList();
        // What an export of this very server says of the file's own entries need not be stored.
        entries.RemoveAll(entry =>
            _snapshots.Declared.Find(entry.Kind, entry.Id) is { } said
            && ConfigDocument.JsonOf(entry.Kind, said) == entry.Json
        );
        if (mistakes.Any)
            return Wrong(mistakes.All);
        var outcome = await ChangeAsync(
            Changes(entries, replace),
            by,
            "imported a document",
            isTrial,
            cancellationToken
        );
        if (outcome.Error is null && !isTrial && _audit is not null)
            await _audit.AppendAsync(
                by with
                {
                    Action = "configuration.import",
                    Subject = outcome.Version.ToString(CultureInfo.InvariantCulture),
                },
                CancellationToken.None
            );
        return outcome;
    }

    /// <summary>What is stored, as a document that can be imported; secrets are references.</summary>
    /// <param name="withFile">Also what the file declares, with keys that stand in it left to variables.</param>
    public ConfigNode Export(bool withFile)
    {
        if (!withFile)
            return JsonNodes.Parse(ConfigDocument.Of(_entries));
        var entries = ConfigKind
            .All.SelectMany(kind => kind.Shape == ConfigShape.One ? [Only(kind)] : Whole(kind))
            .Where(static thing =>
                thing is not { Kind.Shape: ConfigShape.One, Value: ConfigMap { Entries.Count: 0 } }
            )
            .Select(static thing =>
                (
                    thing.Kind,
                    thing.Id,
                    thing.Kind.Shape == ConfigShape.Texts && thing.Value is ConfigMap text
                        ? text.Find(ConfigKind.TextField)?.Value ?? thing.Value
                        : thing.Value
                )
            );
        return JsonNodes.Parse(ConfigDocument.Of(entries));
    }

    /// <summary>The file's and the stored, in the order in which they count.</summary>
    private IEnumerable<ConfigThing> Whole(ConfigKind kind)
    {
        foreach (var (id, value) in _snapshots.Declared.Of(kind))
        {
            var variable = string.Concat(
                id.Select(static letter =>
                    char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : '_'
                )
            );
            yield return new ConfigThing(
                kind,
                id,
                SecretFields.Left(kind, OwnValue(kind, value), "${" + variable + "_API_KEY}"),
                null,
                ConfigThing.File
            );
        }
        foreach (
            var entry in StoredOf(kind)
                .Where(entry => _snapshots.Declared.Find(kind, entry.Id) is null)
        )
            yield return Of(kind, entry);
    }

    private List<ConfigChange> Changes(
        IReadOnlyList<(ConfigKind Kind, string Id, string Json)> entries,
        bool replace
    )
    {
        var changes = entries
            .Select(static entry => new ConfigChange(entry.Kind, entry.Id, entry.Json))
            .ToList();
        if (replace)
            changes.AddRange(
                from stored in _entries
                let kind = ConfigKind.Find(stored.Kind)
                where
                    kind is not null
                    && !entries.Any(entry =>
                        entry.Kind == kind && kind.Ids.Equals(entry.Id, stored.Id)
                    )
                    && _snapshots.Declared.Find(kind, stored.Id) is null
                select new ConfigChange(kind, stored.Id, null)
            );
        return changes;
    }

    /// <summary>Forgets the secrets that nothing refers to any more: no entry, no version that can be gone back to, and not the file.</summary>
    public int ForgetUnused(string fileText)
    {
        var used = _entries
            .Select(static entry => entry.Json)
            .Concat(_store.Documents())
            .Append(fileText)
            .SelectMany(SecretFields.IdsIn)
            .ToHashSet(StringComparer.Ordinal);
        var unused = _secrets.Vault.Ids().Where(id => !used.Contains(id)).ToList();
        foreach (var id in unused)
            _secrets.Vault.Remove(id);
        return unused.Count;
    }
}
