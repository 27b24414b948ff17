using Dragoman.Access;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Routing.Affinity;
using Dragoman.Routing.Balancing;

namespace Dragoman.Forwarding;

/// <summary>The chain of one exchange in the order it will be tried, and who of it may be tried now.</summary>
internal sealed class Candidates
{
    private readonly RoutingDecision _decision;
    private readonly RequestEnvelope _request;
    private readonly ModelAccess? _access;
    private readonly Deployment[] _order;

    /// <summary>Once a context overflowed: the context that must be exceeded.</summary>
    private long? _contextAbove;

    public Candidates(
        RoutingDecision decision,
        Exchange exchange,
        CacheAffinity? affinity,
        Random random,
        DateTimeOffset now
    )
    {
        (_decision, _request) = (decision, exchange.Envelope);
        _access = exchange.Get<Caller>()?.Access;
        if (affinity is not null)
            Holder = Standing.HolderOf(exchange, affinity, decision, now);
        _order = Order(exchange, random, now);
    }

    /// <summary>Whose cache holds the conversation; null where nobody's is known to.</summary>
    public CacheHolder? Holder { get; }

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
        // The decision saw to it; whoever finds another way to a deployment comes by here all the same.
        if (_access?.WhyNot(deployment) is { } kept)
            return kept;
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

    /// <summary>Equals at the head as they are balanced, who holds the conversation in front; deployments that said 404 at the end.</summary>
    private Deployment[] Order(Exchange exchange, Random random, DateTimeOffset now)
    {
        var chain = _decision.Chain;
        var order = new Deployment[chain.Count];
        var head = Math.Clamp(_decision.BalancedHead, 1, chain.Count);
        for (var i = 0; i < order.Length; i++)
            order[i] = chain[i];
        if (head > 1)
            exchange.Log.Reason += Balance(order.AsSpan(0, head), exchange, random, now);
        else if (Holder is { Key: not null } holder && order[0].PublicName == holder.Deployment)
            exchange.Log.Reason += Standing.Keep(order.AsSpan(0, 1), holder, exchange, now);
        MissingLast(order, now);
        ShortLast(order, exchange, now);
        return order;
    }

    /// <summary>Puts the equals in order; what decided, in words, or null where chance alone did.</summary>
    private string? Balance(
        Span<Deployment> equals,
        Exchange exchange,
        Random random,
        DateTimeOffset now
    )
    {
        string? reason = null;
        if (_decision.Balancing is not { } balancing)
            equals.Rotate(random.Next(equals.Length));
        else
        {
            var able = equals[..AbleFirst(equals, now)];
            if (able.Length > 1)
            {
                balancing.Balancer.Order(able, balancing.Turn, now);
                reason = ": " + balancing.Balancer.Explain(able, now);
            }
        }
        return Holder is { } holder
            ? reason + Standing.Keep(equals, holder, exchange, now)
            : reason;
    }

    /// <summary>Puts those that can be tried now in front, and says how many they are: turns are not spent on the others.</summary>
    private int AbleFirst(Span<Deployment> equals, DateTimeOffset now)
    {
        var able = 0;
        for (var i = 0; i < equals.Length; i++)
        {
            var deployment = equals[i];
            if (
                deployment.State.IsMissing(now)
                || CannotServe(deployment) is not null
                || CannotTryNow(deployment, now, out _) is not null
            )
                continue;
            equals[able..i].CopyTo(equals[(able + 1)..]);
            equals[able++] = deployment;
        }
        return able;
    }

    /// <summary>Who would likely refuse, by what its provider said is left of its limits, is asked after all others, so long as one of them can be.</summary>
    private void ShortLast(Deployment[] order, Exchange exchange, DateTimeOffset now)
    {
        if (order.Length > 1 && Array.Exists(order, static one => one.State.Figures.IsTold))
            PutShortLast(order, exchange, now);
    }

    private void PutShortLast(Deployment[] order, Exchange exchange, DateTimeOffset now)
    {
        var lacks = Array.ConvertAll(order, one => Headroom.Lack(one, exchange, now));
        var able = Array.FindIndex(lacks, static lack => lack is null);
        while (able >= 0 && !CanBeAsked(order[able], now))
            able = Array.FindIndex(lacks, able + 1, static lack => lack is null);
        if (able <= 0)
            return;
        var kept = 0;
        var whole = order.ToArray();
        for (var i = 0; i < whole.Length; i++)
            if (lacks[i] is null)
                order[kept++] = whole[i];
        for (var i = 0; i < whole.Length; i++)
        {
            if (lacks[i] is not { } lack)
                continue;
            order[kept++] = whole[i];
            if (i < able)
                exchange.Log.Skip(whole[i].PublicName, lack);
        }
    }

    private bool CanBeAsked(Deployment deployment, DateTimeOffset now) =>
        !deployment.State.IsMissing(now)
        && CannotServe(deployment) is null
        && CostsTooMuch(deployment, default) is null
        && CannotTryNow(deployment, now, out _) is null;

    private static void MissingLast(Deployment[] order, DateTimeOffset now)
    {
        var present = 0;
        for (var i = 0; i < order.Length; i++)
        {
            var deployment = order[i];
            if (deployment.State.IsMissing(now))
                continue;
            Array.Copy(order, present, order, present + 1, i - present);
            order[present++] = deployment;
        }
    }
}
