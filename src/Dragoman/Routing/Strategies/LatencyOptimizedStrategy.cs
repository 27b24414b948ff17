namespace Dragoman.Routing.Strategies;

/// <summary>Whose whole answer is there first; of equally fast ones the cheaper.</summary>
internal sealed class LatencyOptimizedStrategy : IRoutingStrategy
{
    public string Name => "latency_optimized";

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates) =>
        candidates.By(
            static (a, b) =>
                CandidateOrder.ByLatency(a, b) is not 0 and var order
                    ? order
                    : CandidateOrder.ByCost(a, b)
        );

    public string Explain(IReadOnlyList<Candidate> ordered, int among) =>
        ordered[0].Latency is null ? $"nobody's speed is known, {ordered[0].Name} is the first"
        : among == 1 ? $"{ordered[0].Name} in {Figures.Time(ordered[0].Latency)} is the only one"
        : $"{ordered[0].Name} in {Figures.Time(ordered[0].Latency)} is the fastest of {among}";
}
