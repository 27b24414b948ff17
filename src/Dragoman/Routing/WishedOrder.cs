using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>What a client wishes over the strategy's order: the fastest first, local ones first, slow ones last; each a stable sort over the one before.</summary>
/// <param name="Fastest">The fastest first.</param>
/// <param name="Local">Local ones first.</param>
/// <param name="Most">Who is known to be slower comes last.</param>
internal readonly record struct WishedOrder(bool Fastest, bool Local, TimeSpan? Most)
{
    public static WishedOrder Of(RoutingTable table, Wishes wishes) =>
        new(
            wishes.PreferLowLatency ?? false,
            wishes.PreferLocal ?? table.PreferLocal,
            (wishes.MaxLatencyMs ?? table.MaxLatencyMs) is { } most
                ? TimeSpan.FromMilliseconds(most)
                : null
        );

    /// <summary>Nothing is wished.</summary>
    public bool IsNone => !Fastest && !Local && Most is null;

    public IReadOnlyList<Candidate> Of(IReadOnlyList<Candidate> candidates)
    {
        if (Fastest)
            candidates = candidates.By(CandidateOrder.ByLatency);
        if (Local)
            candidates = candidates.By(CandidateOrder.LocalFirst);
        if (Most is { } most)
            candidates = candidates.By((a, b) => IsSlow(a, most).CompareTo(IsSlow(b, most)));
        return candidates;
    }

    /// <summary>How many of the first <paramref name="heads"/>, which were equals, still are.</summary>
    public int EqualsAmong(IReadOnlyList<Candidate> ordered, int heads)
    {
        if (heads < 2 || IsNone)
            return heads;
        if (Fastest)
            return 1;
        var equals = 1;
        while (
            equals < heads
            && (!Local || CandidateOrder.LocalFirst(ordered[0], ordered[equals]) == 0)
            && (Most is not { } most || IsSlow(ordered[0], most) == IsSlow(ordered[equals], most))
        )
            equals++;
        return equals;
    }

    /// <summary>What of it changed the order, in words; empty where nothing did.</summary>
    public string Explain(IReadOnlyList<Candidate> before, IReadOnlyList<Candidate> after)
    {
        if (IsNone || before.SequenceEqual(after))
            return "";
        List<string> wished = [];
        if (Fastest)
            wished.Add("the fastest first");
        if (Local)
            wished.Add("local ones first");
        if (
            Most is { } most
            && after.Count(candidate => IsSlow(candidate, most)) is > 0 and var slow
        )
            wished.Add(
                FormattableString.Invariant(
                    $"{slow} slower than {most.TotalMilliseconds:0} ms last"
                )
            );
        return $"; as wished {string.Join(", ", wished)}"
            + (
                ReferenceEquals(before[0], after[0])
                    ? ""
                    : $": {after[0].Name}{(Fastest || Most is not null ? $" ({Figures.Time(after[0].Latency)})" : "")}"
            );
    }

    /// <summary>Who is not known to be slow is not slow.</summary>
    private static bool IsSlow(Candidate candidate, TimeSpan most) =>
        candidate.Latency > most || candidate.FirstToken > most;
}
