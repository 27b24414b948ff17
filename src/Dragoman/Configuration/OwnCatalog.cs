using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Configuration.Yaml;

namespace Dragoman.Configuration;

/// <summary>
/// The user's own facts about models: a file in the schema of <c>models.json</c>, as JSON or YAML, whose rows go over the catalog's
/// by provider and id. Members that are given win, others stay as they are; rows of other ids are added.
/// </summary>
internal static class OwnCatalog
{
    private const string Variable = "DRAGOMAN_CATALOG";

    /// <summary>The file that <c>DRAGOMAN_CATALOG</c> names, else the configuration file's <c>catalog</c>; null where neither says.</summary>
    public static ConfigFile? Locate(
        string? said,
        string? configFile,
        EnvironmentConfig environment,
        GatewaySources sources
    )
    {
        if (environment.Value(Variable) is { } named)
            return ConfigFile.At(Path.GetFullPath(named, sources.WorkingDirectory));
        var folder = Path.GetDirectoryName(configFile) ?? sources.WorkingDirectory;
        return said is null ? null : ConfigFile.At(Path.GetFullPath(said, folder));
    }

    /// <summary>What is known with the file's rows over it.</summary>
    public static ModelCatalog Over(
        ModelCatalog known,
        ConfigFile file,
        GatewaySources sources,
        ConfigMistakes mistakes
    )
    {
        var own = new ConfigMistakes(Path.GetFileName(file.Path)!);
        var rows = new Dictionary<(string, string), ModelEntry>();
        if (file.Trouble is { } trouble)
            own.AddAt(0, "", trouble);
        else if (ConfigTree.Read(file.Text, own) is { } tree)
        {
            if (tree is ConfigMap root)
                Read(new ConfigSection(root, "", new ConfigSource(own, sources.Environment)));
            else
                own.AddAt(tree.Line, "", "The file must be an object that holds 'providers'.");
        }
        var changed = known.With([.. rows.Values]);
        foreach (var row in rows.Values)
            CheckReplacement(row, changed, own);
        mistakes.Include(own);
        return changed;

        void Read(ConfigSection section)
        {
            section.Whole("schema", 1, 1);
            section.Text("date");
            foreach (var (name, items) in section.Lists("providers"))
            {
                if (sources.Types.Find(name) is not { } type)
                {
                    own.Add(
                        "providers." + ConfigSection.Shown(name),
                        "There is no such kind of provider.",
                        NearestName.Of(
                            name,
                            sources.Types.All.SelectMany(static t => t.Aliases.Append(t.Name))
                        )
                    );
                    continue;
                }
                var provider = type.CatalogName ?? type.Name;
                foreach (var item in items)
                    if (
                        OwnCatalogRow.Read(item, provider, known) is { } row
                        && !rows.TryAdd((provider, row.Id), row)
                    )
                        own.Add(item.Path + ".id", "Another row has this id already.");
            }
            section.Done();
        }
    }

    private static void CheckReplacement(ModelEntry row, ModelCatalog all, ConfigMistakes mistakes)
    {
        if (
            row.Replacement is { } replacement
            && all.Find(row.Provider, replacement) is null or { Successor: not null }
        )
            mistakes.Add(
                $"providers.{row.Provider}",
                $"The replacement of {row.Id} is no model that {row.Provider} still has.",
                NearestName.Of(
                    replacement,
                    all.Of(row.Provider)
                        .Where(static other => other.Successor is null)
                        .Select(static other => other.Id)
                )
            );
    }
}
