using Dragoman.Agents;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Routing;
using Dragoman.Routing.Balancing;
using Dragoman.Routing.Rules;

namespace Dragoman.Configuration;

/// <summary>Makes routes, chains and aliases of what the file says, and checks that every name in them means something.</summary>
internal sealed class RoutingBuilder(
    DragomanConfig config,
    RoutingStrategies strategies,
    ConfigMistakes mistakes
)
{
    private readonly Dictionary<string, string> _aliases = config.Aliases.ToDictionary(
        StringComparer.Ordinal
    );
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly List<(string Path, RoutingRule Rule)> _rules =
    [
        .. config.Rules.Select(static rule => (rule.Path, RuleOf(rule))),
    ];

    public RoutingTable Build(
        IReadOnlyList<Provider> providers,
        IReadOnlyDictionary<string, string> unavailable,
        DeploymentShelf shelf,
        DefaultsConfig defaults,
        TimeProvider time
    )
    {
        var amongEquals = Strategy(defaults.Strategy, strategies.Default);
        // What orders equals only leaves the choice among models to the usual strategy.
        var strategy = amongEquals is BalancingStrategy ? strategies.Default : amongEquals;
        var table = new RoutingTable
        {
            Providers = providers,
            Unavailable = unavailable,
            Deployments = shelf,
            Routes = config.Routes.ToDictionary(
                static route => route.Name,
                route => RouteOf(route, amongEquals),
                StringComparer.Ordinal
            ),
            Aliases = _aliases,
            Chains = config.Chains.ToDictionary(
                static chain => chain.Name,
                ChainOf,
                StringComparer.Ordinal
            ),
            Agents = config.Agents.ToDictionary(
                static agent => agent.Id,
                AgentOf,
                StringComparer.Ordinal
            ),
            Rules = new RuleBook(_rules.Select(static one => one.Rule)),
            Context = config.Defaults.Context,
            DefaultModel = DefaultModel(defaults),
            DefaultProvider = defaults.Provider,
            Strategies = strategies,
            Strategy = strategy,
            StrategyAmongEquals = amongEquals,
            Regions = defaults.Regions,
            Fallback = defaults.Fallback ?? true,
            PreferLocal = defaults.PreferLocal ?? false,
            LocalOnly = defaults.LocalOnly ?? false,
            MaxLatencyMs = defaults.MaxLatencyMs,
            ClassifiesAll = defaults.Classify ?? false,
            Time = time,
        };
        Check(table, defaults);
        return table;
    }

    private string? DefaultModel(DefaultsConfig defaults)
    {
        if (defaults.Model is { } said && said != NameBook.Auto)
            return said;
        var marked = config.Models.Where(static model => model.IsDefault is true).ToList();
        foreach (var second in marked.Skip(1))
            mistakes.Add(second.Path + ".is_default", "Another deployment is the default already.");
        return marked.FirstOrDefault()?.Name;
    }

    private Route RouteOf(RouteConfig route, IRoutingStrategy otherwise) =>
        new()
        {
            Name = route.Name,
            Members = route.Models,
            Regions = route.Regions,
            Strategy = route.Weights is { } weights
                ? Weighed(route, Strategy(route.Strategy, otherwise), weights)
                : Strategy(route.Strategy, otherwise),
            Settings = new ForwardingSettings
            {
                Connect = route.Timeouts?.Connect,
                FirstContent = route.Timeouts?.FirstContent,
                Idle = route.Timeouts?.Idle,
                Attempt = route.Timeouts?.Attempt,
                Total = route.Timeouts?.Total,
                Retries = route.Retries ?? ForwardingSettings.Default.Retries,
                Recover =
                    route.Recover == "continue" ? StreamRecovery.Continue : StreamRecovery.Error,
                Breaker = new BreakerSettings(
                    route.Breaker?.Failures ?? BreakerSettings.Default.Failures,
                    route.Breaker?.Window ?? BreakerSettings.Default.Window,
                    route.Breaker?.Open ?? BreakerSettings.Default.Open
                ),
            },
        };

    private IRoutingStrategy Weighed(
        RouteConfig route,
        IRoutingStrategy strategy,
        StrategyWeights weights
    )
    {
        if (strategy.Weights is null)
            mistakes.Add(
                $"routes.{route.Name}.weights",
                $"The strategy '{strategy.Name}' weighs nothing: weights are for balanced and local_first."
            );
        return strategy.With(weights);
    }

    private static FallbackChain ChainOf(ChainConfig chain) =>
        new()
        {
            Name = chain.Name,
            Members = chain.Models,
            Active = chain.Active ?? true,
            When = chain.When,
            Settings = new ForwardingSettings
            {
                PreserveContext = chain.PreserveContext ?? true,
                MaxAttempts = chain.MaxAttempts,
                FallbackOn = chain.RetryOn is { } words
                    ? words.Aggregate(FallbackOn.None, static (on, word) => on | On(word))
                    : FallbackOn.Default,
            },
        };

    internal static RoutingRule RuleOf(RuleConfig rule) =>
        new()
        {
            Name = rule.Name,
            Priority = rule.Priority ?? RoutingRule.UsualPriority,
            When = rule.When,
            Target = rule.Target,
            Chain = rule.Chain,
            Strategy = rule.Strategy,
            Parameters = rule.Parameters,
            Active = rule.Active ?? true,
        };

    private static Agent AgentOf(AgentConfig agent) =>
        new()
        {
            Id = agent.Id,
            Model = agent.Model ?? NameBook.Auto,
            Chain = agent.Chain,
            Fallbacks = agent.FallbackModels,
            Strategy = agent.Strategy,
            Parameters = agent.Parameters,
            SystemPrompt = agent.SystemPrompt,
            Context = agent.Context,
            Capabilities = agent.Capabilities,
            MaxCostUsd = agent.MaxCostUsd,
            LocalOnly = agent.LocalOnly ?? false,
            Description = agent.Description,
            Active = agent.Active ?? true,
        };

    private static FallbackOn On(string word) =>
        word switch
        {
            "timeout" => FallbackOn.Timeout,
            "rate_limit" => FallbackOn.RateLimit,
            "error" => FallbackOn.Error,
            "content_filter" => FallbackOn.ContentFilter,
            _ => FallbackOn.None,
        };

    private IRoutingStrategy Strategy(string? word, IRoutingStrategy otherwise) =>
        word is null ? otherwise : strategies.Find(word) ?? otherwise;

    private void Check(RoutingTable table, DefaultsConfig defaults)
    {
        var book = new NameBook(table);
        CheckDefaultStrategy(defaults);
        foreach (var route in config.Routes)
        {
            if (route.Strategy is { } strategy && strategies.Find(strategy) is null)
                mistakes.Add(
                    "routes." + ConfigSection.Shown(route.Name) + ".strategy",
                    NoStrategy(strategy),
                    NearestName.Of(strategy, strategies.Names)
                );
            Own("routes." + ConfigSection.Shown(route.Name), route.Name, "a route");
            CheckMembers(book, "routes." + ConfigSection.Shown(route.Name), route.Models);
        }
        foreach (var (alias, target) in config.Aliases)
        {
            var path = "aliases." + ConfigSection.Shown(alias);
            Own(path, alias, "an alias");
            CheckName(book, path, target, mayBeGroup: true);
        }
        foreach (var model in config.Models)
        {
            Own(model.Path + ".name", model.Name, "a deployment");
            CheckNames(book, model.Path + ".fallback_models", model.FallbackModels);
        }
        foreach (var chain in config.Chains)
            CheckMembers(book, "chains." + ConfigSection.Shown(chain.Name), chain.Models);
        CheckRules(book);
        foreach (var agent in config.Agents)
            CheckAgent(book, "agents." + ConfigSection.Shown(agent.Id), agent);
        if (config.Defaults.Context?.SummaryModel is { } summarises)
            CheckName(book, "defaults.context.summary_model", summarises, mayBeGroup: true);
        if (defaults.Model is { } standard && standard != NameBook.Auto)
            CheckName(book, "defaults.model", standard, mayBeGroup: true);
        CheckProvider(book, table, defaults);
    }

    private void CheckRules(NameBook book)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, rule) in _rules)
        {
            if (!names.Add(rule.Name))
                mistakes.Add(path + ".name", "There is already a rule of this name.");
            if (rule.Target is { } target)
            {
                if (book.Find(target) is NameMeaning.AnAgent)
                    mistakes.Add(path + ".target", "An agent cannot be a rule's target.");
                else
                    CheckName(book, path + ".target", target, mayBeGroup: true);
            }
            CheckChain(book, path + ".chain", rule.Chain);
            CheckStrategy(path + ".strategy", rule.Strategy);
        }
        new RuleChecks(mistakes).Check(_rules);
    }

    private void CheckAgent(NameBook book, string path, AgentConfig agent)
    {
        if (agent.Model is { } model)
        {
            if (book.Find(model) is NameMeaning.AnAgent)
                mistakes.Add(path + ".model", "An agent cannot ask another agent.");
            else
                CheckName(book, path + ".model", model, mayBeGroup: true);
        }
        CheckChain(book, path + ".chain", agent.Chain);
        CheckStrategy(path + ".strategy", agent.Strategy);
        CheckNames(book, path + ".fallback_models", agent.FallbackModels ?? []);
        if (agent.Context?.SummaryModel is { } summarises)
            CheckName(book, path + ".context.summary_model", summarises, mayBeGroup: true);
    }

    private void CheckChain(NameBook book, string path, string? chain)
    {
        if (chain is null || book.FindChain(chain) is not NameMeaning.Nothing nothing)
            return;
        if (nothing.IsUnknown)
            mistakes.Add(path, nothing.Error.Message);
        else
            mistakes.Warn(path, nothing.Error.Message);
    }

    private void CheckStrategy(string path, string? strategy)
    {
        if (strategy is not null && strategies.Find(strategy) is null)
            mistakes.Add(path, NoStrategy(strategy), NearestName.Of(strategy, strategies.Names));
    }

    private void CheckDefaultStrategy(DefaultsConfig defaults)
    {
        if (defaults.Strategy is not { } name || strategies.Find(name) is not null)
            return;
        if (config.Defaults.Strategy == name)
            mistakes.Add(
                "defaults.strategy",
                NoStrategy(name),
                NearestName.Of(name, strategies.Names)
            );
        else
            mistakes.Environment(
                EnvironmentConfig.StrategyVariable,
                NoStrategy(name),
                isWarning: false
            );
    }

    private string NoStrategy(string name) =>
        $"Must be one of: {string.Join(", ", strategies.Names)}, not '{ConfigSection.Shown(name)}'.";

    private void Own(string path, string name, string kind)
    {
        if (NameBook.IsReserved(name))
            mistakes.Add(
                path,
                "This name is reserved: 'auto' and what begins with 'auto:', 'chain:' or 'agent:'."
            );
        else if (!_owners.TryAdd(name, kind))
            mistakes.Add(path, $"There is already {_owners[name]} of this name.");
    }

    private void CheckMembers(NameBook book, string path, IReadOnlyList<string> members) =>
        CheckNames(book, path + ".models", members);

    private void CheckNames(NameBook book, string path, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
            CheckName(
                book,
                FormattableString.Invariant($"{path}[{i}]"),
                names[i],
                mayBeGroup: false
            );
    }

    private void CheckName(NameBook book, string path, string name, bool mayBeGroup)
    {
        switch (book.Find(name))
        {
            case NameMeaning.Nothing when IsCircle(name):
                mistakes.Add(path, "Aliases lead in a circle here.");
                break;
            // What is wrong with a name is told where that stands, and not again wherever it is used.
            case NameMeaning.Nothing when IsDeclared(name):
                break;
            case NameMeaning.Nothing { IsUnknown: true }:
                mistakes.Add(
                    path,
                    $"'{ConfigSection.Shown(name)}' means nothing here.",
                    book.Nearest(name).FirstOrDefault()
                );
                break;
            case NameMeaning.Nothing { Error: var error }:
                // The message names configuration that is missing, never a secret.
                mistakes.Warn(path, error.Message);
                break;
            case NameMeaning.ARoute
            or NameMeaning.AChain
            or NameMeaning.Auto
            or NameMeaning.AnAgent when !mayBeGroup:
                mistakes.Add(
                    path,
                    "A member must be a deployment or a model, not a route, a chain, an agent or auto."
                );
                break;
            case NameMeaning.AnAgent when path == "defaults.model":
                mistakes.Add(path, "The default cannot be an agent: agents are asked by name.");
                break;
            case NameMeaning.Auto when path == "defaults.model":
                mistakes.Add(path, "This leads back to auto.");
                break;
        }
    }

    private bool IsCircle(string name)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (seen.Add(name))
            if (!_aliases.TryGetValue(name, out name!))
                return false;
        return true;
    }

    /// <summary>Whether the file says elsewhere what the name means, or is mistaken about its provider.</summary>
    private bool IsDeclared(string name) =>
        _aliases.ContainsKey(name)
        || config.Models.Any(model => model.Name == name)
        || mistakes.AnyUnder("providers." + ConfigSection.Shown(name.Split('/')[0]));

    private void CheckProvider(NameBook book, RoutingTable table, DefaultsConfig defaults)
    {
        if (defaults.Provider is not { } name || book.FindProvider(name) is not null)
            return;
        var fromFile = config.Defaults.Provider == name;
        var known = table.Unavailable.TryGetValue(name, out var why);
        var message = known ? $"It cannot be called: {why}." : "There is no such provider.";
        if (!fromFile)
            mistakes.Environment("LLM_DEFAULT_PROVIDER", message);
        else if (known)
            mistakes.Warn("defaults.provider", message);
        else
            mistakes.Add(
                "defaults.provider",
                message,
                NearestName.Of(
                    name,
                    table.Providers.Select(static p => p.Name).Concat(table.Unavailable.Keys)
                )
            );
    }
}
