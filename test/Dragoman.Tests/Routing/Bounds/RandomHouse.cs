using Dragoman.Agents;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Routing.Conditions;
using Dragoman.Routing.Rules;

namespace Dragoman.Tests.Routing.Bounds;

/// <summary>A configuration by chance: who is there, what is known of them, and every way to come to them.</summary>
internal sealed class RandomHouse
{
    public static readonly string[] Regions = ["eu", "us", "ch"];

    private static readonly string[] Models =
    [
        "gpt-4o-mini",
        "gpt-4o",
        "llama-3.3-70b-instruct",
        "claude-haiku-4-5",
        "qwen3-coder",
        "m0",
        "m1",
        "m2",
        "m3",
    ];

    private static readonly string[] Conditions =
    [
        "estimated_tokens > 200",
        "content_length < 500",
        "contains_code",
        "\"vip\" in tags",
        "task_type == \"code\" or difficulty > 0.4",
        "not contains_math",
    ];

    private readonly Random _chance;

    public RandomHouse(Random chance, TimeProvider time)
    {
        _chance = chance;
        var providers = Some(2, 6, Provider);
        Deployments = Listed(providers);
        string[] names = [.. Deployments.Select(static one => one.Name)];
        string[] members =
        [
            .. names,
            .. Deployments.Select(static one => one.PublicName),
            .. Deployments.Select(static one => one.Model),
        ];
        var routes = Some(1, 3, i => RouteOf($"r{i}", members));
        var chains = Some(1, 3, i => ChainOf($"c{i}", members));
        string[] aliases = ["alias", "way"];
        string[] whole =
        [
            "auto",
            "auto",
            "auto:" + Pick(Strategies(choosing: true)),
            .. routes.Select(static route => route.Name),
            .. chains.Select(static chain => "chain:" + chain.Name),
            "chain:high_quality",
            .. aliases,
            .. members,
        ];
        var agents = Some(1, 2, i => AgentOf($"a{i}", whole, chains, names));
        Table = new RoutingTable
        {
            Providers = providers,
            Deployments = new DeploymentShelf(
                ModelCatalog.Default,
                new DeploymentStates(),
                Deployments,
                ServedModels.None,
                Often(0.2) ? Parameters() : null
            ),
            Routes = routes.ToDictionary(static one => one.Name, StringComparer.Ordinal),
            Chains = chains.ToDictionary(static one => one.Name, StringComparer.Ordinal),
            Agents = agents.ToDictionary(static one => one.Id, StringComparer.Ordinal),
            Aliases = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["alias"] = Pick(names),
                ["way"] = Pick(routes).Name,
            },
            Rules = new RuleBook(
                Often(0.5) ? Some(1, 3, i => RuleOf($"rule {i}", whole, chains)) : []
            ),
            Context = Often(0.1) ? new ContextPolicy { Strategy = ContextStrategy.Windowed } : null,
            DefaultModel = Often(0.25)
                ? Pick([.. routes.Select(static route => route.Name), .. names])
                : null,
            DefaultProvider = Often(0.2) ? Pick(providers).Name : null,
            Strategy = RoutingStrategies.Usual.Find(Pick(Strategies(choosing: true)))!,
            StrategyAmongEquals = RoutingStrategies.Usual.Find(Pick(Strategies(choosing: false)))!,
            Regions = Often(0.1) ? SomeRegions() : null,
            Fallback = Often(0.9),
            PreferLocal = Often(0.2),
            LocalOnly = Often(0.07),
            MaxLatencyMs = Often(0.1) ? _chance.Next(500, 20_000) : null,
            Time = time,
        };
        Names = new NameResolver(Table);
        Callable =
        [
            .. whole,
            .. Enumerable
                .Repeat(routes.Select(static route => route.Name), 4)
                .SelectMany(static it => it),
            .. agents.Select(static agent => "agent:" + agent.Id),
            .. agents.Select(static agent => "agent:" + agent.Id),
        ];
    }

    public IReadOnlyList<Deployment> Deployments { get; }
    public RoutingTable Table { get; }
    public NameResolver Names { get; }
    public IReadOnlyList<string> Callable { get; }

    public Wishes Wishes() =>
        new()
        {
            LocalOnly = Often(0.15) ? true : null,
            Regions = Often(0.15) ? SomeRegions() : null,
            PreferLocal = Often(0.2) ? true : null,
            PreferLowLatency = Often(0.2) ? true : null,
            MaxLatencyMs = Often(0.2) ? _chance.Next(1, 20_000) : null,
            MaxCostUsd = Often(0.45) ? Money() : null,
            ComputesFallback = Often(0.5),
            Strategy = Often(0.2) ? Pick(Strategies(choosing: false)) : null,
            Chain = Often(0.15) ? Pick([.. Table.Chains.Keys]) : null,
            Context = Often(0.1) ? ContextStrategy.Windowed : null,
            TaskType = Often(0.2) ? "code" : null,
            Tags = Often(0.3) ? ["vip"] : [],
            RequiredCapabilities = Often(0.2) ? Required() : [],
            Fallback =
                Often(0.1) ? []
                : Often(0.2) ? [.. Some(1, 4, _ => Pick(Fallbacks()))]
                : null,
        };

    private string[] Fallbacks() =>
        [
            .. Deployments.Select(static one => one.Name),
            .. Table.Routes.Keys,
            .. Table.Chains.Keys.Select(static name => "chain:" + name),
        ];

    private Provider Provider(int i) =>
        new()
        {
            Name = $"p{i}",
            Type = new ProviderType
            {
                Name = "openai",
                Dialect = "openai",
                KeyOptional = Often(0.5),
                Prefill = Pick(Enum.GetValues<PrefillStyle>()),
            },
            Dialect = "openai",
            BaseUrl = new Uri($"http://p{i}.invalid/v1"),
            Local = Often(0.45),
            Region = Often(0.6) ? Pick(Regions) : null,
            OnlyListed = true,
            Keys = new KeyPool(Some(0, 3, key => new SecretText($"k{i}{key}"))),
        };

    private List<Deployment> Listed(IReadOnlyList<Provider> providers)
    {
        var listed = new List<Deployment>();
        var most = _chance.Next(3, 14);
        for (var i = 0; i < most; i++)
        {
            var (provider, model) = (Pick(providers), Pick(Models));
            // Whom a call reaches is told by its provider and its model.
            if (listed.Exists(one => one.Provider == provider && one.Model == model))
                continue;
            listed.Add(
                new Deployment
                {
                    Name = $"d{i}",
                    Provider = provider,
                    Model = model,
                    Prices = Prices(),
                    ContextWindow = Often(0.2)
                        ? null
                        : Pick<long>([600, 4_000, 16_000, 128_000, 1_000_000]),
                    MaxOutput = Often(0.5) ? null : Pick<long>([200, 1_000, 8_000]),
                    Capabilities = new ModelCapabilities
                    {
                        Tools = Maybe(),
                        StructuredOutput = Maybe(),
                        Reasoning = Maybe(),
                        Vision = Maybe(),
                        WebSearch = Maybe(),
                        AssistantPrefill = Maybe(),
                        Embeddings = Often(0.05) ? true : null,
                    },
                    Strengths = Often(0.2) ? ["code"] : [],
                    Local = Often(0.1) ? !provider.Local : provider.Local,
                    Region = Often(0.2) ? Pick(Regions) : null,
                    Weight = _chance.Next(0, 4),
                    Priority = Often(0.5) ? 100 : _chance.Next(1, 5),
                    Parameters = Often(0.25) ? Parameters() : null,
                    Fallbacks = Some(0, 2, _ => $"d{_chance.Next(most)}"),
                    State = new DeploymentState($"{provider.Name}/{model}"),
                }
            );
        }
        return listed;
    }

    private PriceSheet? Prices()
    {
        if (Often(0.2))
            return null;
        if (Often(0.15))
            return new PriceSheet { Input = 0, Output = 0 };
        var input = (decimal)Math.Round(Math.Pow(10, _chance.NextDouble() * 3 - 1.5), 3);
        return new PriceSheet
        {
            Input = input,
            Output = Often(0.1) ? null : input * _chance.Next(1, 6),
            CacheRead = Often(0.5) ? input / 4 : null,
        };
    }

    private DeploymentParameters Parameters() =>
        new()
        {
            Temperature = Often(0.5) ? 0.5 : null,
            MaxTokens = Often(0.5) ? _chance.Next(1, 6_000) : null,
            SystemPrompt = Often(0.4)
                ? string.Join(' ', Enumerable.Repeat("Be kind.", _chance.Next(1, 300)))
                : null,
        };

    private Route RouteOf(string name, IReadOnlyList<string> members) =>
        new()
        {
            Name = name,
            Members = Some(2, 8, _ => Pick(members)),
            Strategy = RoutingStrategies.Usual.Find(Pick(Strategies(choosing: false)))!,
            Regions = Often(0.4) ? SomeRegions() : null,
            Settings = new ForwardingSettings
            {
                Recover = Often(0.6) ? StreamRecovery.Continue : StreamRecovery.Error,
                Retries = _chance.Next(2),
            },
        };

    private FallbackChain ChainOf(string name, IReadOnlyList<string> members) =>
        new()
        {
            Name = name,
            Members = Some(1, 6, _ => Pick(members)),
            When = Often(0.2) ? ExpressionParser.Parse(Pick(Conditions)) : null,
            Settings = new ForwardingSettings
            {
                PreserveContext = Often(0.5),
                MaxAttempts = Often(0.5) ? null : _chance.Next(1, 7),
                FallbackOn = Often(0.5)
                    ? FallbackOn.Default
                    : FallbackOn.Default | FallbackOn.ContentFilter,
            },
        };

    private RoutingRule RuleOf(
        string name,
        IReadOnlyList<string> targets,
        IReadOnlyList<FallbackChain> chains
    ) =>
        new()
        {
            Name = name,
            When = Often(0.1) ? null : ExpressionParser.Parse(Pick(Conditions)),
            Target = Often(0.5) ? Pick(targets) : null,
            Chain = Often(0.4) ? Pick(chains).Name : null,
            Strategy = Often(0.3) ? Pick(Strategies(choosing: true)) : null,
            Parameters = Often(0.4) ? Parameters() : null,
        };

    private Agent AgentOf(
        string id,
        IReadOnlyList<string> models,
        IReadOnlyList<FallbackChain> chains,
        IReadOnlyList<string> names
    ) =>
        new()
        {
            Id = id,
            Model = Pick(models),
            Chain = Often(0.3) ? Pick(chains).Name : null,
            Fallbacks = Often(0.2) ? Some(1, 3, _ => Pick(names)) : null,
            Strategy = Often(0.2) ? Pick(Strategies(choosing: true)) : null,
            Parameters = Often(0.4) ? Parameters() : null,
            SystemPrompt = Often(0.5) ? Parameters().SystemPrompt : null,
            Context = Often(0.3) ? new ContextPolicy { Strategy = ContextStrategy.Windowed } : null,
            Capabilities = Often(0.3) ? Required() : [],
            MaxCostUsd = Often(0.4) ? Money() : null,
            LocalOnly = Often(0.2),
        };

    private string[] Required() =>
        Some(
            1,
            2,
            _ =>
                Pick([
                    Capabilities.Tools,
                    Capabilities.Vision,
                    Capabilities.StructuredOutput,
                    Capabilities.ReasoningEffort,
                    Capabilities.Offline,
                    Capabilities.LongContext,
                    Capabilities.WebSearch,
                    "code",
                ])
        );

    private string[] SomeRegions() =>
        [.. new[] { "EU", "us", "ch", "local" }.Where(_ => Often(0.4)).DefaultIfEmpty("eu")];

    /// <summary>From a few millionths of a dollar to some ten cents.</summary>
    private decimal Money() =>
        Often(0.05) ? 0 : (decimal)Math.Round(Math.Pow(10, _chance.NextDouble() * 5 - 5.5), 8);

    private static string[] Strategies(bool choosing) =>
        [.. choosing ? RoutingStrategies.Usual.Choosing : RoutingStrategies.Usual.Names];

    private bool? Maybe() =>
        _chance.Next(5) switch
        {
            0 => null,
            1 => false,
            _ => true,
        };

    private bool Often(double share) => _chance.NextDouble() < share;

    private T Pick<T>(IReadOnlyList<T> of) => of[_chance.Next(of.Count)];

    private T[] Some<T>(int least, int most, Func<int, T> make) =>
        [.. Enumerable.Range(0, _chance.Next(least, most + 1)).Select(make)];
}
