using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Guardrails;
using Dragoman.Guardrails.Text;

namespace Dragoman.Forwarding;

/// <content>Guardrails for who is asked: what goes there, and what comes back.</content>
internal sealed partial class ForwardingRun
{
    /// <summary>Why a guardrail ends the exchange, or would have a deployment asked about it.</summary>
    private GatewayError? _blocked;

    /// <summary>False where the request may not go to this deployment. <paramref name="guarded"/>: it, or its answer, may have to be written anew.</summary>
    private bool TryGuard(Deployment deployment, out bool guarded)
    {
        guarded = false;
        if (_guardrails is null || _exchange.Operation != Operation.Chat)
            return true;
        guarded = _guardrails.SeeOutputOf(deployment);
        if (!_guardrails.SeeInputOf(deployment))
        {
            if (_translation is not null)
                _translation.Guarded = null;
            return true;
        }
        _translation ??= new Translation(_exchange);
        _translation.Guarded = null;
        // What is wrong with the request is told by who must write it.
        guarded = true;
        if (_translation.Error is not null)
            return true;
        var (request, refusal) = _guardrails.Guard(_translation.Chat!, deployment);
        if (refusal is not null)
        {
            _blocked = refusal;
            _exchange.Log.Skip(deployment.PublicName, refusal.Message);
            _failures.Unfit();
            return false;
        }
        if (!ReferenceEquals(request, _translation.Chat))
            _translation.Guarded = request;
        return true;
    }

    /// <summary>
    /// A server in the house would fetch an image or file from an address whose name leads into the house. One outside fetches
    /// from where it is, so that names are looked up for nobody else.
    /// </summary>
    private async ValueTask<bool> MustNotFetchAsync(Deployment deployment)
    {
        if (
            !deployment.Local
            || _exchange.Get<FetchedHosts>() is not { } hosts
            || _forwarder.Http.Door.IsShut
            || await hosts.WhyNotAsync(_forwarder.Http.Door.LookUp, _exchange.ClientGone)
                is not { } reason
        )
            return false;
        _exchange.Log.Skip(
            deployment.PublicName,
            "it would fetch from an address in the request, and " + reason
        );
        _failures.Unfit();
        return true;
    }

    /// <summary>A whole answer as the client may have it; null where it may not have it.</summary>
    private ChatReply? Guard(ChatReply reply, Attempt attempt)
    {
        if (_guardrails?.SeeOutputOf(attempt.Deployment) is not true)
            return reply;
        var counts = new FindingCounts();
        var guarded = ReplyTexts.Guard(
            reply,
            _guardrails.OutputRules(attempt.Deployment),
            counts,
            out var blockedBy
        );
        _guardrails.NoteOutput(counts);
        if (blockedBy is not null)
            _blocked = GuardrailErrors.OfOutput(blockedBy.Guardrail, blockedBy.Shape.Kind);
        return guarded;
    }

    /// <summary>A guardrail ended the answer: the provider has given it, and is paid for what it told.</summary>
    private static AttemptOutcome Blocked(Attempt attempt, GatewayError reason) =>
        new(OutcomeKind.Blocked) { Status = attempt.Status, Detail = reason.Message };
}
