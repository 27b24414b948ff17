namespace Dragoman.Catalog;

/// <summary>
/// How a deployment does of late: how fast it answers, how often it fails, how much it is doing, and how much its provider says is
/// left. Averages start from the catalog and forget by half each five minutes, so that an old bad spell is not held against it.
/// Thread-safe; one for all exchanges, kept over reloads. Nothing is allocated to feed it.
/// </summary>
public sealed class DeploymentFigures
{
    /// <summary>Answers that the catalog's figures count as.</summary>
    private const double PriorWeight = 3;

    /// <summary>Attempts that are taken to have gone well before any was seen: one failure is not yet a habit.</summary>
    private const double AssumedGood = 2;

    /// <summary>Answers shorter than this say how soon a model begins, and not how fast it goes on.</summary>
    private const long FewTokens = 8;

    /// <summary>Of an unstreamed answer by a model that nobody has timed yet: how much of its time went by before the first token. A guess.</summary>
    private const double GuessedFirstShare = 0.2;

    /// <summary>What a failure counts as at the least, to whoever asks how long one waits here.</summary>
    private static readonly TimeSpan SlowAsFailure = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private DecayingMean _first;
    private DecayingMean _perToken;
    private DecayingMean _failed;
    private PeakAverage _peak;
    private RateAllowances _allowances;
    private int _inFlight;
    private bool _isTold;

    /// <summary>Attempts that are under way, streams to their end.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>How fast it is: what was thought before together with what was seen of late; null where nothing is known.</summary>
    /// <param name="prior">What is thought before its answers are seen; itself where none were seen of late.</param>
    /// <param name="now">The time.</param>
    public StartingLatency? Latency(StartingLatency? prior, DateTimeOffset now)
    {
        double? first,
            perToken;
        lock (_lock)
        {
            if (_first.WeightAt(now.UtcTicks) == 0 && _perToken.WeightAt(now.UtcTicks) == 0)
                return prior;
            (first, perToken) = Known(prior, now.UtcTicks);
        }
        return new StartingLatency
        {
            TimeToFirstToken = first is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            TokensPerSecond = perToken is > 0 and { } each ? 1 / each : null,
            IsOfThisProvider = true,
        };
    }

    /// <summary>The part of its attempts that failed of late, two good ones taken for granted; null where there were none.</summary>
    public double? ErrorShare(DateTimeOffset now)
    {
        lock (_lock)
            return _failed.WeightAt(now.UtcTicks) == 0
                ? null
                : _failed.With(0, AssumedGood, now.UtcTicks);
    }

    /// <summary>How much of what the provider allows is left, 0 to 1, by its headers; null where it said nothing of late.</summary>
    public double? Headroom(DateTimeOffset now)
    {
        lock (_lock)
            return _allowances.Left(now.UtcTicks);
    }

    /// <summary>How long one has to be prepared to wait for its first token: quick to rise, slow to fall, failures counting as slow; null where nothing is known.</summary>
    internal TimeSpan? PeakWait(StartingLatency? prior, DateTimeOffset now)
    {
        lock (_lock)
        {
            var usual = Known(prior, now.UtcTicks).First;
            return _peak.Of(usual, now.UtcTicks) is { } seconds
                ? TimeSpan.FromSeconds(seconds)
                : null;
        }
    }

    /// <summary>An attempt begins; <see cref="End"/> follows.</summary>
    internal void Begin() => Interlocked.Increment(ref _inFlight);

    internal void End() => Interlocked.Decrement(ref _inFlight);

    /// <summary>It answered.</summary>
    /// <param name="first">Until the first content; null where it was not streamed.</param>
    /// <param name="whole">Until the end.</param>
    /// <param name="tokens">Of the answer, thoughts included; null is unknown.</param>
    /// <param name="prior">How fast it is thought to be.</param>
    /// <param name="now">The time.</param>
    internal void Answered(
        TimeSpan? first,
        TimeSpan whole,
        long? tokens,
        StartingLatency? prior,
        DateTimeOffset now
    )
    {
        var at = now.UtcTicks;
        lock (_lock)
        {
            _failed.Add(0, at);
            var (begun, each) = first is { } seen
                ? (seen.TotalSeconds, EachOf(whole - seen, tokens))
                : Split(whole.TotalSeconds, tokens, Known(prior, at));
            if (begun is { } seconds)
            {
                _first.Add(seconds, at);
                _peak.Add(seconds, at);
            }
            if (each is { } perToken)
                _perToken.Add(perToken, at);
        }
    }

