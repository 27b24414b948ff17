namespace Dragoman.Catalog;

/// <summary>Whether a provider answers, as its traffic and probes tell. One for all exchanges, kept over reloads; thread-safe.</summary>
public sealed class ProviderHealth
{
    /// <summary>So many failures of its own in a row, and it counts as down: a model may fail where its provider does not.</summary>
    internal const int FailuresInARow = 3;

    /// <summary>What happened so long ago counts half.</summary>
    private static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private bool? _isAvailable;
    private DateTimeOffset? _since;
    private DateTimeOffset? _lastCheckedAt;
    private DateTimeOffset? _lastUsedAt;
    private TimeSpan? _latency;
    private ProviderTrouble? _lastTrouble;
    private int _failures;
    private double _good;
    private double _bad;
    private DateTimeOffset _weighedAt;

    /// <summary>Everything that is known, as it stands now.</summary>
    public ProviderHealthView View(DateTimeOffset now)
    {
        lock (_lock)
        {
            Age(now);
            return new ProviderHealthView(
                _isAvailable,
                _since,
                _lastCheckedAt,
                _lastUsedAt,
                _latency,
                _lastTrouble,
                _good + _bad > 0 ? (_good + 1) / (_good + _bad + 1) : null
            );
        }
    }

    /// <summary>Nobody asked it yet, be it to see whether it answers.</summary>
    public bool IsUnchecked
    {
        get
        {
            lock (_lock)
                return _lastCheckedAt is null;
        }
    }

    /// <summary>
    /// It was last checked <paramref name="ago"/> or longer, and was called since; or it is down by what may pass by itself, and
    /// nobody would call it until it is seen to be back.
    /// </summary>
    public bool IsDue(DateTimeOffset now, TimeSpan ago)
    {
        lock (_lock)
            return _lastCheckedAt is { } last
                && now - last >= ago
                && (_lastUsedAt > last || (_isAvailable is false && MayPass(_lastTrouble)));
    }

    /// <summary>A call brought an answer.</summary>
    internal void Answered(DateTimeOffset now)
    {
        lock (_lock)
        {
            _lastUsedAt = now;
            Count(good: 1, bad: 0, now);
            Turn(available: true, now);
        }
    }

    /// <summary>A call brought a refusal that is the client's own fault: it is there.</summary>
    internal void Refused(DateTimeOffset now)
    {
        lock (_lock)
        {
            _lastUsedAt = now;
            Turn(available: true, now);
        }
    }

    /// <summary>A call failed.</summary>
    /// <param name="trouble">How.</param>
    /// <param name="weight">How much of a failure it counts as.</param>
    /// <param name="isDown">True where this alone says that it cannot be called; null where it takes <see cref="FailuresInARow"/>; false where not even many do.</param>
    internal void Failed(ProviderTrouble trouble, double weight, bool? isDown)
    {
        lock (_lock)
        {
            _lastUsedAt = trouble.At;
            _lastTrouble = trouble;
            Count(good: 0, weight, trouble.At);
            if (isDown is null)
                _failures++;
            if (isDown is true || _failures >= FailuresInARow)
                Turn(available: false, trouble.At);
        }
    }

    /// <summary>A probe ended.</summary>
    /// <param name="now">When.</param>
    /// <param name="latency">How long it took; null where nothing answered.</param>
    /// <param name="trouble">What was wrong; null where it answered well.</param>
    /// <param name="available">Whether it can be called; null where the probe does not tell.</param>
    internal void Probed(
        DateTimeOffset now,
        TimeSpan? latency,
        ProviderTrouble? trouble,
        bool? available
    )
    {
        lock (_lock)
        {
            (_lastCheckedAt, _latency) = (now, latency);
            _lastTrouble = trouble ?? _lastTrouble;
            if (available is not { } known)
                return;
            Count(known ? 1 : 0, known ? 0 : 1, now);
            Turn(known, now);
        }
    }

    private static bool MayPass(ProviderTrouble? trouble) =>
        trouble?.Kind is TroubleKind.Unreachable or TroubleKind.Timeout or TroubleKind.Upstream;

    private void Turn(bool available, DateTimeOffset now)
    {
        if (available)
            _failures = 0;
        if (_isAvailable == available)
            return;
        (_isAvailable, _since) = (available, now);
    }

    private void Count(double good, double bad, DateTimeOffset now)
    {
        Age(now);
        _good += good;
        _bad += bad;
    }

    private void Age(DateTimeOffset now)
    {
        var age = now - _weighedAt;
        if (age <= TimeSpan.Zero)
            return;
        var half = Math.Pow(0.5, age / HalfLife);
        (_good, _bad, _weighedAt) = (_good * half, _bad * half, now);
        // Too little to say anything by.
        if (_good + _bad < 0.01)
            (_good, _bad) = (0, 0);
    }
}

/// <summary>What is known of a provider's health at one moment; null is what is not known.</summary>
/// <param name="IsAvailable">It can be called.</param>
/// <param name="Since">When that began.</param>
/// <param name="LastCheckedAt">When it was last probed.</param>
/// <param name="LastUsedAt">When an attempt last ended there.</param>
/// <param name="Latency">How long the last probe took.</param>
/// <param name="LastTrouble">What last went wrong, be it over.</param>
/// <param name="Share">Of what it was asked lately, the part that went well: 0 to 1.</param>
public sealed record ProviderHealthView(
    bool? IsAvailable,
    DateTimeOffset? Since,
    DateTimeOffset? LastCheckedAt,
    DateTimeOffset? LastUsedAt,
    TimeSpan? Latency,
    ProviderTrouble? LastTrouble,
    double? Share
);

/// <summary>Something that went wrong with a provider.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Message">In words; never with a key.</param>
/// <param name="Status">The HTTP status; null where none came.</param>
/// <param name="At">When.</param>
public sealed record ProviderTrouble(
    TroubleKind Kind,
    string Message,
    int? Status,
    DateTimeOffset At
);

/// <summary>Kinds of trouble with a provider; in snake case the words of the API.</summary>
public enum TroubleKind
{
    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>It failed: a server error, a broken or senseless answer.</summary>
    Upstream,

    /// <summary>It is limited, or wants to be asked less.</summary>
    RateLimited,

    /// <summary>The key is wrong.</summary>
    Authentication,

    /// <summary>The account wants to be paid for, or is used up.</summary>
    Payment,

    /// <summary>The key may not do this.</summary>
    Permission,

    /// <summary>There is no such address or model.</summary>
    NotFound,
}
