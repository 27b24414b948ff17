using Dragoman.Catalog;
using Dragoman.Configuration;
using Dragoman.Configuration.Stored;
using Dragoman.Configuration.Yaml;
using Dragoman.Exchanges;
using Dragoman.Guardrails;
using Dragoman.Limits;
using Dragoman.Limits.Budgets;
using Dragoman.Native;
using Dragoman.Providers;
using Dragoman.Routing;
using Dragoman.Routing.Quality;
using Dragoman.Usage.Bodies;

namespace Dragoman;

/// <summary>Builds a snapshot of everything that is said about the gateway, or tells every mistake that keeps it from being built.</summary>
internal sealed class GatewaySnapshotBuilder(
    GatewaySources sources,
    DeploymentStates states,
    LiveQuality quality,
    TimeProvider time
)
{
    /// <summary>Servers in the house that may be there without being declared.</summary>
    private static readonly string[] Undeclared = ["ollama", "lmstudio"];

    /// <param name="file">The file to read.</param>
    /// <param name="servers">Servers in the house that answered.</param>
    /// <param name="stored">What was entered through the API.</param>
    /// <param name="former">The snapshot in use, whose learnt state is kept; null at the start.</param>
    public BuiltSnapshot Build(
        ConfigFile file,
        IReadOnlyList<DiscoveredServer> servers,
        IReadOnlyList<StoredEntry> stored,
        GatewaySnapshot? former
    )
    {
        var mistakes = new ConfigMistakes(Path.GetFileName(file.Path) ?? "configuration");
        if (file.Trouble is { } trouble)
            mistakes.AddAt(0, "", trouble);
        var said = ConfigTree.Read(file.Text, mistakes);
        var declared = new DeclaredConfig(file.Path, said as ConfigMap);
        // A file that is no mapping has that told of it, and nothing else.
        if (stored.Count > 0 && said is null or ConfigMap or ConfigScalar { IsNull: true })
            said = MergedConfig.Of(declared, stored, mistakes);
        var config = ConfigReader.Read(said, sources.Types, Lookup, mistakes);
        var environment = new EnvironmentConfig(sources.Environment, mistakes);
        var defaults = environment.Over(config.Defaults);
        defaults = defaults with { LocalOnly = sources.LocalOnly ?? defaults.LocalOnly };
        var ownCatalog = OwnCatalog.Locate(config.Catalog, file.Path, environment, sources);
        var catalog = ownCatalog is null
            ? sources.Catalog
            : OwnCatalog.Over(sources.Catalog, ownCatalog, sources, mistakes);

        var providers = Providers(config, environment, servers, former, mistakes);
        var served = Served(servers);
        var listed = Listed(
            config,
            catalog,
            providers,
            environment,
            defaults,
            served,
            former,
            mistakes
        );
        var shelf = new DeploymentShelf(catalog, states, listed, served, defaults.Parameters);
        var table = new RoutingBuilder(
            config,
            new RoutingStrategies(sources.Strategies, config.Defaults.Weights),
            mistakes
        ).Build(providers.Providers, providers.Unavailable, shelf, defaults, time);

        table = table with { Quality = quality };
        if (former is not null)
            table = table with { Affinity = former.Names.Table.Affinity };

        var budgets = new BudgetBuilder(mistakes).Build(config.Budgets, new NameBook(table));

        var isApplied = !mistakes.Any;
        return new BuiltSnapshot(
            isApplied ? Snapshot(table, listed, config, former, budgets) : null,
            new ConfigReport
            {
                IsApplied = isApplied,
                File = file.Path,
                Mistakes = mistakes.All,
                Findings = providers.Findings,
            },
            Targets(providers, environment),
            declared,
            ownCatalog,
            table.LocalOnly,
            [
                .. providers
                    .Providers.Where(static provider => provider.Local)
                    .Select(static provider => provider.BaseUrl.IdnHost),
            ]
        );
    }

    /// <summary>What stands in the place of a variable, or of a secret of the vault.</summary>
    private string? Lookup(string name) =>
        Substitution.IsSecret(name)
            ? sources.Secret(name[SecretFields.Prefix.Length..])?.Reveal()
            : sources.Environment(name);

    /// <summary>The models that providers say they have, by provider.</summary>
    private ServedModels Served(IReadOnlyList<DiscoveredServer> servers)
    {
        var served = servers.ToDictionary(
            static s => s.Name,
            static s => s.Models,
            StringComparer.Ordinal
        );
        foreach (var client in sources.ChatClients)
            served.TryAdd(
                client.Name,
                [.. client.Models.Select(static model => new ServedModel(model))]
            );
        return new ServedModels(served);
    }

    private ProviderBuilder Providers(
        DragomanConfig config,
        EnvironmentConfig environment,
        IReadOnlyList<DiscoveredServer> servers,
        GatewaySnapshot? former,
        ConfigMistakes mistakes
    )
    {
        var providers = new ProviderBuilder(
            sources.Types,
            environment,
            sources.OwnPorts,
            former?.Providers ?? new Dictionary<string, Provider>(StringComparer.OrdinalIgnoreCase),
            mistakes
        );
        providers.AddDeclared([.. config.Providers, .. sources.Providers]);
        providers.AddFromEnvironment();
        providers.AddDiscovered([.. servers.Where(static s => Undeclared.Contains(s.Name))]);
        providers.AddChatClients(sources.ChatClients);
        if (sources.Demo is { } demo)
            providers.AddDemo(demo);
        return providers;
    }

    /// <summary>The deployments that are listed, and with them the providers that only they set up.</summary>
    private List<Deployment> Listed(
        DragomanConfig config,
        ModelCatalog catalog,
        ProviderBuilder providers,
        EnvironmentConfig environment,
        DefaultsConfig defaults,
        ServedModels served,
        GatewaySnapshot? former,
        ConfigMistakes mistakes
    )
    {
        var builder = new DeploymentBuilder(
            providers,
            environment,
            sources.Types,
            catalog,
            served,
            states,
            defaults.Parameters,
            former?.Deployments ?? new Dictionary<string, Deployment>(StringComparer.Ordinal),
            mistakes
        );
        var listed = config.Models.Select(builder.Build).OfType<Deployment>().ToList();
        if (sources.Demo is { } demo && providers.Find(DemoProvider.Name) is { } provider)
            listed.AddRange(
                demo.Models.Select(model => Simulated(provider, model))
                    .Where(simulated => !listed.Exists(own => own.Name == simulated.Name))
            );
        providers.ExplainMissing();
        return listed;
    }

    private Deployment Simulated(Provider provider, string model) =>
        new()
        {
            Name = DemoProvider.Name + "/" + model,
            Provider = provider,
            Model = model,
            Prices = DemoProvider.Prices(model),
            Capabilities = DemoProvider.Capabilities(model),
            Quality = DemoProvider.Quality(model),
            StartingLatency = DemoProvider.Latency(model),
            ContextWindow = 128_000,
            Local = true,
            State = states.Of(DemoProvider.Name, model),
        };

    private GatewaySnapshot Snapshot(
        RoutingTable table,
        List<Deployment> listed,
        DragomanConfig config,
        GatewaySnapshot? former,
        BudgetBook budgets
    )
    {
        var names = new NameResolver(table);
        var parts = new List<object>
        {
            names,
            new GuardrailBook(config.Guardrails),
            config.Urls,
            new BodyBook(config.Bodies),
        };
        if (LimitBook.Of(LimitReader.InForce(config.Limits)) is { } limits)
            parts.Add(limits);
        if (!budgets.IsEmpty)
            parts.Add(budgets);
        if (BudgetBuilder.TargetOf(config.Alerts) is { } alerts)
            parts.Add(alerts);
        return new GatewaySnapshot
        {
            Providers = table.Providers.ToDictionary(
                static provider => provider.Name,
                StringComparer.OrdinalIgnoreCase
            ),
            Deployments = listed.ToDictionary(
                static deployment => deployment.Name,
                StringComparer.Ordinal
            ),
            Names = names,
            Models = new ModelFinder(table, sources.Types),
            Parts = new SnapshotParts([.. parts]),
            Version = (former?.Version ?? 0) + 1,
        };
    }

    /// <summary>Whom to ask for their models: servers in the house that are set up, and the usual ones that may be there.</summary>
    private List<DiscoveryTarget> Targets(ProviderBuilder providers, EnvironmentConfig environment)
    {
        if (!sources.LookForLocalServers)
            return [];
        var targets = providers
            .Providers.Where(static provider =>
                provider is { Local: true, Type: { KeyOptional: true, ModelsPath: not null } }
                && provider.Type.Name != DemoProvider.Name
            )
            .Select(static provider => new DiscoveryTarget(
                provider.Name,
                provider.BaseUrl,
                provider.Keys.Take("", DateTimeOffset.MinValue)?.Secret,
                KindOf(provider.Type)
            ))
            .ToList();
        foreach (var name in Undeclared)
            if (
                providers.Find(name) is null
                && sources.Types.Find(name) is { BaseUrl: { } usual } type
                && environment.First(type.BaseUrlVariables) is null
                && BaseAddress.Read(usual, type, out _) is { } address
                && !HouseAddress.LeadsBack(address, sources.OwnPorts)
            )
                targets.Add(new DiscoveryTarget(name, address, Kind: KindOf(type), IsGuess: true));
        return targets;
    }

    private static ModelListKind KindOf(ProviderType type) =>
        type.Dialect == "ollama" ? ModelListKind.Ollama
        : type.Name == "lmstudio" ? ModelListKind.LMStudio
        : ModelListKind.OpenAI;
}

/// <summary>A snapshot, or null and the mistakes; whom to ask for local models, what the file declares, the file of own facts that went into it, and whether nothing outside the house may be called.</summary>
internal sealed record BuiltSnapshot(
    GatewaySnapshot? Snapshot,
    ConfigReport Report,
    IReadOnlyList<DiscoveryTarget> Targets,
    DeclaredConfig Declared,
    ConfigFile? OwnCatalog,
    bool LocalOnly,
    IReadOnlyList<string> HouseNames
);
