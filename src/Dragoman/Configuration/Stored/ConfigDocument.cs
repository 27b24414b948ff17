using System.Text.Json;
using Dragoman.Configuration.Yaml;

namespace Dragoman.Configuration.Stored;

/// <summary>Entries as one document in the shape of <c>dragoman.yaml</c>, and a document as its entries.</summary>
internal static class ConfigDocument
{
    /// <summary>The document of these entries, as JSON.</summary>
    public static string Of(IEnumerable<(ConfigKind Kind, string Id, ConfigNode Value)> entries)
    {
        var byKind = entries.ToLookup(static entry => entry.Kind);
        return JsonNodes.ToJson(json =>
        {
            json.WriteStartObject();
            foreach (var kind in ConfigKind.All)
                if (byKind[kind].Any())
                {
                    json.WritePropertyName(kind.Section);
                    Write(json, kind, byKind[kind]);
                }
            json.WriteEndObject();
        });
    }

    public static string Of(IEnumerable<StoredEntry> entries) =>
        Of(
            entries
                .Where(static entry => ConfigKind.Find(entry.Kind) is not null)
                .Select(static entry =>
                {
                    var kind = ConfigKind.Find(entry.Kind)!;
                    return (kind, entry.Id, MergedConfig.ValueOf(kind, entry));
                })
        );

    /// <summary>What a document says, entry by entry, each as the JSON that is stored of it.</summary>
    /// <param name="root">The document.</param>
    /// <param name="mistakes">Told of sections that cannot be stored.</param>
    public static IReadOnlyList<(ConfigKind Kind, string Id, string Json)> Entries(
        ConfigMap root,
        ConfigMistakes mistakes
    )
    {
        var entries = new List<(ConfigKind Kind, string Id, string Json)>();
        foreach (var section in root.Entries)
        {
            if (ConfigKind.OfSection(section.Key) is not { } kind)
            {
                mistakes.AddAt(
                    section.Line,
                    ConfigSection.Shown(section.Key),
                    $"This cannot be stored. What can: {string.Join(", ", ConfigKind.All.Select(static known => known.Section))}.",
                    Canonical.NearestName.Of(
                        section.Key,
                        ConfigKind.All.Select(static known => known.Section)
                    )
                );
                continue;
            }
            if (section.Value is ConfigScalar { IsNull: true })
                continue;
            var before = entries.Count;
            foreach (var (id, value) in DeclaredConfig.In(kind, section.Value))
            {
                if (entries.Skip(before).Any(other => kind.Ids.Equals(other.Id, id)))
                    mistakes.AddAt(
                        value.Line,
                        $"{section.Key}.{ConfigSection.Shown(id)}",
                        "It is there twice."
                    );
                entries.Add((kind, id, JsonOf(kind, value)));
            }
            if (entries.Count == before && section.Value is ConfigScalar)
                mistakes.AddAt(section.Line, section.Key, "This holds no entries.");
        }
        return entries;
    }

    /// <summary>The JSON that is stored of an entry; one that says nothing says so as <c>{}</c>.</summary>
    public static string JsonOf(ConfigKind kind, ConfigNode value) =>
        kind.Shape == ConfigShape.Texts
            ? JsonNodes.ToJson(
                JsonNodes.Map([new ConfigEntry(ConfigKind.TextField, value.Line, value)])
            )
        : value is ConfigScalar { IsNull: true } ? "{}"
        : JsonNodes.ToJson(value);

    private static void Write(
        Utf8JsonWriter json,
        ConfigKind kind,
        IEnumerable<(ConfigKind Kind, string Id, ConfigNode Value)> entries
    )
    {
        switch (kind.Shape)
        {
            case ConfigShape.One:
                JsonNodes.Write(json, entries.First().Value);
                break;
            case ConfigShape.List:
                json.WriteStartArray();
                foreach (var (_, _, value) in entries)
                    JsonNodes.Write(json, value);
                json.WriteEndArray();
                break;
            default:
                json.WriteStartObject();
                foreach (var (_, id, value) in entries)
                {
                    json.WritePropertyName(id);
                    JsonNodes.Write(json, value);
                }
                json.WriteEndObject();
                break;
        }
    }
}
