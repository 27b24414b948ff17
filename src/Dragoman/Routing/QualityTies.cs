namespace Dragoman.Routing;

/// <summary>The best first, where differences within the noise are ties that the price breaks.</summary>
internal static class QualityTies
{
    /// <summary>Points beyond which two are never equals, however badly one of them is known.</summary>
    private const double WidestTie = 5;

    public static IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates)
    {
        if (candidates.Count < 2)
            return candidates;
        var best = candidates.By(CandidateOrder.ByQuality);
        var ordered = new List<Candidate>(best.Count);
        for (int from = 0, to; from < best.Count; from = to)
        {
            to = from + TiesAt(best, from);
            ordered.AddRange(best.Skip(from).Take(to - from).ToList().By(CandidateOrder.ByCost));
        }
        return ordered;
    }

    /// <summary>How many from <paramref name="from"/> on are as good as that one, itself included.</summary>
    public static int TiesAt(IReadOnlyList<Candidate> best, int from)
    {
        var count = 1;
        while (from + count < best.Count && IsTie(best[from], best[from + count]))
            count++;
        return count;
    }

    /// <summary>Two standard errors of the difference mean nothing.</summary>
    private static bool IsTie(Candidate better, Candidate other)
    {
        if (better.CautiousQuality is not { } most || other.CautiousQuality is not { } less)
            return better.Quality is null && other.Quality is null;
        var noise = 2 * double.Hypot(better.QualityError, other.QualityError);
        return most - less < Math.Min(noise, WidestTie);
    }
}
