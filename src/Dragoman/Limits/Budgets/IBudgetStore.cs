using Dragoman.Exchanges;

namespace Dragoman.Limits.Budgets;

/// <summary>
/// Where sums and reservations outlive the process. What it is told in <see cref="Reserve"/>, <see cref="Grow"/> and
/// <see cref="Settle"/> survives a kill of the process from the moment it returns, without I/O: all three are called under the
/// keeper's lock, on the way of requests. Each settled attempt is added to the sums exactly once, whenever the process ends.
/// </summary>
internal interface IBudgetStore
{
    /// <summary>What earlier processes left, with what they had under way resolved. Called once, before anything else.</summary>
    /// <param name="now">Periods that have expired by then are left out.</param>
    IReadOnlyList<StoredPeriod> Open(DateTimeOffset now);

    /// <summary>Keeps a new reservation; gives its place, less than none where there is no room.</summary>
    int Reserve(Reservation reservation);

    /// <summary>Keeps that it has become more.</summary>
    void Grow(Reservation reservation);

    /// <summary>Keeps what was spent of it, by account; the sums have it soon.</summary>
    void Settle(Reservation reservation, ReadOnlySpan<long> spent, bool isCounted);

    /// <summary>Keeps that the passing of a share was told.</summary>
    void Told(BudgetAccount account, BudgetPeriod period, decimal share);
}

/// <summary>One period of one account as it is stored; amounts in nano-dollars.</summary>
/// <param name="Budget">The budget's name.</param>
/// <param name="Values">The combination of values it is for.</param>
/// <param name="Start">When it began.</param>
/// <param name="Expires">When it counts no more.</param>
internal sealed record StoredPeriod(
    string Budget,
    string Values,
    DateTimeOffset Start,
    DateTimeOffset Expires
)
{
    public long SpentNanoUsd { get; init; }
    public long Calls { get; init; }
    public long OverrunNanoUsd { get; init; }
    public long OrphanedNanoUsd { get; init; }
    public IReadOnlyList<decimal> Told { get; init; } = [];
}

/// <summary>Tells what an attempt of an earlier process cost, where its record was still written; null where nobody knows.</summary>
internal delegate long? RecordedCost(RequestId request, int attempt);

/// <summary>Keeps nothing: sums live as long as the process.</summary>
internal sealed class NoBudgetStore : IBudgetStore
{
    public IReadOnlyList<StoredPeriod> Open(DateTimeOffset now) => [];

    public int Reserve(Reservation reservation) => -1;

    public void Grow(Reservation reservation) { }

    public void Settle(Reservation reservation, ReadOnlySpan<long> spent, bool isCounted) { }

    public void Told(BudgetAccount account, BudgetPeriod period, decimal share) { }
}
