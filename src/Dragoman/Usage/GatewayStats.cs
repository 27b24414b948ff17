using System.Collections.Concurrent;
using Dragoman.Catalog;

namespace Dragoman.Usage;

/// <summary>What statistics are told apart by.</summary>
public enum StatsGrouping
{
    /// <summary>Whole calls, all together.</summary>
    None,

    /// <summary>Attempts at each <c>provider/model</c>.</summary>
    Model,

    /// <summary>Attempts at each provider.</summary>
    Provider,

    /// <summary>Whole calls that each chain or route served.</summary>
    Chain,
}

/// <summary>
/// Counts what the gateway does since it started and over the last hour, in memory: fed with each finished record, read whenever
/// somebody asks.
/// </summary>
public sealed class GatewayStats
{
    /// <summary>Names counted apart for each grouping; further ones are counted together as <see cref="Other"/>.</summary>
    internal const int MostNames = 200;

    /// <summary>What names past the bound are counted as.</summary>
    public const string Other = "other";

    private readonly TimeProvider _time;
    private readonly Func<string, PriceSheet?> _prices;
    private readonly long _started;
    private readonly StatsCounter _all = new();
    private readonly Names _models = new();
    private readonly Names _providers = new();
    private readonly Names _chains = new();

    /// <param name="time">The clock.</param>
    /// <param name="prices">The prices of a <c>provider/model</c> now; null where they are unknown.</param>
    public GatewayStats(TimeProvider time, Func<string, PriceSheet?> prices)
    {
        (_time, _prices) = (time, prices);
        _started = time.GetTimestamp();
        StartedAt = time.GetUtcNow();
    }

    public DateTimeOffset StartedAt { get; }

    internal DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Counts a finished record.</summary>
    public void Observe(UsageRecord record)
    {
        var slot = Slot;
        var rescue = Rescue.Of(record, _prices);
        _all.Add(record, rescue, slot);
        if (record.Chain is { Length: > 0 } chain)
            _chains.Of(chain).Add(record, rescue, slot);
        for (var i = 0; i < record.Attempts.Count; i++)
        {
            var attempt = record.Attempts[i];
            _models.Of(attempt.Deployment).Add(attempt, slot);
            var slash = attempt.Deployment.IndexOf('/', StringComparison.Ordinal);
            var provider = attempt.Deployment.AsSpan(
                0,
                slash > 0 ? slash : attempt.Deployment.Length
            );
            _providers.Of(provider).Add(attempt, slot);
        }
    }

    /// <summary>All calls together.</summary>
    internal (StatsWindow SinceStart, StatsWindow LastHour) Read() => _all.Read(Slot);

    /// <summary>Each name's figures, busiest first.</summary>
    internal IReadOnlyList<(string Name, StatsWindow SinceStart, StatsWindow LastHour)> Read(
        StatsGrouping by
    )
    {
        var names = by switch
        {
            StatsGrouping.Model => _models,
            StatsGrouping.Provider => _providers,
            StatsGrouping.Chain => _chains,
            _ => throw new ArgumentOutOfRangeException(nameof(by), by, null),
        };
        var slot = Slot;
        return
        [
            .. names
                .Select(counter =>
                {
                    var (all, hour) = counter.Value.Read(slot);
                    return (counter.Key, all, hour);
                })
                .OrderByDescending(static row => row.all.Calls)
                .ThenBy(static row => row.Key, StringComparer.Ordinal),
        ];
    }

    private long Slot => _time.GetElapsedTime(_started).Ticks / StatsCounter.SlotWidth.Ticks;

    /// <summary>Counters by name: as many as the bound allows, since clients can name models without end.</summary>
    private sealed class Names
    {
        private readonly ConcurrentDictionary<string, StatsCounter> _counters = new(
            StringComparer.Ordinal
        );

        public StatsCounter Of(ReadOnlySpan<char> name)
        {
            var lookup = _counters.GetAlternateLookup<ReadOnlySpan<char>>();
            if (lookup.TryGetValue(name, out var counter))
                return counter;
            return _counters.GetOrAdd(
                _counters.Count < MostNames ? name.ToString() : Other,
                static _ => new StatsCounter()
            );
        }

        public IEnumerable<T> Select<T>(Func<KeyValuePair<string, StatsCounter>, T> make) =>
            _counters.Select(make);
    }
}
