using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Routing.Affinity;

namespace Dragoman.Forwarding;

/// <summary>
/// Whether a conversation stays with who holds it in its cache: another equal takes it over only where it is cheaper even so, and the
/// holder only while it can be asked.
/// </summary>
internal static class Standing
{
    /// <summary>Who holds the conversation; null where nobody does, or where there is nothing to choose, which costs nothing to find.</summary>
    public static CacheHolder? HolderOf(
        Exchange exchange,
        CacheAffinity affinity,
        RoutingDecision decision,
        DateTimeOffset now
    ) =>
        exchange.Operation == Dialects.Operation.Chat && LeavesAChoice(decision)
            ? affinity.HolderOf(exchange, now)
            : null;

    private static bool LeavesAChoice(RoutingDecision decision)
    {
        if (decision.BalancedHead > 1)
            return true;
        var chain = decision.Chain;
        for (var i = 0; i < chain.Count; i++)
        {
            if (chain[i].Provider.Keys.Count > 1)
                return true;
        }
        return false;
    }

    /// <summary>Puts the holder in front of its equals if it stays; what decided, in words, or null where nothing did.</summary>
    public static string? Keep(
        Span<Deployment> equals,
        CacheHolder holder,
        Exchange exchange,
        DateTimeOffset now
    )
    {
        var index = -1;
        for (var i = 0; i < equals.Length && index < 0; i++)
        {
            if (equals[i].PublicName == holder.Deployment)
                index = i;
        }
        if (
            index < 0
            || equals[index].State.IsMissing(now)
            || Candidates.CannotTryNow(equals[index], now, out _) is not null
            || !HasItsKey(equals[index], holder, now)
        )
            return null;
        var (kept, first) = (equals[index], equals[0]);
        if (index > 0 && WhyCheaper(first, kept, holder, exchange) is { } cheaper)
            return cheaper;
        equals[..index].CopyTo(equals[1..]);
        equals[0] = kept;
        return Stays(kept, holder, now);
    }

    public static string Stays(Deployment deployment, CacheHolder holder, DateTimeOffset now)
    {
        var key =
            holder.Key is { } index && deployment.Provider.Keys.Count > 1
                ? FormattableString.Invariant($", key {index + 1}")
                : "";
        var saved = CacheAffinity.Saving(
            deployment,
            holder.HeldTokens,
            DateOnly.FromDateTime(now.UtcDateTime)
        )
            is { } usd
            ? $", {Figures.Usd(usd)} saved"
            : "";
        return FormattableString.Invariant(
            $"; stays with {deployment.PublicName}{key}: its cache holds about {holder.HeldTokens} tokens{saved}"
        );
    }

    /// <summary>The key whose account holds the cache can be used.</summary>
    private static bool HasItsKey(Deployment deployment, CacheHolder holder, DateTimeOffset now) =>
        holder.Key is not { } key
        || (
            key < deployment.Provider.Keys.Count
            && deployment.Provider.Keys.All[key].IsUsable(deployment.Model, now)
        );

    /// <summary>Only between different models or prices is there a question.</summary>
    private static string? WhyCheaper(
        Deployment other,
        Deployment kept,
        CacheHolder holder,
        Exchange exchange
    )
    {
        if (ReferenceEquals(other.Prices, kept.Prices))
            return null;
        var estimate = new CostEstimate(
            RequestSize.Roughly(exchange.Envelope),
            exchange.Operation,
            DateOnly.FromDateTime(exchange.StartedAt.UtcDateTime)
        );
        return
            estimate.Of(other) is { } elsewhere
            && estimate.Of(kept, holder.HeldTokens) is { } here
            && elsewhere < here
            ? FormattableString.Invariant(
                $"; leaves {kept.PublicName} and the {holder.HeldTokens} tokens in its cache, since {Figures.Usd(elsewhere)} at {other.PublicName} is less than {Figures.Usd(here)}"
            )
            : null;
    }
}
