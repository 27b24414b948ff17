using System.Collections.Concurrent;
using Dragoman.Catalog;

namespace Dragoman.Routing.Balancing;

/// <summary>Whose turn it is among the equals of one name. Thread-safe.</summary>
internal sealed class BalancingTurn
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _credits = new(StringComparer.Ordinal);
    private uint _count;

    /// <summary>0, 1, 2 …, one for each request.</summary>
    public uint Next() => Interlocked.Increment(ref _count) - 1;

    /// <summary>
    /// Where among <paramref name="equals"/> the next one stands by weight: each gets its weight in credit, who has most is chosen and
    /// pays for all (smooth weighted round robin). A weight of 0 is chosen only where all have it.
    /// </summary>
    public int NextByWeight(ReadOnlySpan<Deployment> equals)
    {
        long total = 0;
        foreach (var deployment in equals)
            total += deployment.Weight;
        if (total == 0)
            return (int)(Next() % (uint)equals.Length);
        lock (_lock)
        {
            var (best, most) = (-1, long.MinValue);
            for (var i = 0; i < equals.Length; i++)
            {
                if (equals[i].Weight == 0)
                    continue;
                var credit = _credits.GetValueOrDefault(equals[i].Name) + equals[i].Weight;
                _credits[equals[i].Name] = credit;
                if (credit > most)
                    (best, most) = (i, credit);
            }
            _credits[equals[best].Name] = most - total;
            return best;
        }
    }
}

/// <summary>The turns of all names. They begin anew with each configuration.</summary>
internal sealed class BalancingTurns
{
    /// <summary>More names than anybody configures; what is beyond shares a turn.</summary>
    private const int MostNames = 10_000;

    private readonly ConcurrentDictionary<string, BalancingTurn> _byName = new(
        StringComparer.Ordinal
    );
    private readonly BalancingTurn _shared = new();

    public BalancingTurn Of(string name) =>
        _byName.TryGetValue(name, out var known) ? known
        : _byName.Count >= MostNames ? _shared
        : _byName.GetOrAdd(name, static _ => new BalancingTurn());
}
