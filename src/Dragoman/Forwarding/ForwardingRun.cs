using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Guardrails;
using Dragoman.Routing;
using Dragoman.Routing.Affinity;

namespace Dragoman.Forwarding;

/// <summary>One exchange on its way through its chain.</summary>
internal sealed partial class ForwardingRun
{
    private readonly Forwarder _forwarder;
    private readonly TimeProvider _time;
    private readonly Exchange _exchange;
    private readonly CacheAffinity? _affinity;
    private readonly Lifeline? _life;
    private readonly bool _isLimited;
    private RoutingDecision _decision;
    private Candidates _candidates;
    private readonly FailureReport _failures = new();
    private readonly StreamReply _reply;
    private readonly Recovery? _recovery;
    private readonly ExchangeGuardrails? _guardrails;
    private Translation? _translation;
    private TranslatedReply? _translated;
    private readonly long _totalDue;
    private int _attempts;
    private long _waitingSince;

    /// <summary>When the provider's last bytes came, as a timestamp.</summary>
    private long _arrived;

    public ForwardingRun(Forwarder forwarder, Exchange exchange, RoutingDecision decision)
    {
        (_forwarder, _time, _exchange, _decision) = (forwarder, forwarder.Time, exchange, decision);
        _life = exchange.Get<Caller>()?.Life;
        _affinity = exchange.Snapshot.Find<NameResolver>()?.Table.Affinity;
        _candidates = new Candidates(
            decision,
            exchange,
            _affinity,
            forwarder.Random,
            _time.GetUtcNow()
        );
        _reply = new StreamReply(exchange, _time);
        _recovery = Recovery.For(exchange, decision.Settings);
        // How many tokens a prompt is costs nothing.
        _isLimited =
            exchange.Operation != Operation.CountTokens && forwarder.Admission.Concerns(exchange);
        _guardrails = exchange.Get<ExchangeGuardrails>();
        var total = decision.Settings.Total ?? Deadlines.Total;
        _totalDue = exchange.StartTimestamp + _time.Ticks(total);
    }

    private bool IsStream => _reply.IsStream;

    /// <summary>Tries the chain until somebody answers or nobody is left.</summary>
    public async ValueTask RunAsync()
    {
        ReplyHeaders.SetCommon(_exchange, _decision);
        if (!await WalkAsync() || (Downgrade() && !await WalkAsync()))
            return;
        if (_attempts == 0 && _failures.SoonestRetry is not null && !await TryRestingAsync())
            return;
        if (_exchange.Operation == Operation.CountTokens && _failures.IsEmptyOrUnknown)
            await EstimateTokensAsync();
        else if (_attempts == 0 && _blocked is { } refused)
            await TellFailureAsync(refused);
        else
            await TellFailureAsync(Failure());
    }

    /// <summary>Asks one after the other. True where nobody answered, false where the exchange is over.</summary>
    private async ValueTask<bool> WalkAsync()
    {
        for (var i = 0; i < _candidates.Count; i++)
        {
            var deployment = _candidates[i];
            var now = _time.GetUtcNow();
            TimeSpan? rest = null;
            if (
                (
                    _candidates.CannotServe(deployment)
                    ?? _candidates.CostsTooMuch(deployment, _exchange.Log.Cost)
                    ?? Candidates.CannotTryNow(deployment, now, out rest)
                ) is
                { } reason
            )
            {
                _exchange.Log.Skip(deployment.PublicName, reason);
                if (rest is { } remaining)
                    _failures.Resting(remaining, deployment.State.IsCooling(now));
                continue;
            }
            if (!await TryAsync(deployment, _candidates.AnotherRemains(i, now, _exchange.Log.Cost)))
                return false;
            if (_decision.Settings.MaxAttempts <= _attempts || _time.GetTimestamp() >= _totalDue)
                break;
        }
        return true;
    }

