namespace Dragoman.Routing;

/// <summary>
/// An order among deployments that could answer a request. It only sorts: what may not answer (a wish that is hard, a limit of
/// money, a missing capability) is left out before, and health is looked at when the chain is walked.
/// </summary>
public interface IRoutingStrategy
{
    /// <summary>What configuration, <c>auto:…</c> and the wish <c>strategy</c> call it, e.g. <c>cost_optimized</c>.</summary>
    string Name { get; }

    /// <summary>It weighs what one request would cost or take: its decisions are made for each. False lets requests share one.</summary>
    bool LooksAtRequest => true;

    /// <summary>How many models of one provider it wants among those that are tried, where the gateway chooses the models itself.</summary>
    int PerProvider => 2;

    /// <summary>How much each thing counts; null where nothing is weighed against anything.</summary>
    StrategyWeights? Weights => null;

    /// <summary>The same strategy with other weights; itself where it has none.</summary>
    IRoutingStrategy With(StrategyWeights weights) => this;

    /// <summary>
    /// The same candidates in the order in which they are to be tried. Equals stay as they stand (the preferred provider in front),
    /// and whoever lacks the fact that decides comes last: unknown is neither free, fast nor good.
    /// </summary>
    IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates);

    /// <summary>What each of <paramref name="candidates"/> is worth among them, in points of the strategy's own; null where it sorts without.</summary>
    IReadOnlyList<double>? Scores(IReadOnlyList<Candidate> candidates) => null;

    /// <summary>Why the first is the first, in one clause with the figures that decided, e.g. <c>demo/swift at $0.0000084 is the cheapest of 3</c>.</summary>
    /// <param name="ordered">What <see cref="Order"/> gave; at least one.</param>
    /// <param name="among">How many were weighed: as many as <paramref name="ordered"/>, or more where the last were dropped already.</param>
    string Explain(IReadOnlyList<Candidate> ordered, int among);
}
