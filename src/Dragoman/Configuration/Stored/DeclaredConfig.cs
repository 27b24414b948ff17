using System.Globalization;
using Dragoman.Configuration.Yaml;

namespace Dragoman.Configuration.Stored;

/// <summary>What the file declares, entry by entry: it wins over what is stored.</summary>
internal sealed class DeclaredConfig
{
    public static readonly DeclaredConfig Nothing = new(null, null);

    private readonly Dictionary<string, List<(string Id, ConfigNode Value)>> _entries = new(
        StringComparer.Ordinal
    );

    public DeclaredConfig(string? path, ConfigMap? root)
    {
        (Path, Root) = (path, root);
        foreach (var kind in ConfigKind.All)
            _entries[kind.Name] = [.. In(kind, root?.Find(kind.Section)?.Value)];
    }

    /// <summary>The file; null where there is none.</summary>
    public string? Path { get; }

    /// <summary>The file as messages name it.</summary>
    public string Name => System.IO.Path.GetFileName(Path) ?? "dragoman.yaml";

    public ConfigMap? Root { get; }

    /// <summary>In the order of the file; of what there is only one of, nothing where the file does not say it.</summary>
    public IReadOnlyList<(string Id, ConfigNode Value)> Of(ConfigKind kind) => _entries[kind.Name];

    public ConfigNode? Find(ConfigKind kind, string id)
    {
        foreach (var (known, value) in Of(kind))
            if (kind.Ids.Equals(known, id))
                return value;
        return null;
    }

    /// <summary>The entries of a section, by the ids that the API gives them.</summary>
    public static IEnumerable<(string Id, ConfigNode Value)> In(
        ConfigKind kind,
        ConfigNode? section
    )
    {
        switch (kind.Shape, section)
        {
            case (ConfigShape.One, ConfigMap map):
                yield return (kind.OnlyId, map);
                break;
            case (ConfigShape.List, ConfigList list):
                for (var i = 0; i < list.Items.Count; i++)
                    if (list.Items[i] is ConfigMap item)
                        yield return (NameOf(kind, item, i), item);
                break;
            case (ConfigShape.Map or ConfigShape.Texts, ConfigMap map):
                foreach (var entry in map.Entries)
                    yield return (entry.Key, entry.Value);
                break;
        }
    }

    /// <summary>A rule need not have a name: its place is then one.</summary>
    private static string NameOf(ConfigKind kind, ConfigMap item, int place) =>
        item.Find("name")?.Value is ConfigScalar { IsNull: false, Text: { Length: > 0 } name }
            ? name
            : string.Create(CultureInfo.InvariantCulture, $"{kind.Section}[{place}]");
}
