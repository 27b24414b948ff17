namespace Dragoman.Limits.Rates;

/// <summary>Where limits are counted: in this process, or in a place that several share. Safe for use by many at once.</summary>
internal interface IRateLimitStore
{
    /// <summary>Puts a limit and whose it is into a lease that is to be taken; the same one is put in once.</summary>
    void Join(RateLease lease, RateLimit limit, ReadOnlySpan<char> tuple);

    /// <summary>Takes of all of the lease's limits, or of none: then the result says which had no room.</summary>
    ValueTask<RateRefusal?> TakeAsync(RateLease lease);

    /// <summary>
    /// The request is over: it no longer runs, and what it took more or less than was thought is counted so. What it took less is
    /// given back to the time it was taken, what it took more counts from now. A second end of the same lease changes nothing. It
    /// never waits: a store elsewhere is told behind.
    /// </summary>
    void End(RateLease lease, in RateNeed spent);

    /// <summary>Where a limit stands for each whom it counts, by their names; those of whom nothing counts now are left out.</summary>
    ValueTask<IReadOnlyList<RateState>> StatesAsync(RateLimit limit);

    /// <summary>Limits that are not among these are no longer counted.</summary>
    void Keep(IReadOnlyList<RateLimit> limits);
}

/// <summary>Where a limit stands for one whom it counts.</summary>
/// <param name="Tuple">Whose.</param>
/// <param name="Running">Requests that are under way.</param>
/// <param name="Meters">One for each meter, in the limit's order.</param>
internal sealed record RateState(string Tuple, int Running, IReadOnlyList<RateStanding> Meters);
