namespace Dragoman.Routing.Strategies;

/// <summary>The best at the task; among those that are as good as the best, the cheapest.</summary>
internal sealed class QualityOptimizedStrategy : IRoutingStrategy
{
    public string Name => "quality_optimized";

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates) =>
        QualityTies.Order(candidates);

    public string Explain(IReadOnlyList<Candidate> ordered, int among)
    {
        var first = ordered[0];
        if (first.Quality is null)
            return $"nobody's quality is known, {first.Name} is the first";
        var told = $"{first.Name} ({Figures.Quality(first)})";
        if (among == 1)
            return told + " is the only one";
        var best = ordered.By(CandidateOrder.ByQuality)[0];
        return ReferenceEquals(best, first) || best.CautiousQuality == first.CautiousQuality
            ? $"{told} is the best of {among}"
            : $"{told} is as good as the best of {among}, {best.Name} ({Figures.Quality(best)}), and cheaper at {Figures.Usd(first.Cost)} than {Figures.Usd(best.Cost)}";
    }
}
