namespace Dragoman.Routing.Strategies;

/// <summary>
/// Quality against money and time, in points of quality. Of each provider one model: the others of a chain are there for when
/// that provider fails. A model dearer than <see cref="ChatModels.DearestUnasked"/> comes behind all that are not.
/// </summary>
internal sealed class BalancedStrategy : IRoutingStrategy
{
    /// <summary>
    /// Points that ten times the money weighs, from this many dollars a request on; below that money hardly matters. So a model of
    /// 60 points at one cent is worth as much as one of 69 at three cents, and free ones do not win by being free.
    /// </summary>
    private const double PointsPerTenfoldDearness = 20;
    private const decimal MattersFromUsd = 0.001m;

    /// <summary>Points that ten times the waiting weighs, from a second on.</summary>
    private const double PointsPerTenfoldTime = 5;

    public string Name => "balanced";

    public int PerProvider => 1;

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates)
    {
        if (candidates.Count < 2)
            return candidates;
        var slowest = Slowest(candidates);
        return
        [
            .. candidates
                .Select(candidate =>
                    (
                        Candidate: candidate,
                        Rank: RankOf(candidate),
                        Worth: Worth(candidate, slowest)
                    )
                )
                .OrderBy(static weighed => weighed.Rank)
                // What nobody measured is probably the better the newer it is.
                .ThenByDescending(
                    static weighed =>
                        weighed.Rank < Rank.Unmeasured
                            ? null
                            : weighed.Candidate.Deployment.Entry?.Released,
                    StringComparer.Ordinal
                )
                .ThenByDescending(static weighed => weighed.Worth)
                .Select(static weighed => weighed.Candidate),
        ];
    }

    public string Explain(IReadOnlyList<Candidate> ordered, int among)
    {
        var first = ordered[0];
        var told =
            $"{first.Name} ({Figures.Quality(first)}, {Figures.Usd(first.Cost)}, {Figures.Time(first.Latency)})";
        return among == 1 ? told + " is the only one"
            : RankOf(first) >= Rank.Unmeasured
                ? $"too little is known of all {among}, {told} is the first"
            : $"{told} weighs best of {among}";
    }

    private enum Rank
    {
        Usual,
        Dear,
        Unmeasured,
        Unpriced,
    }

    private static Rank RankOf(Candidate candidate) =>
        candidate.Cost is null ? Rank.Unpriced
        : candidate.Quality is null ? Rank.Unmeasured
        : candidate.Deployment.Prices?.Input > ChatModels.DearestUnasked ? Rank.Dear
        : Rank.Usual;

    /// <summary>What is known of it, in points. What nobody knows counts as the worst: no quality, the slowest of all.</summary>
    private static double Worth(Candidate candidate, TimeSpan slowest) =>
        (candidate.CautiousQuality ?? 0)
        - PointsPerTenfoldDearness * Math.Log10(1 + (double)Dearness(candidate))
        - PointsPerTenfoldTime * Math.Log10(1 + (candidate.Latency ?? slowest).TotalSeconds);

    /// <summary>How many times what matters it costs.</summary>
    private static decimal Dearness(Candidate candidate) => (candidate.Cost ?? 0) / MattersFromUsd;

    private static TimeSpan Slowest(IReadOnlyList<Candidate> candidates)
    {
        var slowest = TimeSpan.Zero;
        foreach (var candidate in candidates)
            if (candidate.Latency > slowest)
                slowest = candidate.Latency.Value;
        return slowest;
    }
}