    /// <summary>It failed, or said that it is busy.</summary>
    internal void Failed(TimeSpan whole, DateTimeOffset now)
    {
        lock (_lock)
        {
            _failed.Add(1, now.UtcTicks);
            _peak.Add(Math.Max(whole.TotalSeconds, SlowAsFailure.TotalSeconds), now.UtcTicks);
        }
    }

    /// <summary>Its provider said how much is left.</summary>
    /// <param name="key">The key's place in its pool.</param>
    /// <param name="allowance">What was said.</param>
    /// <param name="now">The time.</param>
    /// <param name="mark">Where the key stood when the attempt began; none is now.</param>
    internal void Told(
        int key,
        in RateAllowance allowance,
        DateTimeOffset now,
        AllowanceMark mark = default
    )
    {
        lock (_lock)
            _allowances.Set(key, allowance, mark, now.UtcTicks);
        Volatile.Write(ref _isTold, true);
    }

    /// <summary>Its provider has said how much is left, once at least: where none ever did there is nothing to reckon.</summary>
    internal bool IsTold => Volatile.Read(ref _isTold);

    /// <summary>An attempt takes of what the provider said is left.</summary>
    internal AllowanceMark Take(int key, long tokens)
    {
        lock (_lock)
            return _allowances.Begin(key, tokens);
    }

    /// <summary>
    /// Why the provider would likely refuse one more request of that size, by what it said is left and what was sent since; null
    /// where it would take it, or where nothing is known. Of several keys one with room is enough.
    /// </summary>
    /// <param name="keys">The provider's keys.</param>
    /// <param name="model">The model.</param>
    /// <param name="input">Tokens of the prompt.</param>
    /// <param name="output">Tokens of the answer.</param>
    /// <param name="now">The time.</param>
    internal string? NoRoom(KeyPool keys, string model, long input, long output, DateTimeOffset now)
    {
        string? lack = null;
        lock (_lock)
        {
            if (keys.IsEmpty)
                return _allowances.Lack(0, input, output, now.UtcTicks);
            foreach (var key in keys.All)
            {
                if (!key.IsUsable(model, now))
                    continue;
                lack = _allowances.Lack(key.Index, input, output, now.UtcTicks);
                if (lack is null)
                    return null;
            }
        }
        return lack;
    }

    /// <summary>The key to take in place of <paramref name="taken"/>, which its provider would likely refuse; itself where it would not, or where none is better.</summary>
    internal KeyPool.PooledKey WithRoom(
        KeyPool.PooledKey taken,
        KeyPool keys,
        string model,
        long input,
        long output,
        DateTimeOffset now
    )
    {
        lock (_lock)
        {
            if (_allowances.Lack(taken.Index, input, output, now.UtcTicks) is null)
                return taken;
            foreach (var key in keys.All)
                if (
                    key.IsUsable(model, now)
                    && _allowances.Lack(key.Index, input, output, now.UtcTicks) is null
                )
                    return key;
        }
        return taken;
    }

    private readonly record struct Times(double? First, double? PerToken);

    private Times Known(StartingLatency? prior, long now) =>
        new(
            _first.With(prior?.TimeToFirstToken?.TotalSeconds, PriorWeight, now),
            _perToken.With(
                prior?.TokensPerSecond is > 0 and { } speed ? 1 / speed : null,
                PriorWeight,
                now
            )
        );

    private static double? EachOf(TimeSpan flow, long? tokens) =>
        tokens is >= FewTokens and { } many && flow > TimeSpan.Zero
            ? flow.TotalSeconds / many
            : null;

    /// <summary>The time of an answer that came whole, parted as the time of others was.</summary>
    private static (double? First, double? PerToken) Split(double whole, long? tokens, Times known)
    {
        if (tokens is not > 0 || tokens is not { } many)
            return (null, null);
        if (
            known is { First: { } first, PerToken: { } each }
            && first + many * each is > 0 and var usual
        )
            return (first * whole / usual, many < FewTokens ? null : each * whole / usual);
        return many < FewTokens
            ? (whole, null)
            : (whole * GuessedFirstShare, whole * (1 - GuessedFirstShare) / many);
    }
}
