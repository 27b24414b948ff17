using Dragoman.Access;

namespace Dragoman.Limits.Rates;

/// <summary>Takes of all limits that apply to a call. Where none does, nothing is allocated and nobody is asked.</summary>
internal sealed class RateTaker(IRateLimitStore store)
{
    public IRateLimitStore Store => store;

    /// <summary>A lease of the limits that hold this call, not taken yet; null where none holds it.</summary>
    /// <param name="limits">Those that may.</param>
    /// <param name="facts">The call.</param>
    /// <param name="need">What it takes.</param>
    /// <param name="running">How many it is among those that run at once.</param>
    public RateLease? Prepare(
        RateLimit[] limits,
        in ScopeFacts facts,
        in RateNeed need,
        int running = 1
    )
    {
        var joining = new Joining(store, need, running);
        foreach (var limit in limits)
        {
            joining.Limit = limit;
            limit.Scope.Visit(facts, ref joining);
        }
        return joining.Lease;
    }

    private struct Joining(IRateLimitStore store, RateNeed need, int running) : ITupleVisitor
    {
        public RateLimit? Limit;
        public RateLease? Lease;

        public void Visit(ReadOnlySpan<char> tuple) =>
            store.Join(Lease ??= new RateLease(need) { Running = running }, Limit!, tuple);
    }
}
