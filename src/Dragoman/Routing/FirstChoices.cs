using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>Turns what a name means into the deployments to try first.</summary>
internal sealed class FirstChoices(RoutingTable table, NameBook book)
{
    /// <summary>Adds the deployments to <paramref name="assembly"/> and tells what they are.</summary>
    /// <param name="name">What the client asked for.</param>
    /// <param name="request">What kind of call it is, and the client's wishes.</param>
    /// <param name="assembly">Where the deployments go.</param>
    /// <param name="known">False where the name may be invented.</param>
    public FirstChoice Make(
        string name,
        (Operation Operation, Wishes Wishes) request,
        ChainAssembly assembly,
        out bool known
    )
    {
        known = true;
        var meaning = book.Find(name);
        if (meaning is not NameMeaning.Auto)
            return Take(name, meaning, request.Wishes, assembly, ref known);
        if (request.Wishes.Chain is { } chain)
            return Take(name, book.FindChain(chain), request.Wishes, assembly, ref known);
        if (table.DefaultModel is { } model)
            // The client left the choice to us: what was chosen is not pinned.
            return Take(model, book.Find(model), request.Wishes, assembly, ref known) with
            {
                Pinned = false,
                Reason = $"auto: the default model {model}",
            };
        foreach (var best in BestOfEach(request.Operation, request.Wishes))
        {
            assembly.Add([best]);
            if (assembly.Count > 0)
                break;
        }
        return new FirstChoice
        {
            Computed = true,
            Reason = "auto: the first configured provider's most sensible model",
        };
    }

    /// <summary>One sensible deployment of each provider; simulated ones only where there is nothing real.</summary>
    public IEnumerable<Deployment> BestOfEach(Operation operation, Wishes wishes)
    {
        var anyReal = table.Providers.Any(static provider => !IsSimulated(provider));
        var preferred = table.DefaultProvider is { } wanted ? book.FindProvider(wanted) : null;
        var preferLocal = wishes.PreferLocal ?? table.PreferLocal;
        return table
            .Providers.Where(provider => !anyReal || !IsSimulated(provider))
            .OrderBy(provider => preferLocal && provider.Local ? 0 : 1)
            .ThenBy(provider => ReferenceEquals(provider, preferred) ? 0 : 1)
            .Select(provider =>
                ChatModels.Best(provider, table.Deployments, operation is Operation.Embeddings)
                    is { } model
                    ? table.Deployments.Find(provider, model, out _)
                    : null
            )
            .OfType<Deployment>();
    }

    private FirstChoice Take(
        string name,
        NameMeaning meaning,
        Wishes wishes,
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
                assembly.Add(same.Deployments);
                return TakeEquals(name, same, wishes, assembly);
            case NameMeaning.ARoute { Route: var route }:
                return TakeRoute(route, wishes, assembly);
            case NameMeaning.AChain chain:
                foreach (var member in chain.Members)
                    assembly.Add(member);
                return new FirstChoice
                {
                    HasMembers = true,
                    ChainName = chain.Name,
                    Settings = chain.Settings,
                    Reason = $"chain {chain.Name}",
                };
            case NameMeaning.Nothing nothing:
                return FirstChoice.Failed(nothing.Error);
            default:
                // Configuration is checked for it: a default model that is auto again.
                return FirstChoice.Failed(NameErrors.Unknown(name, []));
        }
    }

    private FirstChoice TakeRoute(Route route, Wishes wishes, ChainAssembly assembly)
    {
        foreach (var member in route.Members)
            assembly.Add(new ChainMember(member));
        var strategy = Wished(wishes) ?? route.Strategy;
        if (strategy is RouteStrategy.Priority)
            assembly.OrderBy(static deployment => deployment.Priority);
        return new FirstChoice
        {
            Balanced = strategy is RouteStrategy.Balanced,
            HasMembers = true,
            ChainName = route.Name,
            Settings = route.Settings,
            Reason = $"route {route.Name}, {Shown(strategy)}",
        };
    }

    private FirstChoice TakeEquals(
        string name,
        NameMeaning.SameModel same,
        Wishes wishes,
        ChainAssembly assembly
    )
    {
        string[] own = [.. same.Deployments.SelectMany(static d => d.Fallbacks).Distinct()];
        var preferred = table.DefaultProvider is { } wanted ? book.FindProvider(wanted) : null;
        if (
            preferred is not null
            && assembly.Count > 1
            && assembly.Chain.Any(deployment => deployment.Provider.Name == preferred.Name)
        )
        {
            assembly.OrderBy(deployment => deployment.Provider.Name == preferred.Name ? 0 : 1);
            return new FirstChoice
            {
                OwnFallbacks = own,
                Reason = $"{name} is served by {assembly.Count}, {preferred.Name} preferred",
            };
        }
        var strategy = Wished(wishes) ?? table.Strategy;
        if (strategy is RouteStrategy.Priority)
            assembly.OrderBy(static deployment => deployment.Priority);
        return new FirstChoice
        {
            OwnFallbacks = own,
            Balanced = strategy is RouteStrategy.Balanced,
            Reason =
                assembly.Count == 1
                    ? $"{name} is served by one deployment"
                    : $"{name} is served by {assembly.Count}, {Shown(strategy)}",
        };
    }

    private static RouteStrategy? Wished(Wishes wishes) =>
        wishes.Strategy switch
        {
            "balanced" => RouteStrategy.Balanced,
            "priority" => RouteStrategy.Priority,
            _ => null,
        };

    private static string Shown(RouteStrategy strategy) =>
        strategy is RouteStrategy.Balanced ? "balanced" : "by priority";

    private static bool IsSimulated(Provider provider) => provider.Type.Name == "demo";
}
