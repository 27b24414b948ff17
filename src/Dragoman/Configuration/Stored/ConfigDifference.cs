using Dragoman.Configuration.Yaml;

namespace Dragoman.Configuration.Stored;

/// <summary>What is different of one entry between two documents.</summary>
/// <param name="Kind">The resource.</param>
/// <param name="Id">The entry.</param>
/// <param name="Before">Its JSON; null where it was not there.</param>
/// <param name="After">Its JSON; null where it is not there.</param>
internal sealed record ConfigDifference(ConfigKind Kind, string Id, string? Before, string? After)
{
    /// <summary><c>added</c>, <c>changed</c> or <c>removed</c>.</summary>
    public string Change =>
        Before is null ? "added"
        : After is null ? "removed"
        : "changed";

    /// <summary>The fields that differ.</summary>
    public IReadOnlyList<string> Fields
    {
        get
        {
            var (before, after) = (FieldsOf(Before), FieldsOf(After));
            return
            [
                .. before
                    .Keys.Union(after.Keys, StringComparer.Ordinal)
                    .Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name)),
            ];
        }
    }

    /// <summary>Everything that differs, by kind and id.</summary>
    public static IReadOnlyList<ConfigDifference> Between(string before, string after)
    {
        var (old, now) = (EntriesOf(before), EntriesOf(after));
        var differences = new List<ConfigDifference>();
        foreach (var kind in ConfigKind.All)
        {
            var ids = old.Keys.Concat(now.Keys).Where(key => key.Kind == kind.Name).Distinct();
            foreach (var key in ids.OrderBy(static key => key.Id, StringComparer.Ordinal))
                if (old.GetValueOrDefault(key) != now.GetValueOrDefault(key))
                    differences.Add(
                        new ConfigDifference(
                            kind,
                            key.Id,
                            old.GetValueOrDefault(key),
                            now.GetValueOrDefault(key)
                        )
                    );
        }
        return differences;
    }

    private static Dictionary<(string Kind, string Id), string> EntriesOf(string document)
    {
        var entries = new Dictionary<(string Kind, string Id), string>();
        if (JsonNodes.Parse(document) is ConfigMap root)
            foreach (
                var (kind, id, json) in ConfigDocument.Entries(root, new ConfigMistakes("version"))
            )
                entries[(kind.Name, id)] = json;
        return entries;
    }

    private static Dictionary<string, string> FieldsOf(string? json) =>
        json is not null && JsonNodes.Parse(json) is ConfigMap map
            ? map.Entries.ToDictionary(
                static entry => entry.Key,
                static entry => JsonNodes.ToJson(entry.Value),
                StringComparer.Ordinal
            )
            : [];
}
