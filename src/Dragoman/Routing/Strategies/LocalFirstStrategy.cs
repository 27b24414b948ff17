namespace Dragoman.Routing.Strategies;

/// <summary>What stays in the house before what leaves it; among each, balanced.</summary>
internal sealed class LocalFirstStrategy : IRoutingStrategy
{
    private static readonly BalancedStrategy Balanced = new();

    public string Name => "local_first";

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates) =>
        Balanced.Order(candidates).By(CandidateOrder.LocalFirst);

    public string Explain(IReadOnlyList<Candidate> ordered, int among)
    {
        var local = ordered.Count(static candidate => candidate.Deployment.Local);
        return local == 0 ? $"none of {among} is local, {Balanced.Explain(ordered, among)}"
            : local == 1 ? $"{ordered[0].Name} is the local one of {among}"
            : $"{ordered[0].Name} is local, {Figures.Quality(ordered[0])}, one of {local} such among {among}";
    }
}
