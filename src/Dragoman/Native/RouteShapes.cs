using System.Globalization;
using Dragoman.Catalog;
using Dragoman.Routing;
using Dragoman.Routing.Classification;
using Dragoman.Routing.Quality;

namespace Dragoman.Native;

/// <summary>Writes a decision down with all that went into it.</summary>
/// <param name="request">What was decided about.</param>
/// <param name="read">What its prompt is; null where nobody could read it.</param>
/// <param name="members">Tells of members of chains.</param>
/// <param name="quality">How good deployments are thought to be by now.</param>
internal sealed class RouteShapes(
    RoutedRequest request,
    Classification? read,
    ChainShapes members,
    LiveQuality? quality
)
{
    public RouteInfo Of(RoutingDecision decision)
    {
        var chain = decision
            .Chain.Select(static (deployment, i) => (deployment.PublicName, Rank: i + 1))
            .GroupBy(static member => member.PublicName, StringComparer.Ordinal)
            .ToDictionary(
                static group => group.Key,
                static group => group.First().Rank,
                StringComparer.Ordinal
            );
        var first = request.Candidate(decision.Chain[0], quality);
        return new RouteInfo
        {
            Name = decision.Route,
            Task = TaskOf(request.Profile),
            Difficulty = request.Profile?.Difficulty,
            Signals = read is null ? null : ClassificationInfo.Of(read).Signals,
            Strategy = decision.Strategy ?? decision.StrategyBehind,
            Weights = decision
                .Weighings.Select(static weighed => weighed.Weighing.Strategy?.Weights)
                .FirstOrDefault(static weights => weights is not null),
            Rule = decision.Rule,
            ChainName = decision.ChainName,
            Pinned = decision.Pinned,
            Reason = decision.Reason,
            Affinity = AffinityOf(decision),
            Estimate = new RouteEstimate
            {
                Model = first.Name,
                PromptTokens = request.Estimate.Size.PromptTokens,
                AnswerTokens = request.Estimate.AnswerTokens(first.Deployment),
                Cost = first.Cost,
                Budgeted = request.EstimateAtMost.Of(first.Deployment) is { } most
                    ? decimal.Round(most, 9)
                    : null,
                LatencyMs = first.Latency?.TotalMilliseconds,
            },
            InTurn = decision.BalancedHead,
            Chain = [.. decision.Chain.Select(Member)],
            Among = Math.Max(
                decision.Chain.Count,
                decision.Weighings.Sum(static weighed => weighed.Weighing.Among)
            ),
            Candidates = Candidates(decision, chain),
            Excluded =
            [
                .. decision.Excluded.Select(static skip => new ChainExclusion(
                    skip.Deployment,
                    skip.Reason
                )),
            ],
        };
    }

    /// <summary>Those of the chain in its order, whether a weighing chose them or somebody named them; behind them who was weighed and not chosen.</summary>
    private IReadOnlyList<RouteCandidate> Candidates(
        RoutingDecision decision,
        Dictionary<string, int> chain
    )
    {
        var chosen = decision
            .Weighings.SelectMany(static one => one.Weighed.Chosen)
            .Select(static one => one.Name)
            .ToHashSet(StringComparer.Ordinal);
        var named = decision
            .Chain.Where(deployment => !chosen.Contains(deployment.PublicName))
            .Select(deployment =>
                Candidate(request.Candidate(deployment, quality)) with
                {
                    Rank = chain[deployment.PublicName],
                }
            );
        return
        [
            .. named
                .Concat(decision.Weighings.SelectMany(one => Candidates(one, chain)))
                .DistinctBy(static one => one.Model, StringComparer.Ordinal)
                .OrderBy(static one => one.Rank ?? int.MaxValue),
        ];
    }

    private static TaskInfo? TaskOf(RequestProfile? profile) =>
        profile is null ? null : new TaskInfo(profile.Task, profile.Confidence);

    private ChainMemberInfo Member(Deployment deployment)
    {
        var facts = request.Candidate(deployment, quality);
        return members.Member(deployment) with
        {
            EstimatedCostUsd = facts.Cost,
            LatencyMs = facts.Latency?.TotalMilliseconds,
        };
    }

    private static RouteAffinity? AffinityOf(RoutingDecision decision)
    {
        foreach (var weighed in decision.Weighings)
        foreach (var candidate in weighed.Weighing.Candidates)
            if (candidate.Held is { } held)
                return new RouteAffinity(candidate.Name, held.Tokens, held.SavedUsd);
        return null;
    }

    private static IEnumerable<RouteCandidate> Candidates(
        WeighedCandidates weighed,
        Dictionary<string, int> chain
    )
    {
        var (weighing, result) = (weighed.Weighing, weighed.Weighed);
        var scores = weighing.Strategy?.Scores(result.Final);
        for (var i = 0; i < result.Final.Count; i++)
        {
            var candidate = result.Final[i];
            var rank = chain.TryGetValue(candidate.Name, out var at) ? at : (int?)null;
            yield return Candidate(candidate) with
            {
                Rank = rank,
                Behind = weighing.IsBehind,
                Score = scores is null ? null : Math.Round(scores[i], 2),
                WhyNot = rank is null ? WhyNot(candidate, weighing, result) : null,
            };
        }
    }

    private static RouteCandidate Candidate(Candidate candidate) =>
        new()
        {
            Model = candidate.Name,
            Behind = false,
            Quality = candidate.Quality,
            QualityError = candidate.Quality is null ? null : candidate.QualityError,
            Chance = candidate.Chance is { } chance ? Math.Round(chance, 3) : null,
            Cost = candidate.Cost,
            FirstTokenMs = candidate.FirstToken?.TotalMilliseconds,
            LatencyMs = candidate.Latency?.TotalMilliseconds,
            ErrorShare = candidate.ErrorShare,
            Missing = candidate.Missing,
            Local = candidate.Deployment.Local,
        };

    /// <summary>Why somebody that was weighed was not chosen.</summary>
    private static string WhyNot(Candidate candidate, Weighing weighing, Weighed result)
    {
        var provider = candidate.Deployment.Provider.Name;
        var siblings = result
            .Chosen.Where(chosen => chosen.Deployment.Provider.Name == provider)
            .Select(static chosen => chosen.Name)
            .ToList();
        return weighing.PerProvider is { } most && siblings.Count >= most
                ? $"behind {string.Join(" and ", siblings)} of the same provider"
            : result.Chosen.Count == 1 ? $"behind {result.Chosen[0].Name}, and only one was wanted"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"behind the first {result.Chosen.Count}"
            );
    }
}
