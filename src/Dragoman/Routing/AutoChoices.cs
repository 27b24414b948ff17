using Dragoman.Dialects;
using Dragoman.Routing.Affinity;

namespace Dragoman.Routing;

/// <summary>Chooses among everything that is configured: for <c>auto</c>, and for those that are tried after a named one.</summary>
internal sealed class AutoChoices(RoutingTable table, NameBook book)
{
    /// <summary>By then somebody has answered, or the house is on fire.</summary>
    private const int LongestChain = 8;

    /// <summary>Of those that cost too much, so many are told one by one.</summary>
    private const int MostTold = 10;

    /// <summary>The shortest prompt that a provider caches has some hundred tokens.</summary>
    private const int LeastBytesCached = 1_000;

    private readonly Shortlists _shortlists = new(table, book);

    /// <summary>Adds the strategy's choice, the first in front; what decided, in words.</summary>
    /// <param name="strategy">How to choose.</param>
    /// <param name="request">For what.</param>
    /// <param name="assembly">Where the chosen go.</param>
    /// <param name="keepOne">Only the first.</param>
    /// <param name="isBehind">They are tried after a first choice.</param>
    /// <param name="regions">Where they must be.</param>
    public string Add(
        IRoutingStrategy strategy,
        RoutedRequest request,
        ChainAssembly assembly,
        bool keepOne = false,
        bool isBehind = false,
        RegionBounds regions = default
    )
    {
        var localOnly = table.KeepsInside(request.Wishes);
        var shortlist = _shortlists.Of(strategy, request, localOnly, regions);
        assembly.Exclude(shortlist);
        var holder = HolderOf(request);
        var candidates = new List<Candidate>(shortlist.Candidates.Count);
        var passed = 0;
        foreach (var candidate in shortlist.Candidates)
        {
            var deployment = candidate.Deployment;
            var isTold = passed < MostTold;
            if (
                request.Exchange is { } exchange
                && RequestFit.WhyNot(exchange.Envelope, deployment) is { } why
            )
                assembly.Exclude(deployment, why);
            else if (assembly.Admits(deployment, named: false, isTold))
            {
                candidates.Add(request.Again(candidate, table.Quality, holder));
                continue;
            }
            passed++;
        }
        if (candidates.Count == 0)
            return "";
        var weighing = new Weighing
        {
            Strategy = strategy,
            Candidates = candidates,
            Among = shortlist.Among,
            PreferredProvider = Preferred(strategy),
            Wished = WishedOrder.Of(table, request.Wishes),
            Most = keepOne ? 1 : LongestChain,
            PerProvider = strategy.PerProvider,
            IsBehind = isBehind,
        };
        var weighed = weighing.Run();
        assembly.Add(weighing, weighed);
        return weighing.Explain(weighed);
    }

    /// <summary>Who holds the conversation in a cache; of what is too short for any cache nobody does.</summary>
    private CacheHolder? HolderOf(RoutedRequest request) =>
        request is { Operation: Operation.Chat, Exchange: { } exchange }
        && exchange.Envelope.PromptBytes >= LeastBytesCached
            ? table.Affinity.HolderOf(exchange, request.Now)
            : null;

    /// <summary>Whom the operator prefers comes first wherever the default strategy chooses; other strategies break ties by it.</summary>
    private string? Preferred(IRoutingStrategy strategy) =>
        ReferenceEquals(strategy, table.Strategies.Default) && table.DefaultProvider is { } name
            ? book.FindProvider(name)?.Name
            : null;
}
