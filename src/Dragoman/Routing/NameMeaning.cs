using Dragoman.Agents;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Routing.Conditions;

namespace Dragoman.Routing;

/// <summary>What a name turned out to mean.</summary>
internal abstract record NameMeaning
{
    /// <summary>It leaves something to choose, and rules have a word in that. Who names a deployment, a chain or an agent has chosen.</summary>
    public bool ComesUnderRules => this is SameModel or ARoute or Auto;

    /// <summary>One deployment and no other.</summary>
    /// <param name="Deployment">The deployment itself.</param>
    /// <param name="Known">False where the model may be invented: nobody ever heard of it.</param>
    public sealed record One(Deployment Deployment, bool Known) : NameMeaning;

    /// <summary>A model that several may serve: equals.</summary>
    public sealed record SameModel(IReadOnlyList<Deployment> Deployments) : NameMeaning;

    public sealed record ARoute(Route Route) : NameMeaning;

    /// <param name="Name">Its name.</param>
    /// <param name="Members">Who is in it.</param>
    /// <param name="Settings">How it is walked.</param>
    /// <param name="When">The requests it is for; null is all.</param>
    public sealed record AChain(
        string Name,
        IReadOnlyList<ChainMember> Members,
        ForwardingSettings Settings,
        Condition? When = null
    ) : NameMeaning;

    /// <summary>Something else that is asked in an agent's way.</summary>
    public sealed record AnAgent(Agent Agent) : NameMeaning;

    /// <summary>Whatever is best among what is configured.</summary>
    /// <param name="Strategy">The strategy that was named with it; null where none was.</param>
    public sealed record Auto(IRoutingStrategy? Strategy = null) : NameMeaning;

    /// <summary>It cannot be called.</summary>
    /// <param name="Error">What to tell who asked for it.</param>
    /// <param name="IsUnknown">True where no such thing exists; false where it exists but cannot be called now.</param>
    public sealed record Nothing(GatewayError Error, bool IsUnknown = false) : NameMeaning;
}

/// <summary>A member of a chain: a name to look up, or the reason why there is none.</summary>
internal sealed record ChainMember(string Name, string? WhyNot = null);
