using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>Makes the decision for a name and a client's wishes: the first choice, then the fallbacks in the order the contract gives.</summary>
internal sealed class DecisionMaker(RoutingTable table, NameBook book)
{
    /// <summary>Longer ones are no names: they would only swell errors and records.</summary>
    private const int MaxName = 256;

    private readonly FirstChoices _first = new(table, book);
    private uint _turn;

    /// <summary>The decision or the error; <paramref name="known"/> is false where somebody may have invented the name.</summary>
    public Resolution Make(string name, Operation operation, Wishes wishes, out bool known)
    {
        known = true;
        if (name.Length == 0)
            return new Resolution(null, NameErrors.NoModel());
        if (name.Length > MaxName)
            return new Resolution(null, NameErrors.Unknown(name, []));

        // Offline mode is the operator's: no wish opens it.
        var localOnly = table.LocalOnly || wishes.LocalOnly is true;
        var assembly = new ChainAssembly(book, operation, wishes, localOnly);
        var choice = _first.Make(name, (operation, wishes), assembly, out known);
        if (choice.Error is not null)
            return new Resolution(null, choice.Error);

        var heads = choice.Balanced ? assembly.Count : 1;
        if (!choice.Pinned && (wishes.PreferLocal ?? table.PreferLocal))
            heads = PutLocalFirst(assembly, heads);
        if (wishes.Fallback is not null && assembly.Count > 1)
        {
            assembly.Keep((int)(Interlocked.Increment(ref _turn) % (uint)heads));
            heads = 1;
        }
        var settings = choice.Settings;
        if (AddFallbacks(assembly, choice, operation, wishes, ref settings) is { } error)
            return new Resolution(null, error);
        if (assembly.Count == 0)
            return new Resolution(null, WhyNone(name, assembly));
        return new Resolution(
            new RoutingDecision
            {
                Route = name,
                Chain = [.. assembly.Chain],
                Excluded = [.. assembly.Excluded],
                Pinned = choice.Pinned,
                Reason = choice.Reason,
                Strategy = choice.Strategy,
                BalancedHead = Math.Max(1, heads),
                Settings = settings,
            },
            null
        );
    }

    private static int PutLocalFirst(ChainAssembly assembly, int heads)
    {
        assembly.OrderBy(static deployment => deployment.Local ? 0 : 1);
        return heads > 1
            ? assembly
                .Chain.TakeWhile(deployment => deployment.Local == assembly.Chain[0].Local)
                .Count()
            : heads;
    }

    /// <summary>The request's, else the chain's or route's (which are in already), else the deployment's, else computed ones.</summary>
    private GatewayError? AddFallbacks(
        ChainAssembly assembly,
        FirstChoice choice,
        Operation operation,
        Wishes wishes,
        ref ForwardingSettings settings
    )
    {
        if (wishes.Fallback is { } asked)
            return AddAsked(assembly, asked);
        if (wishes.Chain is { } name)
        {
            if (book.FindChain(name) is not NameMeaning.AChain chain)
                return ((NameMeaning.Nothing)book.FindChain(name)).Error with { Param = "chain" };
            foreach (var member in chain.Members)
                assembly.Add(member);
            settings = chain.Settings;
        }
        else if (!choice.HasMembers && table.Fallback)
        {
            foreach (var own in choice.OwnFallbacks)
                assembly.Add(new ChainMember(own));
            if (choice.Computed || wishes.ComputesFallback)
                assembly.Add(_first.BestOfEach(operation, wishes));
        }
        return null;
    }

    private GatewayError? AddAsked(ChainAssembly assembly, IReadOnlyList<string> asked)
    {
        foreach (var name in asked)
        {
            if (book.Find(name) is NameMeaning.Nothing { IsUnknown: true } unknown)
                return unknown.Error with { Param = "fallback" };
            assembly.Add(new ChainMember(name));
        }
        return null;
    }

    private GatewayError WhyNone(string name, ChainAssembly assembly) =>
        table.Providers.Count == 0
            ? NameErrors.NothingConfigured()
            : NameErrors.NoneLeft(name, assembly.Excluded);
}
