namespace Dragoman.Routing.Decisions;

/// <summary>One weighing of candidates, with all that went into it and what it gave.</summary>
public sealed record WeighingRecord
{
    /// <summary>The strategy that ordered them; null where only the client's wishes did.</summary>
    public string? Strategy { get; init; }

    /// <summary>How much each thing counted, where the strategy weighs.</summary>
    public StrategyWeights? Weights { get; init; }

    /// <summary>The task whose qualities were compared; null is all of them.</summary>
    public string? Task { get; init; }

    /// <summary>How hard the request was taken to be; null where nobody looked.</summary>
    public double? Difficulty { get; init; }

    /// <summary>How many could have been weighed.</summary>
    public int Among { get; init; }

    /// <summary>They were to be tried after a first choice that something else made.</summary>
    public bool Behind { get; init; }

    /// <summary>Whose models came first whatever the strategy said.</summary>
    public string? PreferredProvider { get; init; }

    /// <summary>The client wished the fastest first.</summary>
    public bool FastestFirst { get; init; }

    /// <summary>Local ones were wished first.</summary>
    public bool LocalFirst { get; init; }

    /// <summary>Who was known to be slower, in milliseconds, came last.</summary>
    public double? MaxLatencyMs { get; init; }

    /// <summary>So many were chosen at the most; null is without limit.</summary>
    public int? Most { get; init; }

    /// <summary>So many of one provider; null is without limit.</summary>
    public int? PerProvider { get; init; }

    /// <summary>In the order in which equals stay.</summary>
    public IReadOnlyList<CandidateRecord> Candidates { get; init; } = [];

    /// <summary>Those that were chosen, in order.</summary>
    public IReadOnlyList<string> Chosen { get; init; } = [];

    internal static WeighingRecord Of(WeighedCandidates weighed)
    {
        var weighing = weighed.Weighing;
        var any = weighing.Candidates is [var first, ..] ? first : null;
        return new WeighingRecord
        {
            Strategy = weighing.Strategy?.Name,
            Weights = weighing.Strategy?.Weights,
            Task = weighing.Candidates.FirstOrDefault(static one => one.Task is not null)?.Task,
            Difficulty = any?.Difficulty,
            Among = weighing.Among,
            Behind = weighing.IsBehind,
            PreferredProvider = weighing.PreferredProvider,
            FastestFirst = weighing.Wished.Fastest,
            LocalFirst = weighing.Wished.Local,
            MaxLatencyMs = weighing.Wished.Most?.TotalMilliseconds,
            Most = weighing.Most == int.MaxValue ? null : weighing.Most,
            PerProvider = weighing.PerProvider,
            Candidates = [.. weighing.Candidates.Select(CandidateRecord.Of)],
            Chosen = [.. weighed.Weighed.Chosen.Select(static chosen => chosen.Name)],
        };
    }

    /// <summary>The weighing as it was, to be run again.</summary>
    /// <param name="strategies">Where strategies are found by name.</param>
    /// <returns>Null where its strategy is not there any more.</returns>
    internal Weighing? Again(RoutingStrategies strategies)
    {
        var strategy = Strategy is null ? null : strategies.Find(Strategy);
        if (Strategy is not null && strategy is null)
            return null;
        return new Weighing
        {
            Strategy = Weights is null ? strategy : strategy?.With(Weights),
            Candidates = [.. Candidates.Select(one => one.ToCandidate(Task, Difficulty))],
            Among = Among,
            IsBehind = Behind,
            PreferredProvider = PreferredProvider,
            Wished = new WishedOrder(
                FastestFirst,
                LocalFirst,
                MaxLatencyMs is { } most ? TimeSpan.FromMilliseconds(most) : null
            ),
            Most = Most ?? int.MaxValue,
            PerProvider = PerProvider,
        };
    }
}
