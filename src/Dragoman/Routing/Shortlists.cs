using System.Collections.Concurrent;
using Dragoman.Access;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>Who is weighed for a request of which nobody named the model.</summary>
/// <param name="Candidates">The preferred provider's first, then in the order of configuration; with the facts of a middling request of their kind.</param>
/// <param name="Among">How many could have been.</param>
/// <param name="Left">Of each provider that has none, why.</param>
/// <param name="IsKeptFrom">One was left out only because who asks may not call it.</param>
internal sealed record Shortlist(
    IReadOnlyList<Candidate> Candidates,
    int Among,
    IReadOnlyList<SkipRecord> Left,
    bool IsKeptFrom
);

/// <summary>
/// Finds of hundreds of models the few of each provider that a strategy could want for requests of a kind and size, once for each
/// such kind: what a request itself decides, it decides among these.
/// </summary>
internal sealed class Shortlists(RoutingTable table, NameBook book)
{
    /// <summary>Clients can ask in ever new ways; then all is forgotten and begun anew.</summary>
    private const int MostKept = 500;

    /// <summary>Prompts of one class have one shortlist: the strong models matter more the harder it is.</summary>
    private const int DifficultyClasses = 10;

    /// <summary>Speeds and failures change: after so long a shortlist is made anew.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Kind, Shortlist> _made = new();
    private readonly Lazy<IReadOnlyList<Pooled>> _chat = new(() =>
        PoolOf(table, book, Operation.Chat)
    );
    private readonly Lazy<IReadOnlyList<Pooled>> _embeddings = new(() =>
        PoolOf(table, book, Operation.Embeddings)
    );

    public Shortlist Of(
        IRoutingStrategy strategy,
        RoutedRequest request,
        bool localOnly,
        RegionBounds regions
    )
    {
        var kind = new Kind(
            strategy,
            request.Operation is Operation.Embeddings,
            request.Needs,
            string.Join(',', request.Wishes.RequiredCapabilities),
            localOnly,
            regions.ToString(),
            request.Access,
            request.Task,
            request.Difficulty is { } difficulty ? (int)(difficulty * DifficultyClasses) : null,
            request.Estimate.Size.Class,
            request.Now.UtcTicks / Fresh.Ticks,
            table.Quality?.Version ?? 0
        );
        if (_made.TryGetValue(kind, out var made))
            return made;
        if (_made.Count >= MostKept)
            _made.Clear();
        return _made[kind] = Make(kind, request, localOnly, regions);
    }

    private Shortlist Make(Kind kind, RoutedRequest request, bool localOnly, RegionBounds regions)
    {
        var estimate = new CostEstimate(kind.Size, request.Operation, request.Day)
        {
            Task = kind.Task,
        };
        var fit = new Fitness(
            request.Operation,
            request.Wishes.RequiredCapabilities,
            localOnly,
            regions,
            kind.Access
        );
        var isKeptFrom = false;
        var fitting = new List<Candidate>();
        var left = new Dictionary<string, SkipRecord>(StringComparer.Ordinal);
        foreach (var (deployment, special) in (kind.IsEmbeddings ? _embeddings : _chat).Value)
        {
            if (special && !(kind.Task == "code" && ChatModels.IsCoder(deployment.Model)))
                continue;
            var why =
                fit.WhyNot(deployment)
                ?? RequestFit.WhyNot(kind.Needs, deployment.Capabilities)
                ?? WhyTooSmall(deployment, kind.Size);
            if (why is null && fit.MayNot(deployment) is { } kept)
                (why, isKeptFrom) = (kept, true);
            if (why is null)
                fitting.Add(
                    CandidateFacts.Of(
                        deployment,
                        estimate,
                        kind.Task,
                        kind.Needs,
                        request.Difficulty,
                        new LiveFacts(request.Now, table.Quality)
                    )
                );
            else
                left.TryAdd(deployment.Provider.Name, new SkipRecord(deployment.PublicName, why));
        }
        foreach (var candidate in fitting)
            left.Remove(candidate.Deployment.Provider.Name);
        var wanted = Wanted(fitting, kind.Strategy);
        return new Shortlist(
            [.. fitting.Where(wanted.Contains)],
            fitting.Count,
            [.. left.Values],
            isKeptFrom
        );
    }

    /// <summary>Of each provider the strategy's first few, its cheapest and its fastest: wishes and limits may turn to those.</summary>
    private static HashSet<Candidate> Wanted(List<Candidate> fitting, IRoutingStrategy strategy)
    {
        var wanted = new HashSet<Candidate>(ReferenceEqualityComparer.Instance);
        Take(strategy.Order(fitting), strategy.PerProvider + 1);
        Take(fitting.By(CandidateOrder.ByCost), 1);
        Take(fitting.By(CandidateOrder.ByLatency), 1);
        return wanted;

        void Take(IReadOnlyList<Candidate> ordered, int most)
        {
            foreach (
                var provider in ordered.GroupBy(static candidate =>
                    candidate.Deployment.Provider.Name
                )
            )
                wanted.UnionWith(provider.Take(most));
        }
    }

    /// <summary>By the smallest request of its class: those that are larger are looked at one by one.</summary>
    private static string? WhyTooSmall(Deployment deployment, RequestSize size) =>
        deployment.ContextWindow < size.PromptTokens / 2
            ? $"the prompt does not fit its context of {deployment.ContextWindow} tokens"
            : null;

    private static IReadOnlyList<Pooled> PoolOf(
        RoutingTable table,
        NameBook book,
        Operation operation
    )
    {
        var preferred = table.DefaultProvider is { } wanted ? book.FindProvider(wanted) : null;
        return Pool.Of(
            table,
            table.Providers.OrderBy(provider => ReferenceEquals(provider, preferred) ? 0 : 1),
            operation
        );
    }

    private readonly record struct Kind(
        IRoutingStrategy Strategy,
        bool IsEmbeddings,
        RequestNeeds Needs,
        string Capabilities,
        bool LocalOnly,
        string Regions,
        ModelAccess? Access,
        string? Task,
        int? DifficultyClass,
        RequestSize Size,
        long Epoch,
        int QualityVersion
    );
}
