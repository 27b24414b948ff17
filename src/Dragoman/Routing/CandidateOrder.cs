namespace Dragoman.Routing;

/// <summary>Orders among candidates by one fact each, the unknown last.</summary>
internal static class CandidateOrder
{
    public static int ByCost(Candidate a, Candidate b) => Compare(a.Cost, b.Cost);

    public static int ByLatency(Candidate a, Candidate b) => Compare(a.Latency, b.Latency);

    public static int ByQuality(Candidate a, Candidate b) =>
        Compare(-a.CautiousQuality, -b.CautiousQuality);

    public static int LocalFirst(Candidate a, Candidate b) =>
        b.Deployment.Local.CompareTo(a.Deployment.Local);

    /// <summary>Sorted, equals as they stood.</summary>
    public static IReadOnlyList<Candidate> By(
        this IReadOnlyList<Candidate> candidates,
        Comparison<Candidate> order
    ) =>
        candidates.Count < 2
            ? candidates
            : [.. candidates.OrderBy(static it => it, Comparer<Candidate>.Create(order))];

    private static int Compare<T>(T? a, T? b)
        where T : struct, IComparable<T> =>
        (a, b) switch
        {
            ({ } known, { } other) => known.CompareTo(other),
            (null, null) => 0,
            (null, _) => 1,
            _ => -1,
        };
}
