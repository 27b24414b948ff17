using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <summary>What to do after a failed attempt, before any content reached the client.</summary>
internal enum NextMove
{
    /// <summary>Nothing more: tell the client.</summary>
    Stop,

    /// <summary>The same deployment once more, after <see cref="Verdict.Delay"/>.</summary>
    Retry,

    /// <summary>The same deployment with another key, at once.</summary>
    NextKey,

    /// <summary>The next deployment of the chain.</summary>
    NextDeployment,

    /// <summary>The next deployment whose context is larger.</summary>
    LargerContext,
}

/// <summary>A move, how long to wait before it, and how long to leave the deployment alone.</summary>
internal readonly record struct Verdict(
    NextMove Move,
    TimeSpan Delay = default,
    TimeSpan? Cool = null
);

/// <summary>The rules of retry and fallback: a table, without state and without a clock.</summary>
internal static class RetryRules
{
    /// <summary>Attempts at one deployment within one exchange, whatever the settings say.</summary>
    public const int MaxAttemptsPerDeployment = 2;

    /// <summary>The longest <c>Retry-After</c> that is waited for; a longer one cools the deployment.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>A provider cannot cool a deployment for longer than this by one answer.</summary>
    public static readonly TimeSpan LongestCooling = TimeSpan.FromHours(1);

    private static readonly TimeSpan BaseBackoff = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestSilentCooling = TimeSpan.FromSeconds(30);

    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="attempt">Which attempt at this deployment it was: 1 or 2.</param>
    /// <param name="settings">The route's settings.</param>
    /// <param name="silentRateLimits">How many rate limits without a time this deployment gave in a row.</param>
    /// <param name="jitter">From 0 to 1.</param>
    public static Verdict Decide(
        AttemptOutcome outcome,
        int attempt,
        ForwardingSettings settings,
        int silentRateLimits,
        double jitter
    )
    {
        var mayRetry = attempt < Math.Min(1 + settings.Retries, MaxAttemptsPerDeployment);
        var mayTryKey = attempt < MaxAttemptsPerDeployment;
        switch (outcome.Kind)
        {
            case OutcomeKind.ServerError
            or OutcomeKind.Reset
            or OutcomeKind.ConnectFailed
            or OutcomeKind.Malformed
            or OutcomeKind.Empty
            or OutcomeKind.ErrorInAnswer:
                if (outcome.RetryAfter is { } asked)
                    return Asked(asked, mayRetry, settings, FallbackOn.Error);
                return mayRetry
                    ? new Verdict(NextMove.Retry, Backoff(jitter))
                    : Fall(settings, FallbackOn.Error);

            case OutcomeKind.RateLimited:
                if (outcome.RetryAfter is { } wait)
                    return Asked(wait, mayRetry, settings, FallbackOn.RateLimit);
                return mayRetry
                    ? new Verdict(NextMove.Retry, Backoff(jitter) * 2)
                    : Fall(settings, FallbackOn.RateLimit) with
                    {
                        Cool = SilentCooling(silentRateLimits),
                    };

            // The model may do better at once: it was neither busy nor failing.
            case OutcomeKind.SchemaMismatch:
                return mayRetry ? new Verdict(NextMove.Retry) : Fall(settings, FallbackOn.Error);

            case OutcomeKind.RefusesStreamOptions:
                return mayTryKey ? new Verdict(NextMove.Retry) : new Verdict(NextMove.Stop);

            case OutcomeKind.Unauthorized
            or OutcomeKind.PaymentRequired
            or OutcomeKind.Quota
            or OutcomeKind.Forbidden:
                return mayTryKey ? new Verdict(NextMove.NextKey) : Fall(settings, FallbackOn.Error);

            case OutcomeKind.ConnectTimeout
            or OutcomeKind.FirstContentTimeout
            or OutcomeKind.IdleTimeout
            or OutcomeKind.AttemptTimeout:
                return Fall(settings, FallbackOn.Timeout);

            case OutcomeKind.NotFound
            or OutcomeKind.Redirected
            or OutcomeKind.TooLarge
            or OutcomeKind.Offline:
                return Fall(settings, FallbackOn.Error);

            case OutcomeKind.ContextLength:
                return new Verdict(NextMove.LargerContext);

            case OutcomeKind.ContentFilter:
                return Fall(settings, FallbackOn.ContentFilter);

            default:
                return new Verdict(NextMove.Stop);
        }
    }

    /// <summary>The provider named a time: a short one is waited for, a longer one cools the deployment.</summary>
    private static Verdict Asked(
        TimeSpan wait,
        bool mayRetry,
        ForwardingSettings settings,
        FallbackOn on
    )
    {
        if (wait < TimeSpan.Zero)
            wait = TimeSpan.Zero;
        return mayRetry && wait <= LongestWait
            ? new Verdict(NextMove.Retry, wait)
            : Fall(settings, on) with
            {
                Cool = wait < LongestCooling ? wait : LongestCooling,
            };
    }

    private static Verdict Fall(ForwardingSettings settings, FallbackOn on) =>
        new(settings.FallbackOn.HasFlag(on) ? NextMove.NextDeployment : NextMove.Stop);

    private static TimeSpan Backoff(double jitter) => BaseBackoff * (0.5 + jitter);

    /// <summary>2, 4, 8 … seconds.</summary>
    private static TimeSpan SilentCooling(int inARow)
    {
        var cooling = TimeSpan.FromSeconds(Math.Pow(2, Math.Clamp(inARow, 1, 5)));
        return cooling < LongestSilentCooling ? cooling : LongestSilentCooling;
    }
}