    /// <summary>Attempts at one deployment. True where the chain goes on, false where the exchange is over.</summary>
    private async ValueTask<bool> TryAsync(Deployment deployment, bool anotherRemains)
    {
        if (await MustNotFetchAsync(deployment) || !TryGuard(deployment, out var guarded))
            return true;
        var speech = Speech.For(_exchange, deployment, NeedsOneWriter, guarded);
        ReadOnlyMemory<byte> written = default;
        if (speech.Translates)
        {
            // What no call of another dialect answers is estimated in the end.
            if (_exchange.Operation == Operation.CountTokens)
                return true;
            _translation ??= new Translation(_exchange);
            if (_translation.Error is { } wrong)
            {
                await TellFailureAsync(wrong);
                return false;
            }
            await ShortenAsync(deployment);
            var losses = new Losses();
            written = Write(deployment, speech, losses);
            if (Unfit(losses) is { } reason)
            {
                _exchange.Log.Skip(deployment.PublicName, reason);
                _failures.Unfit();
                return true;
            }
            foreach (var change in losses.Changes)
                _exchange.Log.Change(change);
            NameUnvalidated();
        }
        for (var attempt = 1; ; attempt++)
        {
            if (await IsCutAsync())
                return false;
            var (pass, refusal) = _isLimited ? await AdmitAsync(deployment) : default;
            if (refusal is not null)
            {
                _exchange.Log.Skip(deployment.PublicName, refusal.Reason);
                _failures.Refused(refusal);
                return true;
            }
            var key = TakeKey(deployment);
            if (key is null && !deployment.Provider.Keys.IsEmpty)
            {
                pass?.GiveBack();
                return true;
            }
            if (!deployment.State.Breaker.TryEnter(_time.GetUtcNow(), out var isProbe))
            {
                _exchange.Log.Skip(
                    deployment.PublicName,
                    "its circuit breaker is open after repeated failures"
                );
                pass?.GiveBack();
                return true;
            }
            var outcome = await AttemptAsync(
                deployment,
                speech,
                written,
                key,
                pass,
                anotherRemains,
                isProbe
            );
            switch (outcome.Kind)
            {
                case OutcomeKind.Success:
                    return false;
                case OutcomeKind.ClientGone when _life?.End is null:
                    _exchange.Log.Outcome = ExchangeOutcome.Cancelled;
                    return false;
                case OutcomeKind.Blocked:
                    await TellFailureAsync(_blocked!);
                    return false;
            }
            if (await IsCutAsync())
                return false;
            _failures.Add(deployment.PublicName, outcome);
            if (outcome.Committed)
            {
                if (outcome.CanBeCarriedOn)
                    return true;
                await _reply.BreakAsync(FailureReport.Of(outcome, deployment.PublicName));
                return false;
            }
            var verdict = Judge(deployment, outcome, attempt);
            if (_decision.Settings.MaxAttempts <= _attempts)
                return true;
            if (
                verdict.Move is NextMove.Retry or NextMove.NextKey
                && _candidates.CostsTooMuch(deployment, _exchange.Log.Cost) is { } tooMuch
            )
            {
                _exchange.Log.Skip(deployment.PublicName, tooMuch);
                return true;
            }
            switch (verdict.Move)
            {
                case NextMove.Retry when await WaitAsync(verdict.Delay):
                case NextMove.NextKey
                    when deployment.Provider.Keys.HasUsable(deployment.Model, _time.GetUtcNow()):
                    continue;
                case NextMove.NextKey when !_decision.Settings.FallbackOn.HasFlag(FallbackOn.Error):
                case NextMove.Stop:
                    await TellFailureAsync(Failure());
                    return false;
                case NextMove.LargerContext:
                    _candidates.RequireLargerContext(deployment);
                    return true;
                default:
                    return true;
            }
        }
    }

    /// <summary>True where the caller's key counts no longer, which the client was told then: what was asked with it ends with it.</summary>
    private async ValueTask<bool> IsCutAsync()
    {
        if (_life?.End is not { } reason)
            return false;
        await TellFailureAsync(reason);
        return true;
    }

