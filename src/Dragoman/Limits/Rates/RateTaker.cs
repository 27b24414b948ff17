using Dragoman.Access;

namespace Dragoman.Limits.Rates;

/// <summary>Takes of all limits that apply to a call. Where none does, nothing is allocated and nobody is asked.</summary>
internal sealed class RateTaker(IRateLimitStore store, TimeProvider time)
{
    /// <summary>
    /// A client that has read the end of its answer may ask again before we have noticed that end: who finds no room among those
    /// that run at once looks again a few times before it is refused.
    /// </summary>
    private static readonly TimeSpan LookAgainIn = TimeSpan.FromMilliseconds(10);

    private const int Looks = 5;

    /// <summary>Takes of all of the lease's limits, or of none: then the result says which had no room. Completes at once, but for requests that run at once.</summary>
    /// <exception cref="OperationCanceledException">The client went away meanwhile; nothing is taken.</exception>
    public ValueTask<RateRefusal?> TakeAsync(RateLease lease, CancellationToken clientGone)
    {
        var taking = store.TakeAsync(lease);
        return taking.IsCompletedSuccessfully && taking.Result is not { Meter: null }
            ? taking
            : LookAgainAsync(taking, lease, clientGone);
    }

    /// <summary>The request is over.</summary>
    public void End(RateLease lease, in RateNeed spent) => store.End(lease, spent);

    private async ValueTask<RateRefusal?> LookAgainAsync(
        ValueTask<RateRefusal?> taking,
        RateLease lease,
        CancellationToken clientGone
    )
    {
        var refusal = await taking;
        for (var look = 0; look < Looks && refusal is { Meter: null }; look++)
        {
            await Task.Delay(LookAgainIn, time, clientGone);
            refusal = await store.TakeAsync(lease);
        }
        return refusal;
    }

    /// <summary>A lease of the limits that hold this call, not taken yet; null where none holds it.</summary>
    /// <param name="limits">Those that may.</param>
    /// <param name="facts">The call.</param>
    /// <param name="need">What it takes.</param>
    /// <param name="running">How many it is among those that run at once.</param>
    /// <param name="tells">Somebody will want to know where the limits stand.</param>
    public RateLease? Prepare(
        RateLimit[] limits,
        in ScopeFacts facts,
        in RateNeed need,
        int running = 1,
        bool tells = false
    )
    {
        var joining = new Joining(store, need, running, tells);
        foreach (var limit in limits)
        {
            joining.Limit = limit;
            limit.Scope.Visit(facts, ref joining);
        }
        return joining.Lease;
    }

    private struct Joining(IRateLimitStore store, RateNeed need, int running, bool tells)
        : ITupleVisitor
    {
        public RateLimit? Limit;
        public RateLease? Lease;

        public void Visit(ReadOnlySpan<char> tuple) =>
            store.Join(
                Lease ??= new RateLease(need)
                {
                    Running = running,
                    Standings = tells ? new RateStandings() : null,
                },
                Limit!,
                tuple
            );
    }
}
