using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Routing.Decisions;
using Dragoman.Routing.Quality;
using Dragoman.Routing.Strategies;

namespace Dragoman.Native.Recommending;

/// <summary>
/// Finds models for what somebody describes: those that fit, in the order that the strategy <c>balanced</c> gives them with weights
/// by what counts most to them.
/// </summary>
internal sealed class Recommender(ModelFinder models, LiveQuality quality, DateOnly day)
{
    private const int UsualLimit = 5;
    private const int PromptTokens = 1_000;
    private const int MostExamples = 3;

    /// <summary>No benchmark measures a language as such: of who is to know one, the translating tells as well, for three tenths.</summary>
    private const double LanguageShare = 0.3;

    public RecommendationReply Recommend(RecommendationQuery query)
    {
        var wish = Over(
            DescriptionReader.Read(query.Description, models.ProviderNames),
            query.Constraints
        );
        var kind = wish.Capabilities.Contains(Capabilities.Embeddings, StringComparer.Ordinal)
            ? ModelKind.Embedding
            : ModelKind.Chat;
        var considered = models
            .Find(new ModelQuery { Kind = kind })
            // Models that are made to fail are nothing to recommend.
            .Where(static model => model.Deployment is not { } made || !Pool.OnlyMisbehaves(made))
            .ToList();
        var fit = new WishFit(wish, query.Constraints, model => CostOf(model, wish.Task));
        var fitting = new List<KnownModel>();
        var excluded = new List<(string Reason, KnownModel Model)>();
        foreach (var model in considered)
        {
            if (fit.WhyNot(model) is { } reason)
                excluded.Add((reason, model));
            else
                fitting.Add(model);
        }
        // Simulated ones are for houses that have nothing else.
        if (fitting.Exists(static model => !model.IsSimulated))
            foreach (var simulated in fitting.Where(static model => model.IsSimulated).ToList())
            {
                fitting.Remove(simulated);
                excluded.Add(("simulated", simulated));
            }
        return new RecommendationReply
        {
            Understood = wish,
            Models = Ranked(
                fitting,
                wish,
                // Nobody measures embeddings on the scale of answers: what they cost is what is known.
                kind is ModelKind.Embedding
                    ? new CostOptimizedStrategy()
                    : new BalancedStrategy(WeightsFor(wish)),
                query.Constraints.Limit ?? UsualLimit
            ),
            Considered = considered.Count,
            Fitting = fitting.Count,
            Excluded =
            [
                .. excluded
                    .GroupBy(static one => one.Reason, StringComparer.Ordinal)
                    .Select(static group => new RecommendationExclusion(
                        group.Key,
                        group.Count(),
                        [.. group.Take(MostExamples).Select(static one => one.Model.Id)]
                    ))
                    .OrderByDescending(static group => group.Count)
                    .ThenBy(static group => group.Reason, StringComparer.Ordinal),
            ],
            CatalogDate = models.CatalogDate,
        };
    }

    private RecommendedModel[] Ranked(
        IReadOnlyList<KnownModel> fitting,
        UnderstoodWish wish,
        IRoutingStrategy strategy,
        int limit
    )
    {
        var of = new Dictionary<string, KnownModel>(StringComparer.Ordinal);
        var candidates = new List<Candidate>(fitting.Count);
        foreach (var model in fitting)
            if (of.TryAdd(model.Id, model))
                candidates.Add(CandidateOf(model, wish));
        // The same model at several providers is one recommendation.
        var ordered = strategy.Order(candidates);
        // Who asks for speed is not told of those that nobody timed before those that are known to be fast.
        if (wish.Prefer.Contains("latency", StringComparer.Ordinal))
            ordered = ordered.By(static (a, b) => (a.Latency is null).CompareTo(b.Latency is null));
        var distinct = ordered
            .Select(candidate => (Candidate: candidate, Model: of[candidate.Deployment.Name]))
            .GroupBy(static one => one.Model.Entry?.Model ?? one.Model.Id, StringComparer.Ordinal)
            .ToList();
        var explained = new RecommendationReasons(
            [.. distinct.Select(static same => same.First().Candidate)],
            wish.Task
        );
        return
        [
            .. distinct
                .Take(limit)
                .Select(
                    (same, i) =>
                    {
                        var (candidate, model) = same.First();
                        var info = ModelShapes.Info(model, wish.Task);
                        return new RecommendedModel
                        {
                            Rank = i + 1,
                            Id = model.Id,
                            Provider = model.Provider,
                            Model = model.Model,
                            Available = model.IsAvailable,
                            UnavailableReason = model.UnavailableReason,
                            Local = model.Local,
                            Reason = explained.Of(candidate, model),
                            Quality =
                                info.Quality is { } known && candidate.Quality is { } score
                                    ? known with
                                    {
                                        Score = Math.Round(score, 1),
                                        StandardError = Math.Round(candidate.QualityError, 1),
                                    }
                                    : info.Quality,
                            Cost = info.Cost,
                            EstimatedCostUsd = candidate.Cost,
                            Latency = info.Latency,
                            ContextWindow = model.ContextWindow,
                            AlsoAt = [.. same.Skip(1).Select(static other => other.Model.Id)],
                        };
                    }
                ),
        ];
    }

