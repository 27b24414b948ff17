using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Limits;

namespace Dragoman.Forwarding;

/// <summary>Chooses, of all that went wrong in an exchange, what the client is told.</summary>
internal sealed class FailureReport
{
    private AttemptOutcome? _best;
    private string? _bestDeployment;
    private bool _isLimited;
    private int _unfit;
    private AdmissionRefusal? _refusal;

    /// <summary>Nobody was asked, or those who were do not know such a call.</summary>
    public bool IsEmptyOrUnknown =>
        _best is null or { Kind: OutcomeKind.NotFound } || _best.Status is 405 or 501;

    /// <summary>Notes a deployment that cannot say what the request asks for.</summary>
    public void Unfit() => _unfit++;

    /// <summary>The chain to go on with, as who refused first wants it; null where nobody did, or where somebody was asked.</summary>
    public string? Downgrade => _best is null ? _refusal?.Downgrade : null;

    /// <summary>Notes that a limit or budget let no attempt pass; of several the one that names a way on is kept, else the one that frees first.</summary>
    public void Refused(AdmissionRefusal refusal)
    {
        if (
            _refusal is null
            || (_refusal.Downgrade is null && refusal.Downgrade is not null)
            || (
                _refusal.Downgrade is null
                && refusal.Error.RetryAfter < (_refusal.Error.RetryAfter ?? TimeSpan.MaxValue)
            )
        )
            _refusal = refusal;
    }

    /// <summary>The soonest time at which a resting deployment is worth another try.</summary>
    public TimeSpan? SoonestRetry { get; set; }

    /// <summary>Notes a failed attempt; the most telling one is kept, the earlier of two equals.</summary>
    public void Add(string deployment, AttemptOutcome outcome)
    {
        if (_best is not null && Rank(outcome) <= Rank(_best))
            return;
        (_best, _bestDeployment) = (outcome, deployment);
    }

    /// <summary>Notes that a deployment rests for <paramref name="remaining"/>, because it is limited or because it fails.</summary>
    public void Resting(TimeSpan remaining, bool isLimited)
    {
        _isLimited |= isLimited;
        if (SoonestRetry is null || remaining < SoonestRetry)
            SoonestRetry = remaining;
    }

    /// <summary>What the client is told.</summary>
    /// <param name="route">The name it asked for.</param>
    /// <param name="skipped">Who was not asked, and why.</param>
    /// <param name="whoCould">Says which other deployments could carry what those that were skipped cannot; asked only where that is the reason.</param>
    public GatewayError ToError(
        string route,
        IReadOnlyList<SkipRecord> skipped,
        Func<IReadOnlyList<string>> whoCould
    ) =>
        _best is not { } outcome
            ? _refusal is null
                ? NobodyTried(route, skipped, whoCould)
                : SoonestRetry < _refusal.Error.RetryAfter
                    ? _refusal.Error with
                    {
                        RetryAfter = SoonestRetry,
                    }
                    : _refusal.Error
            : Of(outcome, _bestDeployment!) is { Kind: GatewayErrorKind.RateLimited } limited
                ? limited with
                {
                    RetryAfter = SoonestRetry ?? limited.RetryAfter,
                }
                : Of(outcome, _bestDeployment!);

    /// <summary>What a client would be told if this outcome were all there is.</summary>
    public static GatewayError Of(AttemptOutcome outcome, string deployment)
    {
        if (outcome.Refusal is { } refusal)
            return refusal.Error;
        var said = outcome.Error?.Message ?? outcome.Detail;
        var message = said is null ? $"{deployment}: {outcome.Word.Replace('_', ' ')}." : said;
        var error = new GatewayError(KindOf(outcome.Kind), message)
        {
            Code = outcome.Error?.Code,
            Type = outcome.Error?.Type,
            Param = outcome.Error?.Param,
            UpstreamBody = outcome.Body,
            RetryAfter = outcome.RetryAfter,
        };
        switch (outcome.Kind)
        {
            case OutcomeKind.PaymentRequired:
                return new GatewayError(
                    GatewayErrorKind.Upstream,
                    $"{deployment} wants the gateway's own account to be paid for (HTTP {outcome.Status}). The gateway's operator must look at that provider's balance."
                )
                {
                    Code = "upstream_authentication",
                };
            case OutcomeKind.Unauthorized or OutcomeKind.Forbidden:
                // Relayed, it would read as if the client's own key were wrong; and providers quote parts of the key.
                return new GatewayError(
                    GatewayErrorKind.Upstream,
                    $"{deployment} refused the gateway's own credential (HTTP {outcome.Status}). The gateway's operator must look at that provider's key."
                )
                {
                    Code = "upstream_authentication",
                };
            case OutcomeKind.ServerError:
                return error with
                {
                    StatusOverride =
                        outcome.Status is 500 or 502 or 503 or 504 ? outcome.Status
                        : outcome.Status == 408 ? 504
                        : 503,
                };
            case OutcomeKind.InvalidRequest
            or OutcomeKind.ContextLength
            or OutcomeKind.ContentFilter when outcome.Status is { } status:
                // Gemini tells an overflow with 429 too, which bids clients try the same again.
                return error with
                {
                    StatusOverride = status is >= 400 and < 500 and not 429 ? status : 400,
                    // A code that only repeats a status (Google's, OpenRouter's) hides the word for it.
                    Code =
                        outcome.Kind != OutcomeKind.InvalidRequest
                        && error.Code?.All(char.IsAsciiDigit) == true
                            ? null
                            : error.Code,
                };
            case OutcomeKind.InvalidRequest
            or OutcomeKind.ContextLength
            or OutcomeKind.ContentFilter
            or OutcomeKind.RateLimited
            or OutcomeKind.Quota
            or OutcomeKind.NotFound:
                return error;
            default:
                return error with
                {
                    Message =
                        $"{deployment}: {(said ?? outcome.Word.Replace('_', ' ')).TrimEnd('.')}.",
                    Code = outcome.Error?.Code ?? outcome.Word,
                };
        }
    }

