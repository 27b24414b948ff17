using Dragoman.Exchanges;
using Dragoman.Routing.Balancing;

namespace Dragoman.Routing;

/// <summary>Turns what a name means into the deployments to try first.</summary>
internal sealed class FirstChoices(RoutingTable table, NameBook book, AutoChoices auto)
{
    /// <summary>Adds the deployments to <paramref name="assembly"/> and tells what they are; where a rule had a word in it, that too.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="assembly">Where the deployments go.</param>
    /// <param name="regions">Where those must be that the gateway chooses itself.</param>
    /// <param name="known">False where the name may be invented.</param>
    public FirstChoice Make(
        RoutedRequest request,
        ChainAssembly assembly,
        RegionBounds regions,
        out bool known
    )
    {
        known = true;
        var meaning = book.Find(request.Name);
        if (meaning is not NameMeaning.Auto { Strategy: var named })
            return Take(request.Name, meaning, request, assembly, ref known);
        if (request.Wishes.Chain is { } chain)
            return Take(request.Name, book.FindChain(chain), request, assembly, ref known);
        // Who names a strategy wants it to choose.
        if (table.DefaultModel is { } model && named is null && request.Wishes.Strategy is null)
            return TakeDefault(model, request, assembly, ref known);
        var strategy = Wished(request.Wishes) ?? named ?? table.Strategy;
        if (strategy is BalancingStrategy)
            return FirstChoice.Failed(
                NameErrors.OrdersEqualsOnly(strategy.Name, table.Strategies.Choosing, named is null)
            );
        request.Classify();
        return new FirstChoice
        {
            Computed = true,
            Strategy = strategy,
            OfThisRequest = strategy.LooksAtRequest,
            Reason =
                $"auto, {strategy.Name}{auto.Add(strategy, request, assembly, keepOne: IsAlone(request.Wishes), regions: regions)}",
        };
    }

    private FirstChoice TakeDefault(
        string model,
        RoutedRequest request,
        ChainAssembly assembly,
        ref bool known
    )
    {
        var choice = Take(model, book.Find(model), request, assembly, ref known);
        // The client left the choice to us: what was chosen is not pinned.
        return choice with { Pinned = false, Reason = $"auto: the default model {model}" };
    }

    private FirstChoice Take(
        string name,
        NameMeaning meaning,
        RoutedRequest request,
        ChainAssembly assembly,
        ref bool known
    )
    {
        switch (meaning)
        {
            case NameMeaning.One one:
                known = one.Known;
                assembly.AddNamed(one.Deployment);
                return new FirstChoice
                {
                    Pinned = true,
                    OwnFallbacks = one.Deployment.Fallbacks,
                    Reason = $"{name} names one deployment",
                };
            case NameMeaning.SameModel same:
                return TakeEquals(name, same, request, assembly);
            case NameMeaning.ARoute { Route: var route }:
                foreach (var member in route.Members)
                    assembly.Add(new ChainMember(member));
                return Rank($"route {route.Name}", route.Strategy, request, assembly) with
                {
                    HasMembers = true,
                    ChainName = route.Name,
                    Settings = route.Settings,
                };
            case NameMeaning.AChain { When: { } when } chain when !request.Meets(when):
                return FirstChoice.Failed(NameErrors.ChainNotForThis(chain.Name, when.ToString()!));
            case NameMeaning.AChain chain:
                foreach (var member in chain.Members)
                    assembly.Add(member);
                return new FirstChoice
                {
                    HasMembers = true,
                    ChainName = chain.Name,
                    OfThisRequest = chain.When is not null,
                    Settings = chain.Settings,
                    Reason = $"chain {chain.Name}{Sort(null, request, assembly, 1, out _)}",
                };
            case NameMeaning.Nothing nothing:
                return FirstChoice.Failed(nothing.Error);
            default:
                // Configuration is checked for it: a default model that is auto again.
                return FirstChoice.Failed(NameErrors.Unknown(name, []));
        }
    }

    private FirstChoice TakeEquals(
        string name,
        NameMeaning.SameModel same,
        RoutedRequest request,
        ChainAssembly assembly
    )
    {
        string[] own = [.. same.Deployments.SelectMany(static d => d.Fallbacks).Distinct()];
        var preferred = table.DefaultProvider is { } wanted ? book.FindProvider(wanted) : null;
        assembly.Add(
            same.Deployments.OrderBy(deployment =>
                deployment.Provider.Name == preferred?.Name ? 0 : 1
            )
        );
        if (assembly.Count < 2)
            return new FirstChoice
            {
                OwnFallbacks = own,
                Reason = $"{name} is served by one deployment",
            };
        var served = $"{name} is served by {assembly.Count}";
        var strategy = Wished(request.Wishes) ?? table.StrategyAmongEquals;
        if (
            ReferenceEquals(strategy, table.Strategies.Default)
            && assembly.Chain[0].Provider.Name == preferred?.Name
        )
            return new FirstChoice
            {
                OwnFallbacks = own,
                Strategy = strategy,
                Reason =
                    $"{served}, {preferred.Name} preferred{Sort(null, request, assembly, 1, out _)}",
            };
        return Rank(served, table.StrategyAmongEquals, request, assembly) with
        {
            OwnFallbacks = own,
        };
    }

    /// <summary>
    /// Orders deployments that somebody named together. The default strategy takes these in turn: who lists them without a word of
    /// order wants the load shared.
    /// </summary>
    private FirstChoice Rank(
        string what,
        IRoutingStrategy otherwise,
        RoutedRequest request,
        ChainAssembly assembly
    )
    {
        var strategy = Wished(request.Wishes) ?? otherwise;
        var balancer = (strategy as BalancingStrategy)?.Balancer;
        var inTurn = balancer is not null || ReferenceEquals(strategy, table.Strategies.Default);
        var sorted = Sort(
            inTurn ? null : strategy,
            request,
            assembly,
            inTurn ? assembly.Count : 1,
            out var heads
        );
        return new FirstChoice
        {
            Heads = heads,
            Balancer = heads > 1 ? balancer : null,
            Strategy = strategy,
            OfThisRequest = !inTurn && strategy.LooksAtRequest && assembly.Count > 1,
            Reason =
                $"{what}, {strategy.Name}{(heads > 1 && balancer is null ? $": {heads} in turn" : "")}{sorted}",
        };
    }

    /// <summary>By the strategy, then by the client's wishes; what decided, in words.</summary>
    private string Sort(
        IRoutingStrategy? strategy,
        RoutedRequest request,
        ChainAssembly assembly,
        int heads,
        out int equals
    )
    {
        equals = heads;
        var wished = WishedOrder.Of(table, request.Wishes);
        if (assembly.Count == 0 || (strategy is null && wished.IsNone))
            return "";
        if (strategy is { LooksAtRequest: true } && assembly.Count > 1)
            request.Classify();
        var weighing = new Weighing
        {
            Strategy = strategy,
            Candidates =
            [
                .. assembly.Chain.Select(deployment =>
                    request.Candidate(deployment, table.Quality)
                ),
            ],
            Among = assembly.Count,
            Wished = wished,
        };
        var weighed = weighing.Run();
        equals = wished.EqualsAmong(weighed.Final, heads);
        assembly.Reorder(weighing, weighed);
        return weighing.Explain(weighed);
    }

    private IRoutingStrategy? Wished(Wishes wishes) =>
        wishes.Strategy is { } name ? table.Strategies.Find(name) : null;

    private static bool IsAlone(Wishes wishes) => wishes.Fallback is not null;
}
