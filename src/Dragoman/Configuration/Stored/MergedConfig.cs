using System.Globalization;
using Dragoman.Configuration.Yaml;

namespace Dragoman.Configuration.Stored;

/// <summary>Puts what is stored beside what the file declares, as if one file said both.</summary>
internal static class MergedConfig
{
    /// <summary>The whole; an entry that the file declares too is left out, and every other's mistakes are told as its own.</summary>
    public static ConfigMap Of(
        DeclaredConfig declared,
        IReadOnlyList<StoredEntry> stored,
        ConfigMistakes mistakes
    )
    {
        var sections = new List<ConfigEntry>(declared.Root?.Entries ?? []);
        foreach (var kind in ConfigKind.All)
        {
            var added = stored
                .Where(entry => entry.Kind == kind.Name)
                .Where(entry =>
                    kind.Shape == ConfigShape.One || declared.Find(kind, entry.Id) is null
                )
                .ToList();
            if (added.Count == 0)
                continue;
            var place = sections.FindIndex(section => section.Key == kind.Section);
            var line = place < 0 ? 0 : sections[place].Line;
            var said = place < 0 ? null : sections[place].Value;
            if (Merge(kind, said, added, mistakes) is not { } merged)
                continue;
            var section = new ConfigEntry(kind.Section, line, merged);
            if (place < 0)
                sections.Add(section);
            else
                sections[place] = section;
        }
        return new ConfigMap(
            declared.Root?.Line ?? 0,
            1 + sections.Sum(static section => 1 + section.Value.Weight),
            sections
        );
    }

    /// <summary>Null where the file says something else than a section there, which its reader tells.</summary>
    private static ConfigNode? Merge(
        ConfigKind kind,
        ConfigNode? said,
        List<StoredEntry> added,
        ConfigMistakes mistakes
    )
    {
        if (said is ConfigScalar { IsNull: true })
            said = null;
        switch (kind.Shape)
        {
            case ConfigShape.List when said is null or ConfigList:
                var items = new List<ConfigNode>((said as ConfigList)?.Items ?? []);
                foreach (var entry in added)
                {
                    mistakes.Owned(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{kind.Section}[{items.Count}]"
                        ),
                        entry
                    );
                    items.Add(JsonNodes.Parse(entry.Json));
                }
                return new ConfigList(
                    said?.Line ?? 0,
                    1 + items.Sum(static item => item.Weight),
                    items
                );
            case ConfigShape.One when said is null or ConfigMap:
                return OverDefaults(kind, said as ConfigMap, added[0], mistakes);
            case ConfigShape.Map or ConfigShape.Texts when said is null or ConfigMap:
                var entries = new List<ConfigEntry>((said as ConfigMap)?.Entries ?? []);
                foreach (var entry in added)
                {
                    mistakes.Owned($"{kind.Section}.{ConfigSection.Shown(entry.Id)}", entry);
                    entries.Add(new ConfigEntry(entry.Id, 0, ValueOf(kind, entry)));
                }
                return JsonNodes.Map(entries) with { Line = said?.Line ?? 0 };
            default:
                return null;
        }
    }

    /// <summary>Field by field: what the file says of one leaves the others to what is stored.</summary>
    private static ConfigMap OverDefaults(
        ConfigKind kind,
        ConfigMap? said,
        StoredEntry stored,
        ConfigMistakes mistakes
    )
    {
        var fields = new List<ConfigEntry>(said?.Entries ?? []);
        foreach (var field in ((ConfigMap)JsonNodes.Parse(stored.Json)).Entries)
        {
            if (said?.Find(field.Key) is not null)
                continue;
            mistakes.Owned($"{kind.Section}.{ConfigSection.Shown(field.Key)}", stored);
            fields.Add(field);
        }
        return JsonNodes.Map(fields) with { Line = said?.Line ?? 0 };
    }

    /// <summary>What the section has of it: of an entry that is a text, the text alone.</summary>
    public static ConfigNode ValueOf(ConfigKind kind, StoredEntry entry)
    {
        var node = JsonNodes.Parse(entry.Json);
        return kind.Shape == ConfigShape.Texts
            ? (node as ConfigMap)?.Find(ConfigKind.TextField)?.Value
                ?? new ConfigScalar(0, "", IsPlain: true)
            : node;
    }
}
