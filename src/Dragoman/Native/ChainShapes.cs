using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Forwarding;
using Dragoman.Routing;

namespace Dragoman.Native;

/// <summary>Writes decisions of the router down in the shapes of the native API.</summary>
internal sealed class ChainShapes(NameResolver names, DateTimeOffset now, string? task = null)
{
    public FallbackChainInfo Of(RoutingDecision decision) =>
        new()
        {
            Primary = decision.Route,
            Strategy = decision.Strategy ?? decision.StrategyBehind,
            Reason = decision.Reason,
            Pinned = decision.Pinned,
            InTurn = decision.BalancedHead,
            Members = Members(decision),
            Excluded = Excluded(decision.Excluded),
        };

    /// <summary>Every chain that has a name.</summary>
    public NamedChains Named() =>
        new([
            .. names
                .Table.Chains.Keys.Order(StringComparer.Ordinal)
                .Select(name => Named(name, "configured")),
            .. PredefinedChains
                .Names.Where(name => !names.Table.Chains.ContainsKey(name))
                .Select(name => Named(name, "predefined")),
        ]);

    private NamedChainInfo Named(string name, string source)
    {
        var (decision, error) = names.Resolve(
            NameBook.ChainPrefix + name,
            Operation.Chat,
            Wishes.None
        );
        return new NamedChainInfo
        {
            Name = name,
            Source = source,
            Active = !names.Table.Chains.TryGetValue(name, out var chain) || chain.Active,
            UnavailableReason = error?.Message,
            Members = decision is null ? [] : Members(decision),
            Excluded = decision is null ? WhyNone(name) : Excluded(decision.Excluded),
        };
    }

    /// <summary>Of a chain that nobody is left of, what became of its members.</summary>
    private IReadOnlyList<ChainExclusion> WhyNone(string name)
    {
        if (names.Book.FindChain(name) is not NameMeaning.AChain chain)
            return [];
        return
        [
            .. chain
                .Members.Select(member =>
                    (
                        member.Name,
                        WhyNot: member.WhyNot
                            ?? (names.Book.Find(member.Name) as NameMeaning.Nothing)?.Error.Message
                    )
                )
                .Where(static member => member.WhyNot is not null)
                .Select(static member => new ChainExclusion(
                    member.Name,
                    member.WhyNot!.TrimEnd('.')
                )),
        ];
    }

    private ChainMemberInfo[] Members(RoutingDecision decision) =>
        [.. decision.Chain.Select(Member)];

    /// <summary>One deployment, with figures of a usual request.</summary>
    public ChainMemberInfo Member(Deployment deployment)
    {
        var facts = names.FactsOf(deployment, task);
        var known = ModelShapes.Info(KnownModel.Of(deployment, whyNot: null), task);
        return new ChainMemberInfo
        {
            Model = deployment.PublicName,
            Name = deployment.Name,
            Provider = deployment.Provider.Name,
            Local = deployment.Local,
            Priority = deployment.Priority,
            Cost = known.Cost,
            EstimatedCostUsd = facts.Cost,
            ContextWindow = deployment.ContextWindow,
            LatencyMs = facts.Latency is { } time ? Math.Round(time.TotalMilliseconds) : null,
            Quality = known.Quality,
            Health = HealthOf(deployment),
        };
    }

    private ChainMemberHealth HealthOf(Deployment deployment)
    {
        var reason = Candidates.CannotTryNow(deployment, now, out var rest);
        return new ChainMemberHealth
        {
            State = reason is null
                ? deployment.State.IsMissing(now)
                    ? "missing"
                    : "ok"
                : deployment.State.IsCooling(now)
                    ? "cooling"
                    : rest is not null
                        ? "breaker_open"
                        : "keys_refused",
            Reason = reason,
            RetryAfterMs = rest is { } left ? Math.Ceiling(left.TotalMilliseconds) : null,
        };
    }

    private static ChainExclusion[] Excluded(IReadOnlyList<SkipRecord> excluded) =>
        [.. excluded.Select(static skip => new ChainExclusion(skip.Deployment, skip.Reason))];
}