    private GatewayError NobodyTried(
        string route,
        IReadOnlyList<SkipRecord> skipped,
        Func<IReadOnlyList<string>> whoCould
    )
    {
        // One that rested may have been found unfit when it was asked all the same: its last reason is the one that stays.
        var last = skipped.Reverse().DistinctBy(static skip => skip.Deployment).Reverse().ToList();
        var reasons = string.Join(
            "; ",
            last.Select(static skip => $"{skip.Deployment}: {skip.Reason}")
        );
        if (_unfit > 0 && _unfit == last.Count)
            return new GatewayError(
                GatewayErrorKind.InvalidRequest,
                $"No deployment of '{route}' can carry what this request asks for ({reasons})."
                    + (
                        whoCould() is { Count: > 0 } others
                            ? $" These could: {string.Join(", ", others)}."
                            : ""
                    )
            )
            {
                Code = "not_carried",
            };
        if (SoonestRetry is { } wait)
            return new GatewayError(
                _isLimited ? GatewayErrorKind.RateLimited : GatewayErrorKind.Unavailable,
                $"Every deployment of '{route}' is resting ({reasons})."
            )
            {
                Code = "deployments_resting",
                RetryAfter = wait,
            };
        return new GatewayError(
            GatewayErrorKind.Unavailable,
            $"No deployment of '{route}' can take this request ({reasons})."
        )
        {
            Code = "no_deployment",
        };
    }

    /// <summary>What the client can act on is worth more than what only happened to us.</summary>
    private static int Rank(AttemptOutcome outcome) =>
        outcome.Kind switch
        {
            OutcomeKind.ContextLength
            or OutcomeKind.ContentFilter
            or OutcomeKind.InvalidRequest
            or OutcomeKind.OutOfBudget
            or OutcomeKind.RefusesStreamOptions => 6,
            OutcomeKind.RateLimited or OutcomeKind.Quota => 5,
            OutcomeKind.NotFound => 4,
            OutcomeKind.SchemaMismatch => 3,
            OutcomeKind.ServerError
            or OutcomeKind.ErrorInAnswer when outcome.Error?.Message is not null => 3,
            OutcomeKind.Unauthorized or OutcomeKind.PaymentRequired or OutcomeKind.Forbidden => 2,
            _ when outcome.Status is not null => 1,
            _ => 0,
        };

    private static GatewayErrorKind KindOf(OutcomeKind kind) =>
        kind switch
        {
            OutcomeKind.InvalidRequest or OutcomeKind.RefusesStreamOptions =>
                GatewayErrorKind.InvalidRequest,
            OutcomeKind.ContextLength => GatewayErrorKind.ContextLength,
            OutcomeKind.ContentFilter => GatewayErrorKind.ContentFilter,
            OutcomeKind.RateLimited or OutcomeKind.Quota => GatewayErrorKind.RateLimited,
            OutcomeKind.NotFound => GatewayErrorKind.NotFound,
            OutcomeKind.Offline => GatewayErrorKind.Unavailable,
            OutcomeKind.ConnectTimeout
            or OutcomeKind.FirstContentTimeout
            or OutcomeKind.IdleTimeout
            or OutcomeKind.AttemptTimeout
            or OutcomeKind.TotalTimeout => GatewayErrorKind.Timeout,
            _ => GatewayErrorKind.Upstream,
        };
}
