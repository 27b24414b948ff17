namespace Dragoman.Routing.Strategies;

/// <summary>The cheapest for this very request; of equally cheap ones the better.</summary>
internal sealed class CostOptimizedStrategy : IRoutingStrategy
{
    public string Name => "cost_optimized";

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates) =>
        candidates.By(
            static (a, b) =>
                CandidateOrder.ByCost(a, b) is not 0 and var order
                    ? order
                    : CandidateOrder.ByQuality(a, b)
        );

    public string Explain(IReadOnlyList<Candidate> ordered, int among) =>
        ordered[0].Cost is null ? $"nobody's price is known, {ordered[0].Name} is the first"
        : among == 1 ? $"{ordered[0].Name} at {Figures.Usd(ordered[0].Cost)} is the only one"
        : $"{ordered[0].Name} at {Figures.Usd(ordered[0].Cost)} is the cheapest of {among}";
}
