namespace Dragoman.Routing.Strategies;

/// <summary>
/// Quality against money and time, in points: a hundred is the certainty of a good answer. How much quality is worth depends on how
/// hard the prompt is (<see cref="SuccessChance"/>). Of each provider one model: the others of a chain are there for when
/// that provider fails. A model dearer than <see cref="ChatModels.DearestUnasked"/> comes behind all that are not.
/// </summary>
internal sealed class BalancedStrategy(StrategyWeights weights) : IRoutingStrategy
{
    /// <summary>
    /// Points that ten times the money weighs, from this many dollars a request on; below that money hardly matters, and free ones do
    /// not win by being free. Three times the price must buy some eight in a hundred more good answers.
    /// </summary>
    private const double PointsPerTenfoldDearness = 19;
    private const decimal MattersFromUsd = 0.0003m;

    /// <summary>Points that ten times the waiting weighs, from a second on.</summary>
    private const double PointsPerTenfoldTime = 4;

    /// <summary>What a model of unknown speed is taken for: slower than most, as most that nobody timed are new or rare.</summary>
    private static readonly TimeSpan UnknownTime = TimeSpan.FromSeconds(12);

    /// <summary>Who takes longer than this is too slow in any case.</summary>
    private static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(2);

    /// <summary>Points that a point of quality is worth beside the chance it gives.</summary>
    private const double PerPointBeyond = 0.08;

    /// <summary>Points that a deployment loses whose every call failed lately.</summary>
    private const double PointsForFailing = 60;

    public BalancedStrategy()
        : this(StrategyWeights.Usual) { }

    public string Name => "balanced";

    public StrategyWeights Weights => weights;

    public IRoutingStrategy With(StrategyWeights others) =>
        others == weights ? this : new BalancedStrategy(others);

    public int PerProvider => 1;

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates)
    {
        if (candidates.Count < 2)
            return candidates;
        return
        [
            .. candidates
                .Select(candidate =>
                    (Candidate: candidate, Rank: RankOf(candidate), Worth: Worth(candidate))
                )
                .OrderBy(static weighed => weighed.Rank)
                // What nobody measured is probably the better the newer it is.
                .ThenByDescending(
                    static weighed =>
                        weighed.Rank < Rank.Unmeasured ? null : weighed.Candidate.Released,
                    StringComparer.Ordinal
                )
                .ThenByDescending(static weighed => weighed.Worth)
                .Select(static weighed => weighed.Candidate),
        ];
    }

    public IReadOnlyList<double> Scores(IReadOnlyList<Candidate> candidates) =>
        [.. candidates.Select(Worth)];

    public string Explain(IReadOnlyList<Candidate> ordered, int among)
    {
        var first = ordered[0];
        var told =
            $"{first.Name} ({Figures.Quality(first)}{Figures.Chance(first)}, {Figures.Usd(first.Cost)}, {Figures.Time(first.Latency)})";
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
        : candidate.IsDear ? Rank.Dear
        : Rank.Usual;

    /// <summary>What is known of it, in points. What nobody knows counts against it.</summary>
    private double Worth(Candidate candidate) =>
        weights.Quality * Points(candidate)
        - weights.Thrift * PointsPerTenfoldDearness * Math.Log10(1 + (double)Dearness(candidate))
        - weights.Latency * PointsPerTenfoldTime * Math.Log10(1 + Time(candidate).TotalSeconds)
        - weights.Health * PointsForFailing * (candidate.ErrorShare ?? 0);

    /// <summary>The chance of a good answer, and a little for being better than it takes: where all can, the better one is still better.</summary>
    private static double Points(Candidate candidate) =>
        candidate.Chance is { } chance
            ? 100 * chance + PerPointBeyond * candidate.CautiousQuality!.Value
            : candidate.CautiousQuality ?? 0;

    /// <summary>How many times what matters it costs.</summary>
    private static decimal Dearness(Candidate candidate) => (candidate.Cost ?? 0) / MattersFromUsd;

    private static TimeSpan Time(Candidate candidate) =>
        candidate.Latency is not { } known ? UnknownTime
        : known > LongestTime ? LongestTime
        : known;
}
