using Dragoman.Access;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Limits.Rates;

namespace Dragoman.Limits;

/// <summary>Counts attempts under the limits that tell providers, models or deployments apart.</summary>
internal sealed class AttemptRates(RateTaker taker)
{
    /// <summary>
    /// Takes of all that apply, or of none. Neither a lease nor a refusal where none applies, which costs nothing; who gets a lease
    /// ends it with <see cref="EndAsync"/>, however the attempt ends.
    /// </summary>
    public ValueTask<AttemptTaking> TakeAsync(Exchange exchange, Deployment deployment)
    {
        if (exchange.Snapshot.Find<LimitBook>() is not { OfAttempts: { Length: > 0 } limits })
            return default;
        var lease = taker.Prepare(
            limits,
            ScopeFacts.Of(exchange, deployment),
            ExpectedTokens.Of(exchange, deployment.State.Lengths, deployment)
        );
        return lease is null ? default : TakeAsync(lease);
    }

    /// <summary>The attempt is over.</summary>
    /// <param name="lease">What it took.</param>
    /// <param name="attempt">Its record; null where it never began, and took nothing.</param>
    public ValueTask EndAsync(RateLease lease, AttemptRecord? attempt) =>
        taker.Store.EndAsync(
            lease,
            attempt is null ? RateNeed.None : SpentTokens.Of(attempt, lease.Need)
        );

    private ValueTask<AttemptTaking> TakeAsync(RateLease lease)
    {
        var taking = taker.Store.TakeAsync(lease);
        return taking.IsCompletedSuccessfully
            ? new(new AttemptTaking(lease, taking.Result))
            : WaitAsync(taking, lease);
    }

    private static async ValueTask<AttemptTaking> WaitAsync(
        ValueTask<RateRefusal?> taking,
        RateLease lease
    ) => new(lease, await taking);
}

/// <summary>What came of asking the limits of an attempt.</summary>
internal readonly struct AttemptTaking(RateLease? lease, RateRefusal? refusal)
{
    /// <summary>To be ended; null where no limit applies, and where one refused.</summary>
    public RateLease? Lease { get; } = refusal is null ? lease : null;

    /// <summary>Which limit has no room; null where all have.</summary>
    public RateRefusal? Refusal { get; } = refusal;
}
