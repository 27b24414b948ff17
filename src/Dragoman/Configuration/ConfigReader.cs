using Dragoman.Access;
using Dragoman.Catalog;
using Dragoman.Configuration.Yaml;
using Dragoman.Guardrails;
using Dragoman.Usage.Bodies;

namespace Dragoman.Configuration;

/// <summary>The shape of <c>dragoman.yaml</c>: which fields there are, of which kind and range. What names mean is checked later.</summary>
internal static class ConfigReader
{
    /// <summary>Sections of rooms that are not built yet.</summary>
    private static readonly string[] Unbuilt =
    [
        "keys",
        "users",
        "teams",
        "workspaces",
        "cache",
        "knowledge",
        "workflows",
        "finetuning",
        "settings",
    ];

    /// <summary>Reads a file's text, noting every mistake; what could be read is given all the same.</summary>
    public static DragomanConfig Read(
        string text,
        ProviderTypes types,
        Func<string, string?> environment,
        ConfigMistakes mistakes
    )
    {
        var root = ConfigTree.Read(text, mistakes);
        return Read(root, types, environment, mistakes);
    }

    /// <summary>Reads a whole that was parsed already.</summary>
    public static DragomanConfig Read(
        ConfigNode? root,
        ProviderTypes types,
        Func<string, string?> environment,
        ConfigMistakes mistakes
    )
    {
        switch (root)
        {
            case ConfigMap map:
                return Root(
                    new ConfigSection(map, "", new ConfigSource(mistakes, environment)),
                    types
                );
            case null or ConfigScalar { IsNull: true }:
                return DragomanConfig.Empty;
            case var other:
                mistakes.AddAt(other.Line, "", "The file must be a mapping of sections.");
                return DragomanConfig.Empty;
        }
    }

    private static DragomanConfig Root(ConfigSection root, ProviderTypes types)
    {
        var config = new DragomanConfig
        {
            Defaults = Defaults(root.Section("defaults")),
            Catalog = root.Text("catalog"),
            Providers =
            [
                .. root.Sections("providers")
                    .Select(entry => ProviderReader.Read(entry.Name, entry.Section, types))
                    .OfType<ProviderConfig>(),
            ],
            Models = [.. root.Items("models").Select(ModelReader.Read).OfType<ModelConfig>()],
            Aliases = root.TextsByName("aliases"),
            Chains =
            [
                .. root.Sections("chains")
                    .Select(static entry => RouteReader.ReadChain(entry.Name, entry.Section)),
            ],
            Agents =
            [
                .. root.Sections("agents")
                    .Select(static entry => AgentReader.Read(entry.Name, entry.Section)),
            ],
            Urls = Urls(root),
            Bodies =
            [
                .. root.Sections("bodies")
                    .Select(static entry => BodyReader.Read(entry.Name, entry.Section))
                    .OfType<BodyRule>(),
            ],
            Guardrails =
            [
                .. root.Sections("guardrails")
                    .Select(static entry => GuardrailReader.Read(entry.Name, entry.Section))
                    .OfType<Guardrail>(),
            ],
            Rules = [.. root.Items("rules").Select(RuleReader.Read)],
            Budgets =
            [
                .. root.Sections("budgets")
                    .Select(static entry => BudgetReader.Read(entry.Name, entry.Section)),
            ],
            Alerts = BudgetReader.Alerts(root.Section("alerts")),
            Limits =
            [
                .. root.Sections("limits")
                    .Select(static entry => LimitReader.Read(entry.Name, entry.Section)),
            ],
            Routes =
            [
                .. root.Sections("routes")
                    .Select(static entry => RouteReader.ReadRoute(entry.Name, entry.Section)),
            ],
        };
        root.NotSupported(Unbuilt);
        root.Done();
        return config;
    }

    /// <summary><c>allow_private_urls</c>: true, or the hosts that requests may name.</summary>
    private static UrlPolicy Urls(ConfigSection root) =>
        root.OneOrMore("allow_private_urls") switch
        {
            null or ["false"] => UrlPolicy.Strict,
            ["true"] => new UrlPolicy(allowsAll: true, []),
            var hosts => new UrlPolicy(
                allowsAll: false,
                [.. hosts.Select(static host => new NamePattern(host))]
            ),
        };

    private static DefaultsConfig Defaults(ConfigSection? section)
    {
        if (section is null)
            return new DefaultsConfig();
        var parameters = section.Section("parameters");
        var defaults = new DefaultsConfig
        {
            Model = section.Text("model"),
            Strategy = section.Text("strategy"),
            Weights = WeightsReader.Read(section),
            Classify = section.Flag("classify"),
            Provider = section.Text("provider"),
            Fallback = section.Flag("fallback"),
            PreferLocal = section.Flag("prefer_local"),
            LocalOnly = section.Flag("local_only"),
            Regions = section.TextOrTexts("region"),
            MaxLatencyMs = section.Whole("max_latency_ms", 1, int.MaxValue),
            Context = ContextReader.Read(section, "context"),
            Parameters = parameters is null ? null : ModelReader.Parameters(parameters),
        };
        parameters?.Done();
        section.Done();
        return defaults;
    }
}
