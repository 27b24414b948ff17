using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <summary>The chain of one exchange in the order it will be tried, and who of it may be tried now.</summary>
internal sealed class Candidates
{
    private readonly RoutingDecision _decision;
    private readonly RequestEnvelope _request;
    private readonly Deployment[] _order;

    /// <summary>Once a context overflowed: the context that must be exceeded.</summary>
    private long? _contextAbove;

    public Candidates(
        RoutingDecision decision,
        RequestEnvelope request,
        Random random,
        DateTimeOffset now
    )
    {
        (_decision, _request) = (decision, request);
        _order = Order(decision, random, now);
    }

    public int Count => _order.Length;

    public Deployment this[int index] => _order[index];

    /// <summary>From now on only deployments with a larger context than <paramref name="overflowed"/> can serve.</summary>
    public void RequireLargerContext(Deployment overflowed) =>
        _contextAbove = Math.Max(
            _contextAbove ?? 0,
            overflowed.ContextWindow
                ?? (long)(_request.PromptBytes / RequestFit.BytesPerTokenAtMost)
        );

    /// <summary>Why this deployment cannot serve the request at all; null where it can, or where nobody knows.</summary>
    public string? CannotServe(Deployment deployment)
    {
        if (_contextAbove is { } above && (deployment.ContextWindow ?? 0) <= above)
            return deployment.ContextWindow is { } window
                ? $"its context of {window} tokens is not larger"
                : "its context is not known to be larger";
        // Who names one deployment is taken at his word: the provider judges, since catalogs err.
        if (_decision.Pinned && ReferenceEquals(deployment, _decision.Chain[0]))
            return null;
        // Who cannot hold all of it may be sent a part.
        return _decision.Shaping is { MayShorten: true }
            ? RequestFit.WhyNot(_request.Needs, deployment.Capabilities)
            : RequestFit.WhyNot(_request, deployment);
    }

    /// <summary>Why this deployment may not be asked for its price; null where it may. What failed attempts have cost is spent.</summary>
    public string? CostsTooMuch(Deployment deployment, CostSum spent) =>
        _decision.Limit is not { } limit ? null
        : spent.IsUnknown
            ? "what an earlier attempt cost is unknown, and so is what may still be spent"
        : limit.WhyNot(deployment, spent.Total?.Usd ?? 0);

    /// <summary>Why this deployment cannot be tried now; null where it can. <paramref name="rest"/> is how long it rests still.</summary>
    public static string? CannotTryNow(
        Deployment deployment,
        DateTimeOffset now,
        out TimeSpan? rest
    )
    {
        rest = null;
        var state = deployment.State;
        if (state.IsCooling(now))
        {
            rest = state.CoolsUntil - now;
            return "cooling down after a rate limit or an overload";
        }
        if (
            state.Breaker.Phase == BreakerPhase.HalfOpen
            || (state.Breaker.Phase == BreakerPhase.Open && state.Breaker.ProbeAt > now)
        )
        {
            rest =
                state.Breaker.ProbeAt > now ? state.Breaker.ProbeAt - now : TimeSpan.FromSeconds(1);
            return "its circuit breaker is open after repeated failures";
        }
        var keys = deployment.Provider.Keys;
        return keys.IsEmpty || keys.HasUsable(deployment.Model, now)
            ? null
            : "every key of its provider was refused";
    }

    /// <summary>Could another deployment behind <paramref name="index"/> still be tried?</summary>
    public bool AnotherRemains(int index, DateTimeOffset now, CostSum spent)
    {
        for (var i = index + 1; i < _order.Length; i++)
        {
            if (
                CannotServe(_order[i]) is null
                && CostsTooMuch(_order[i], spent) is null
                && CannotTryNow(_order[i], now, out _) is null
            )
                return true;
        }
        return false;
    }

    /// <summary>Equals at the head in turn, by chance; deployments that said 404 at the end.</summary>
    private static Deployment[] Order(RoutingDecision decision, Random random, DateTimeOffset now)
    {
        var chain = decision.Chain;
        var order = new Deployment[chain.Count];
        var head = Math.Clamp(decision.BalancedHead, 1, chain.Count);
        var first = head > 1 ? random.Next(head) : 0;
        var count = 0;
        for (var pass = 0; pass < 2 && count < order.Length; pass++)
        {
            for (var i = 0; i < order.Length; i++)
            {
                var deployment = chain[i < head ? (first + i) % head : i];
                if (deployment.State.IsMissing(now) == (pass == 1))
                    order[count++] = deployment;
            }
        }
        return order;
    }
}
