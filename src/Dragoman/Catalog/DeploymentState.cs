using System.Collections.Concurrent;

namespace Dragoman.Catalog;

/// <summary>What changes about a deployment while running. One object per provider and model, shared by all exchanges and kept over reloads.</summary>
public sealed class DeploymentState(string key)
{
    private long _coolsUntil;
    private long _missingUntil;
    private int _silentRateLimits;
    private int _probing;

    /// <summary><c>provider/model</c>.</summary>
    public string Key { get; } = key;

    public CircuitBreaker Breaker { get; } = new();

    /// <summary>How long answers usually are: one for all deployments of a gateway.</summary>
    public OutputLengths Lengths { get; init; } = new();

    /// <summary>How it does of late.</summary>
    public DeploymentFigures Figures { get; } = new();

    /// <summary>UTC time until which it is left alone because it said that it is busy.</summary>
    public DateTimeOffset CoolsUntil => new(Volatile.Read(ref _coolsUntil), TimeSpan.Zero);

    public bool IsCooling(DateTimeOffset now) => Volatile.Read(ref _coolsUntil) > now.UtcTicks;

    /// <summary>The provider said 404: tried only when nothing else is left, until the mark ends.</summary>
    public bool IsMissing(DateTimeOffset now) => Volatile.Read(ref _missingUntil) > now.UtcTicks;

    public void MarkMissing(DateTimeOffset until) =>
        Volatile.Write(ref _missingUntil, until.UtcTicks);

    /// <summary>Leaves it alone until <paramref name="until"/>; a later end wins over an earlier one.</summary>
    public void Cool(DateTimeOffset until)
    {
        long seen;
        do
        {
            seen = Volatile.Read(ref _coolsUntil);
            if (seen >= until.UtcTicks)
                return;
        } while (Interlocked.CompareExchange(ref _coolsUntil, until.UtcTicks, seen) != seen);
    }

    /// <summary>How many rate limits that named no time were counted in a row.</summary>
    public int SilentRateLimits => Volatile.Read(ref _silentRateLimits);

    /// <summary>Counts rate limits that named no time: 1, 2, 3 … until <see cref="Succeeded"/>.</summary>
    public int CountSilentRateLimit() => Interlocked.Increment(ref _silentRateLimits);

    /// <summary>
    /// While it cools and nothing else can answer, one call at a time may ask whether it is back; false where one is under way.
    /// Who gets true calls <see cref="EndProbe"/>.
    /// </summary>
    public bool TryProbe() => Interlocked.CompareExchange(ref _probing, 1, 0) == 0;

    public void EndProbe() => Volatile.Write(ref _probing, 0);

    /// <summary>
    /// It answered: marks are lifted. The cooling only where it was asked <paramref name="whileCooling"/>: an answer that was
    /// under way when it asked to be left alone does not take that back.
    /// </summary>
    public void Succeeded(bool whileCooling)
    {
        if (Volatile.Read(ref _silentRateLimits) != 0)
            Volatile.Write(ref _silentRateLimits, 0);
        if (whileCooling && Volatile.Read(ref _coolsUntil) != 0)
            Volatile.Write(ref _coolsUntil, 0);
        if (Volatile.Read(ref _missingUntil) != 0)
            Volatile.Write(ref _missingUntil, 0);
    }
}

/// <summary>All deployment states. Bounded: names that clients invent cannot grow it without end.</summary>
public sealed class DeploymentStates(int capacity = 10_000)
{
    private readonly ConcurrentDictionary<string, DeploymentState> _states = new(
        StringComparer.Ordinal
    );

    private readonly OutputLengths _lengths = new();

    /// <summary>How long answers usually are, of all deployments together.</summary>
    internal OutputLengths Lengths => _lengths;

    public IEnumerable<DeploymentState> All => _states.Values;

    private DeploymentState Make(string key) => new(key) { Lengths = _lengths };

    /// <summary>The state of <paramref name="provider"/>'s <paramref name="model"/>; past the bound a state that nobody shares.</summary>
    public DeploymentState Of(string provider, string model)
    {
        var key = provider + "/" + model;
        if (_states.TryGetValue(key, out var known))
            return known;
        return _states.Count >= capacity ? Make(key) : _states.GetOrAdd(key, Make);
    }
}
