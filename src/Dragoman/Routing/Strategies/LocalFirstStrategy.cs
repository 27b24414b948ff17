namespace Dragoman.Routing.Strategies;

/// <summary>What stays in the house before what leaves it; among each, balanced.</summary>
internal sealed class LocalFirstStrategy(StrategyWeights weights) : IRoutingStrategy
{
    private readonly BalancedStrategy _balanced = new(weights);

    public LocalFirstStrategy()
        : this(StrategyWeights.Usual) { }

    public string Name => "local_first";

    public StrategyWeights Weights => weights;

    public IRoutingStrategy With(StrategyWeights others) =>
        others == weights ? this : new LocalFirstStrategy(others);

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates) =>
        _balanced.Order(candidates).By(CandidateOrder.LocalFirst);

    public string Explain(IReadOnlyList<Candidate> ordered, int among)
    {
        var local = ordered.Count(static candidate => candidate.Deployment.Local);
        return local == 0 ? $"none of {among} is local, {_balanced.Explain(ordered, among)}"
            : local == 1 ? $"{ordered[0].Name} is the local one of {among}"
            : $"{ordered[0].Name} is local, {Figures.Quality(ordered[0])}, one of {local} such among {among}";
    }
}