    /// <summary>
    /// Everything that could serve rests. The first to come back is waited for if that is soon; else one call at a time asks
    /// whether it is back, and the others are told when to come again. True where nobody answered.
    /// </summary>
    private async ValueTask<bool> TryRestingAsync()
    {
        if (SoonestCooling() is not { } deployment)
            return true;
        var remaining = deployment.State.CoolsUntil - _time.GetUtcNow();
        if (remaining <= RetryRules.LongestWait)
        {
            if (
                !await WaitAsync(
                    remaining + TimeSpan.FromMilliseconds(250 * _forwarder.Random.NextDouble())
                )
            )
                return true;
            var now = _time.GetUtcNow();
            if (!deployment.State.IsCooling(now))
                return await TryAsync(deployment, false);
            // Who came back before us found it busy still.
            _failures.SoonestRetry = deployment.State.CoolsUntil - now;
            return true;
        }
        if (!deployment.State.TryProbe())
            return true;
        try
        {
            return await TryAsync(deployment, false);
        }
        finally
        {
            deployment.State.EndProbe();
        }
    }

    private Deployment? SoonestCooling()
    {
        var now = _time.GetUtcNow();
        Deployment? soonest = null;
        for (var i = 0; i < _candidates.Count; i++)
        {
            var deployment = _candidates[i];
            if (
                _candidates.CannotServe(deployment) is null
                && deployment.State.IsCooling(now)
                && (soonest is null || deployment.State.CoolsUntil < soonest.State.CoolsUntil)
            )
                soonest = deployment;
        }
        return soonest;
    }

    private KeyPool.PooledKey? TakeKey(Deployment deployment)
    {
        var (keys, now) = (deployment.Provider.Keys, _time.GetUtcNow());
        if (keys.IsEmpty)
            return null;
        var key = keys.Take(
            deployment.Model,
            now,
            _candidates.Holder is { } holder && holder.Deployment == deployment.PublicName
                ? holder.Key
                : null
        );
        return key is null || keys.Count == 1
            ? key
            : Headroom.Better(key, deployment, _exchange, now);
    }

    /// <summary>What the outcome means for this deployment from now on, and for this exchange next.</summary>
    private Verdict Judge(Deployment deployment, AttemptOutcome outcome, int attempt)
    {
        var state = deployment.State;
        var verdict = RetryRules.Decide(
            outcome,
            attempt,
            _decision.Settings,
            state.SilentRateLimits + 1,
            _forwarder.Random.NextDouble()
        );
        var rest =
            verdict.Cool
            ?? (
                verdict.Move == NextMove.Retry && outcome.RetryAfter is not null
                    ? verdict.Delay
                    : null
            );
        if (rest is not { } cooling)
            return verdict;
        var now = _time.GetUtcNow();
        if (outcome is { Kind: OutcomeKind.RateLimited, RetryAfter: null })
        {
            // Of many that are refused at once one counts, or a single burst would cool for the longest time.
            if (!state.IsCooling(now))
            {
                state.CountSilentRateLimit();
                state.Cool(now + cooling);
            }
        }
        else
        {
            state.Cool(now + cooling);
        }
        if (verdict.Cool is not null)
            _failures.Resting(state.CoolsUntil - now, isLimited: true);
        return verdict;
    }

    /// <summary>Waits before a retry; false where the exchange would be over by then.</summary>
    private async ValueTask<bool> WaitAsync(TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
            return true;
        if (_time.GetTimestamp() + _time.Ticks(delay) >= _totalDue)
            return false;
        BeginWait();
        await _reply.KeepAliveWhile(Delay(delay));
        EndWait();
        return true;
    }

    private async Task<bool> Delay(TimeSpan delay)
    {
        await Task.Delay(delay, _time, _exchange.ClientGone);
        return true;
    }

    private async ValueTask TellFailureAsync(GatewayError error)
    {
        if (_reply.Started)
        {
            await _reply.BreakAsync(error);
            return;
        }
        ReplyHeaders.SetOutcome(_exchange, answeredBy: null, _attempts, Overhead(), cost: null);
        await ErrorReply.SendAsync(_exchange, error);
    }

    private GatewayError Failure() =>
        _failures.ToError(_decision.Route, _exchange.Log.Skipped, WhoCould);

    private TimeSpan Overhead()
    {
        var spent = _time.GetTimestamp() - _exchange.StartTimestamp - _exchange.Log.WaitedTicks;
        return _time.GetElapsedTime(0, Math.Max(0, spent));
    }
}