    /// <summary>What counts most counts more; what else is measured still breaks ties.</summary>
    private static StrategyWeights WeightsFor(UnderstoodWish wish)
    {
        var (good, cheap, fast) = (
            wish.Prefer.Contains("quality", StringComparer.Ordinal),
            wish.Prefer.Contains("cost", StringComparer.Ordinal),
            wish.Prefer.Contains("latency", StringComparer.Ordinal)
        );
        return new StrategyWeights(
            good ? 3 : 1,
            cheap ? 3
                : good ? 0.3
                : 1,
            fast ? 6
                : good ? 0.3
                : 1
        );
    }

    private Candidate CandidateOf(KnownModel model, UnderstoodWish wish)
    {
        var deployment = model.Deployment ?? NobodysDeployment(model);
        var at = QualityOf(deployment, wish);
        return new Candidate
        {
            Deployment = deployment,
            Cost = CostOf(model, wish.Task),
            FirstToken = model.Latency?.TimeToFirstToken,
            Latency = model.AnswerTime,
            Quality = at?.Score,
            QualityError = at?.StandardError ?? 0,
            Task = wish.Task,
            Difficulty = wish.Difficulty,
            Released = model.Entry?.Released,
        };
    }

    private (double Score, double StandardError)? QualityOf(
        Deployment deployment,
        UnderstoodWish wish
    )
    {
        var at = quality.Of(deployment, wish.Task);
        if (
            wish.Task == "translation"
            || !wish.Languages.Any(static code => code != "en")
            || at is not { } own
            || quality.Of(deployment, "translation") is not { } languages
        )
            return at;
        return (
            (1 - LanguageShare) * own.Score + LanguageShare * languages.Score,
            double.Hypot(
                (1 - LanguageShare) * own.StandardError,
                LanguageShare * languages.StandardError
            )
        );
    }

    /// <summary>A model that nobody set up, as strategies look at it.</summary>
    private static Deployment NobodysDeployment(KnownModel model) =>
        new()
        {
            Name = model.Id,
            Provider = RememberedProviders.Of(model.Provider),
            Model = model.Model,
            Entry = model.Entry,
            Prices = model.Prices,
            Capabilities = model.Entry!.Capabilities,
            Local = model.Local,
            State = new DeploymentState(model.Id),
        };

    private decimal? CostOf(KnownModel model, string? task)
    {
        var reasons =
            (model.Deployment?.Capabilities ?? model.Entry?.Capabilities)?.Reasoning is true;
        var answer = model.Kind is ModelKind.Embedding ? 0 : UsualAnswers.Of(task, reasons);
        var usage = new TokenUsage
        {
            Input = PromptTokens,
            Output = answer,
            Estimated = true,
        };
        return Cost.Of(usage, model.Prices?.On(day)) is { } cost
            ? decimal.Round(cost.Usd, 9)
            : null;
    }

    /// <summary>What is said in so many words wins over what was understood.</summary>
    private static UnderstoodWish Over(UnderstoodWish wish, RecommendationConstraints said) =>
        wish with
        {
            MaxCostPer1k = said.MaxCostPer1k ?? wish.MaxCostPer1k,
            MaxInputPer1k = said.MaxCostPer1k is null ? wish.MaxInputPer1k : null,
            MaxOutputPer1k = said.MaxCostPer1k is null ? wish.MaxOutputPer1k : null,
            MaxCostUsd = said.MaxCostUsd ?? wish.MaxCostUsd,
            MaxLatencyMs = said.MaxLatencyMs ?? wish.MaxLatencyMs,
            MinContext = said.MinContext ?? wish.MinContext,
            Capabilities =
            [
                .. (said.Capabilities.Count > 0 ? said.Capabilities : wish.Capabilities).Distinct(
                    StringComparer.Ordinal
                ),
            ],
            Local = said.Local ?? wish.Local,
            Providers = said.Provider is { } provider ? [provider] : wish.Providers,
            WithoutProviders = said.Provider is null ? wish.WithoutProviders : [],
        };
}
