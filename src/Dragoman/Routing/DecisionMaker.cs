using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing.Balancing;

namespace Dragoman.Routing;

/// <summary>Makes the decision for a name and a client's wishes: the first choice, then the fallbacks in the order the contract gives.</summary>
internal sealed class DecisionMaker
{
    /// <summary>Longer ones are no names: they would only swell errors and records.</summary>
    private const int MaxName = 256;

    private readonly RoutingTable _table;
    private readonly NameBook _book;
    private readonly AutoChoices _auto;
    private readonly FirstChoices _first;
    private uint _turn;

    public DecisionMaker(RoutingTable table, NameBook book)
    {
        (_table, _book) = (table, book);
        _auto = new AutoChoices(table, book);
        _first = new FirstChoices(table, book, _auto);
    }

    /// <summary>The decision or the error; <paramref name="known"/> is false where somebody may have invented the name.</summary>
    public Resolution Make(RoutedRequest request, out bool known)
    {
        known = true;
        if (WhyWrong(request) is { } wrong)
            return new Resolution(null, wrong);

        var limit = request.Limit;
        var regions = RegionsOf(request);
        var assembly = new ChainAssembly(
            _book,
            new Fitness(
                request.Operation,
                request.Wishes.RequiredCapabilities,
                _table.KeepsInside(request.Wishes),
                regions,
                request.Access
            ),
            limit
        );
        var choice = _first.Make(request, assembly, regions, out known);
        if (choice.Error is not null)
            return new Resolution(null, choice.Error);
        // Who asks for what it may not have is told so, rather than given something else.
        if (assembly is { Count: 0, IsKeptFrom: true })
            return new Resolution(null, NameErrors.NotAllowed(request.Asked, request.Access!));

        var heads = choice.Heads;
        var isPinned = choice.Pinned && request.Rule is null && assembly.Count > 0;
        if (request.Wishes.Fallback is not null && assembly.Count > 1)
        {
            assembly.Keep(Turn(choice.Balancer, request.Name, assembly.Chain, heads));
            heads = 1;
        }
        var settings = choice.Settings;
        if (
            AddFallbacks(assembly, choice, request, regions, ref settings, out var chosen) is
            { } error
        )
            return new Resolution(null, error);
        if (assembly.Count == 0)
            return new Resolution(null, WhyNone(request.Asked, assembly, limit));
        return new Resolution(
            new RoutingDecision
            {
                Route = request.Asked,
                ChainName = ChainName(choice, request.Wishes),
                Chain = [.. assembly.Chain],
                Excluded = [.. assembly.Excluded],
                Pinned = isPinned,
                Reason = Prefix(request) + choice.Reason + chosen + TooDear(assembly, limit),
                Rule = request.Rule?.Name,
                LocalOnly = _table.KeepsInside(request.Wishes),
                Regions = regions,
                Shaping = Shaping(request, settings),
                Strategy = choice.Strategy?.Name,
                StrategyBehind = chosen.Length > 0 ? StrategyBehind(request).Name : null,
                BalancedHead = Math.Clamp(heads, 1, assembly.Count),
                Balancing =
                    choice.Balancer is { } balancer && heads > 1
                        ? new Balancing.Balancing(balancer, _table.Turns.Of(request.Name))
                        : null,
                Settings = settings,
                Limit = limit,
                OfThisRequest =
                    choice.OfThisRequest
                    || assembly.Weighings.Any(static one =>
                        one.Weighing is { IsBehind: false, LooksAtFigures: true }
                    ),
                HoldsUntil = assembly.Weighings.Any(static one => one.Weighing.LooksAtFigures)
                    ? request.Now + Shortlists.Fresh
                    : null,
                Weighings = assembly.Weighings,
                Size =
                    assembly.Weighings.Count > 0 || request.Rule is not null
                        ? request.Estimate.Size
                        : default,
            },
            null
        );
    }

    /// <summary>The operator's bounds, those of the route that was asked for and of the one that a rule leads to, and the client's.</summary>
    private RegionBounds RegionsOf(RoutedRequest request) =>
        request.Regions
        ?? new RegionBounds(
            _table.Regions,
            RouteOf(request.Name)?.Regions,
            request.Wishes.Regions,
            request.Rule is null ? null : RouteOf(request.Asked)?.Regions
        );

    private Route? RouteOf(string name) =>
        _book.Find(name) switch
        {
            NameMeaning.ARoute found => found.Route,
            NameMeaning.Auto when _table.DefaultModel is { } standard => (
                _book.Find(standard) as NameMeaning.ARoute
            )?.Route,
            _ => null,
        };

    /// <summary>Whose turn it is where one alone is taken before those that the client lists.</summary>
    private int Turn(IBalancer? balancer, string name, IReadOnlyList<Deployment> chain, int heads)
    {
        if (balancer is null || heads < 2)
            return (int)(Interlocked.Increment(ref _turn) % (uint)heads);
        Deployment[] ordered = [.. chain.Take(heads)];
        balancer.Order(ordered, _table.Turns.Of(name), _table.Time.GetUtcNow());
        return chain.ToList().IndexOf(ordered[0]);
    }

    private static string Prefix(RoutedRequest request) =>
        request.Rule is { } rule ? rule.Told + ": "
        : request.Agent is { } agent ? $"agent {agent.Id}: "
        : "";

