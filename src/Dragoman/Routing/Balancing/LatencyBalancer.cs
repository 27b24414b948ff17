using Dragoman.Catalog;

namespace Dragoman.Routing.Balancing;

/// <summary>
/// Of two drawn by turn the one with the shorter wait: its peak average of the time to the first token, times the calls under way and
/// this one. Drawing two keeps everybody from running to the same one at once (power of two choices).
/// </summary>
internal sealed class LatencyBalancer : IBalancer
{
    public string Name => "latency";

    public void Order(Span<Deployment> equals, BalancingTurn turn, DateTimeOffset now)
    {
        var (first, second) = Draw(turn.Next(), (uint)equals.Length);
        if (IsLonger(equals[first], equals[second], now))
            (first, second) = (second, first);
        equals.ToFront(first);
        // The first has moved to the front: those before it stand one further.
        equals[1..].ToFront(second < first ? second : second - 1);
    }

    public string Explain(ReadOnlySpan<Deployment> ordered, DateTimeOffset now) =>
        FormattableString.Invariant(
            $"{ordered[0].PublicName} ({Wait(ordered[0], now)}) rather than {ordered[1].PublicName} ({Wait(ordered[1], now)}), two of {ordered.Length}"
        );

    /// <summary>Two different ones of <paramref name="count"/>: every pair comes as often, in no order that one could run after.</summary>
    private static (int First, int Second) Draw(uint turn, uint count)
    {
        // Knuth's multiplicative hash spreads a counter over all bits.
        var mixed = turn * 2_654_435_761u;
        var first = (uint)((mixed * (ulong)count) >> 32);
        var second = (first + 1 + (turn % (count - 1))) % count;
        return ((int)first, (int)second);
    }

    /// <summary>Where nothing is known of one of them, fewer calls under way decide: it is to be seen how fast it is.</summary>
    private static bool IsLonger(Deployment a, Deployment b, DateTimeOffset now)
    {
        var (busyA, busyB) = (a.State.Figures.InFlight + 1, b.State.Figures.InFlight + 1);
        return Peak(a, now) is { } waitA && Peak(b, now) is { } waitB
            ? waitA * busyA > waitB * busyB
            : busyA > busyB;
    }

    private static TimeSpan? Peak(Deployment deployment, DateTimeOffset now) =>
        deployment.State.Figures.PeakWait(deployment.StartingLatency, now);

    private static string Wait(Deployment deployment, DateTimeOffset now) =>
        FormattableString.Invariant(
            $"{Figures.Time(Peak(deployment, now))} with {deployment.State.Figures.InFlight} in flight"
        );
}
