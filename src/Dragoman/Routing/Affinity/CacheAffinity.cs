using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Routing.Affinity;

/// <summary>
/// Which conversation is held by which provider's cache, as answers' usage tells. In memory and bounded: what was not asked for since
/// as many others came is forgotten. Thread-safe.
/// </summary>
/// <param name="capacity">How many conversations are remembered at the most.</param>
internal sealed class CacheAffinity(int capacity = 100_000)
{
    private readonly Lock _lock = new();

    // Two halves instead of an order of use: who is used moves to the new half, and when that is full the old one goes.
    private Dictionary<UInt128, CacheHolder> _new = [];
    private Dictionary<UInt128, CacheHolder> _old = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _new.Count + _old.Count;
        }
    }

    /// <summary>Who holds this conversation; null where it has just begun, or nobody is known to. The first question reads the body's beginning, so nobody asks where there is nothing to choose.</summary>
    public CacheHolder? HolderOf(Exchange exchange, DateTimeOffset now)
    {
        if (ConversationMark.Of(exchange) is not { IsContinued: true } mark)
            return null;
        lock (_lock)
            return
                (
                    _new.TryGetValue(mark.Hash, out var holder)
                    || _old.TryGetValue(mark.Hash, out holder)
                )
                && holder.ExpiresAt > now
                ? holder
                : null;
    }

    /// <summary>US dollars that a request is spared where <paramref name="tokens"/> of its prompt are read from the cache; null where a price is unknown.</summary>
    public static decimal? Saving(Deployment deployment, long tokens, DateOnly day) =>
        deployment.Prices?.On(day) is { Input: { } input, CacheRead: { } read }
            ? Math.Max(0, tokens * (input - read) / 1_000_000)
            : null;

    /// <summary>An answer came: its provider's cache holds its prompt now, if it says so or is known to. Only of exchanges that were asked about.</summary>
    public void Learn(
        Exchange exchange,
        Deployment deployment,
        int? key,
        TokenUsage? usage,
        DateTimeOffset now
    )
    {
        if (ConversationMark.Known(exchange) is not { } mark || usage is null)
            return;
        var habit = CacheHabit.Of(deployment.Provider.Type);
        var held = Held(usage, habit);
        lock (_lock)
        {
            if (!_new.Remove(mark.Hash, out var before))
                _old.Remove(mark.Hash, out before);
            if (held == 0)
                return;
            var isSame = before?.Deployment == deployment.PublicName && before.Key == key;
            var lifetime =
                usage.CacheWrite1h > 0 ? CacheHabit.OneHour
                : isSame && usage.CacheWrite is null or 0 ? before!.Lifetime
                : habit.Lifetime;
            if (_new.Count >= capacity / 2)
                (_old, _new) = (_new, []);
            _new[mark.Hash] = new CacheHolder(
                deployment.PublicName,
                key,
                held,
                lifetime,
                now + lifetime
            );
        }
    }

    private static long Held(TokenUsage usage, CacheHabit habit)
    {
        var told = (usage.CacheRead ?? 0) + (usage.CacheWrite ?? 0) + (usage.CacheWrite1h ?? 0);
        return
            habit.Least is { } least
            && usage is { Estimated: false, TotalInput: { } prompt }
            && prompt >= least
            ? Math.Max(prompt, told)
            : told;
    }
}