    /// <summary>What the rule, the agent, the client and the chain want of the request itself.</summary>
    private RequestShaping? Shaping(RoutedRequest request, ForwardingSettings settings)
    {
        var context = Context(request, settings);
        return
            (request.Rule?.Parameters ?? request.Agent?.Parameters) is null
            && request.Agent?.SystemPrompt is null
            && context is null
            ? null
            : new RequestShaping
            {
                Overrides = request.Rule?.Parameters,
                OverriddenBy = request.Rule is { } rule ? $"rule '{rule.Name}'" : null,
                Defaults = request.Agent?.Parameters,
                SystemPrompt = request.Agent?.SystemPrompt,
                Context = context,
            };
    }

    private ContextPolicy? Context(RoutedRequest request, ForwardingSettings settings)
    {
        var own = request.Agent?.Context ?? _table.Context;
        var strategy =
            request.Wishes.Context
            ?? own?.Strategy
            ?? (settings.PreserveContext ? ContextStrategy.Full : ContextStrategy.Windowed);
        if (
            strategy == ContextStrategy.Full
            && !settings.PreserveContext
            && request.Wishes.Context is null
        )
            strategy = ContextStrategy.Windowed;
        return strategy == ContextStrategy.Full
            ? null
            : (own ?? new ContextPolicy()) with
            {
                Strategy = strategy,
            };
    }

    /// <summary>Fallbacks that the client lists make a chain of its own, without a name.</summary>
    private static string? ChainName(FirstChoice choice, Wishes wishes) =>
        wishes.Fallback is not null ? null : wishes.Chain ?? choice.ChainName;

    private GatewayError? WhyWrong(RoutedRequest request) =>
        request.Name.Length == 0 ? NameErrors.NoModel()
        : request.Name.Length > MaxName ? NameErrors.Unknown(request.Name, [])
        : request.Wishes.Strategy is { } strategy && _table.Strategies.Find(strategy) is null
            ? NameErrors.UnknownWishedStrategy(strategy, _table.Strategies.Names)
        : null;

    /// <summary>The request's, else the chain's or route's (which are in already), else the deployment's, else computed ones.</summary>
    private GatewayError? AddFallbacks(
        ChainAssembly assembly,
        FirstChoice choice,
        RoutedRequest request,
        RegionBounds regions,
        ref ForwardingSettings settings,
        out string chosen
    )
    {
        chosen = "";
        var wishes = request.Wishes;
        if (wishes.Fallback is { } asked)
            return AddAsked(assembly, asked, request);
        if (wishes.Chain is { } name)
        {
            if (_book.FindChain(name) is not NameMeaning.AChain chain)
                return ((NameMeaning.Nothing)_book.FindChain(name)).Error with { Param = "chain" };
            if (IsPassedOver(chain, assembly, request))
                return null;
            foreach (var member in chain.Members)
                assembly.Add(member);
            settings = chain.Settings;
        }
        else if (!_table.Fallback)
            assembly.KeepFirst(choice.Computed);
        else if (!choice.HasMembers)
        {
            foreach (var own in choice.OwnFallbacks)
                assembly.Add(new ChainMember(own));
            if (wishes.ComputesFallback && !choice.Computed)
                chosen = AddComputed(assembly, request, regions, StrategyBehind(request));
        }
        return null;
    }

    /// <summary>Those behind the first choice; where that is left out they take its place. What decided, in words.</summary>
    private string AddComputed(
        ChainAssembly assembly,
        RoutedRequest request,
        RegionBounds regions,
        IRoutingStrategy strategy
    )
    {
        var before = assembly.Count;
        var chosen = _auto.Add(strategy, request, assembly, isBehind: before > 0, regions: regions);
        return assembly.Count == before
            ? ""
            : $"; {(before == 0 ? "in its place" : "behind it")}, {strategy.Name}{chosen}";
    }

    private IRoutingStrategy StrategyBehind(RoutedRequest request) =>
        request.Wishes.Strategy is { } name
        && _table.Strategies.Find(name) is { } wished and not BalancingStrategy
            ? wished
            : _table.Strategy;

    private GatewayError? AddAsked(
        ChainAssembly assembly,
        IReadOnlyList<string> asked,
        RoutedRequest request
    )
    {
        foreach (var name in asked)
        {
            var meaning = _book.Find(name);
            if (meaning is NameMeaning.Nothing { IsUnknown: true } unknown)
                return unknown.Error with { Param = "fallback" };
            if (meaning is not NameMeaning.AChain chain || !IsPassedOver(chain, assembly, request))
                assembly.Add(new ChainMember(name));
        }
        return null;
    }

    /// <summary>A chain that is for other requests is no fallback of this one.</summary>
    private static bool IsPassedOver(
        NameMeaning.AChain chain,
        ChainAssembly assembly,
        RoutedRequest request
    )
    {
        if (request.Meets(chain.When))
            return false;
        assembly.Exclude(
            NameBook.ChainPrefix + chain.Name,
            $"it is for requests of which {chain.When} holds"
        );
        return true;
    }

    private static string TooDear(ChainAssembly assembly, SpendingLimit? limit)
    {
        if (assembly.TooDear is not [var first, ..] || limit is null)
            return "";
        var others =
            assembly.TooDear.Count > 1
                ? FormattableString.Invariant($" and {assembly.TooDear.Count - 1} more")
                : "";
        var answers = assembly.Chain[0];
        return $"; passed over: {first.PublicName} ({limit.WhyNot(first)}){others}; {answers.PublicName} at about {Figures.Usd(limit.CostOf(answers))} fits";
    }

    private GatewayError WhyNone(string name, ChainAssembly assembly, SpendingLimit? limit) =>
        _table.Providers.Count == 0 ? NameErrors.NothingConfigured()
        : assembly.TooDear is { } dear && limit is not null
            ? NameErrors.OverBudget(name, dear, limit)
        : NameErrors.NoneLeft(name, assembly.Excluded);
}
