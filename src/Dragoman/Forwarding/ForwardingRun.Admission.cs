using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Limits;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <content>What limits and budgets have to say of attempts, and of streams that outgrow what was set aside for them.</content>
internal sealed partial class ForwardingRun
{
    private async ValueTask<Admitted> AdmitAsync(Deployment deployment)
    {
        var asking = _forwarder.Admission.AdmitAsync(
            new AttemptPlan(_exchange, deployment, _totalDue, IsStream)
        );
        if (asking.IsCompletedSuccessfully)
            return asking.Result;
        BeginWait();
        try
        {
            return await _reply.KeepAliveWhile(asking.AsTask());
        }
        finally
        {
            EndWait();
        }
    }

    /// <summary>Asks for more before a stream outgrows its pass; the end of the attempt where there is none to be had.</summary>
    private async ValueTask<AttemptOutcome?> OutgrownAsync(
        Attempt attempt,
        AttemptPass pass,
        StreamTap tap
    )
    {
        var asking = pass.CoverAsync(tap.EstimatedTokens);
        AdmissionRefusal? refusal;
        if (asking.IsCompletedSuccessfully)
            refusal = asking.Result;
        else
        {
            // It is not the provider who is silent meanwhile.
            attempt.Clock.Pause();
            BeginWait();
            refusal = await asking;
            attempt.Clock.Touch(EndWait());
        }
        if (refusal is null)
            return null;
        if (_exchange.ClientGone.IsCancellationRequested)
            return AttemptOutcome.ClientGone;
        await FlushAsync(attempt);
        return new AttemptOutcome(OutcomeKind.OutOfBudget)
        {
            Status = attempt.Status,
            Refusal = refusal,
            Detail = refusal.Reason,
        };
    }

    /// <summary>
    /// Has the provider stop at once. Only a read that is pending breaks the connection when it is cancelled; a response that is let go of else
    /// is drained for two seconds, and paid for.
    /// </summary>
    private static async ValueTask BreakOffAsync(
        Attempt attempt,
        Stream upstream,
        StreamRelay relay
    )
    {
        try
        {
            while (true)
            {
                var reading = upstream.ReadAsync(relay.Room(), attempt.Clock.Token);
                if (!reading.IsCompleted)
                    attempt.Clock.Cancel();
                if (await reading == 0)
                    return;
            }
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // As it should be.
        }
    }

    /// <summary>Takes up the chain that a spent budget names in place of what was asked for; false where there is none, or none of it may serve this.</summary>
    private bool Downgrade()
    {
        if (
            _failures.Downgrade is not { } chain
            || _exchange.Snapshot.Find<NameResolver>() is not { } names
        )
            return false;
        var (decision, _) = names.Instead(NameBook.ChainPrefix + chain, _exchange, _decision);
        if (decision is null)
            return false;
        foreach (var left in decision.Excluded)
            _exchange.Log.Skip(left.Deployment, left.Reason);
        _exchange.Log.Reason = decision.Reason;
        _exchange.Log.Change("downgraded:" + NameBook.ChainPrefix + chain);
        _exchange.Set(decision);
        _decision = decision;
        _candidates = new Candidates(
            decision,
            _exchange,
            _affinity,
            _forwarder.Random,
            _time.GetUtcNow()
        );
        _translation = null;
        return true;
    }
}
