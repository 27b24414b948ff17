using Dragoman.Access;
using Dragoman.Exchanges;
using Dragoman.Limits.Rates;

namespace Dragoman.Limits;

/// <summary>Counts attempts under the limits that tell providers, models or deployments apart.</summary>
internal sealed class RateGate(RateTaker taker) : IAdmissionGate
{
    public bool Concerns(Exchange exchange) =>
        exchange.Snapshot.Find<LimitBook>() is { OfAttempts.Length: > 0 };

    public ValueTask<Admitted> AdmitAsync(AttemptPlan plan)
    {
        var (exchange, deployment) = (plan.Exchange, plan.Deployment);
        var lease = taker.Prepare(
            exchange.Snapshot.Get<LimitBook>().OfAttempts,
            ScopeFacts.Of(exchange, deployment),
            ExpectedTokens.Of(exchange, deployment.State.Lengths, deployment)
        );
        if (lease is null)
            return default;
        var taking = taker.TakeAsync(lease, exchange.ClientGone);
        return taking.IsCompletedSuccessfully
            ? new(Answer(taking.Result, lease))
            : WaitAsync(taking, lease);
    }

    private async ValueTask<Admitted> WaitAsync(ValueTask<RateRefusal?> taking, RateLease lease) =>
        Answer(await taking, lease);

    private Admitted Answer(RateRefusal? refusal, RateLease lease) =>
        refusal is null
            ? new Admitted(new RatePass(taker, lease), null)
            : new Admitted(
                null,
                new AdmissionRefusal(LimitErrors.Of(refusal), LimitErrors.Say(refusal))
            );

    private sealed class RatePass(RateTaker taker, RateLease lease) : AttemptPass
    {
        public override void Settle(in AttemptResult result) =>
            taker.End(lease, SpentTokens.Of(result, lease.Need));
    }
}
