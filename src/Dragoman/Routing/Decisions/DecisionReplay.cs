namespace Dragoman.Routing.Decisions;

/// <summary>Runs recorded decisions again: as they were, to see that the record explains them, or under other circumstances, to see what would have been.</summary>
internal sealed class DecisionReplay(RoutingStrategies strategies)
{
    private const decimal TokensPerUnit = 1_000_000m;

    /// <summary>The models that a recorded weighing gives when it is run again; null where its strategy is not there any more.</summary>
    public IReadOnlyList<string>? Again(WeighingRecord weighing) =>
        weighing.Again(strategies)?.Run().Chosen.Select(static chosen => chosen.Name).ToList();

    /// <summary>The candidates that would have been chosen under a change, the first in front; null where it cannot be told.</summary>
    public IReadOnlyList<CandidateRecord>? Under(
        DecisionChange change,
        DecisionRecord decision,
        WeighingRecord weighing
    )
    {
        var changed = weighing with
        {
            Strategy = weighing.Strategy is null ? null : change.Strategy ?? weighing.Strategy,
            Candidates =
            [
                .. weighing
                    .Candidates.Where(candidate => !IsLeftOut(candidate, change))
                    .Select(candidate => Priced(candidate, change, decision)),
            ],
        };
        var strategy = changed.Strategy is null ? null : strategies.Find(changed.Strategy);
        changed = changed with
        {
            Weights = strategy?.Weights is null ? null : change.Weights ?? weighing.Weights,
            PerProvider = weighing.PerProvider is null ? null : strategy?.PerProvider,
        };
        if (changed.Again(strategies) is not { } again)
            return null;
        var byName = changed.Candidates.ToDictionary(
            static one => one.Model,
            StringComparer.Ordinal
        );
        return [.. again.Run().Chosen.Select(chosen => byName[chosen.Name])];
    }

    private static bool IsLeftOut(CandidateRecord candidate, DecisionChange change) =>
        change.Without.Contains(candidate.Model)
        || change.Without.Contains(
            candidate.Model[..Math.Max(0, candidate.Model.IndexOf('/', StringComparison.Ordinal))]
        );

    private static CandidateRecord Priced(
        CandidateRecord candidate,
        DecisionChange change,
        DecisionRecord decision
    )
    {
        if (!change.Prices.TryGetValue(candidate.Model, out var price))
            return candidate;
        var held = Math.Min(candidate.HeldTokens ?? 0, decision.PromptTokens);
        var prompt =
            (decision.PromptTokens - held) * price.Input + held * (price.CacheRead ?? price.Input);
        var micro = prompt + candidate.AnswerTokens * decision.Choices * price.Output;
        return candidate with
        {
            CostUsd = micro is { } known ? decimal.Round(known / TokensPerUnit, 9) : null,
            SavedUsd = held * (price.Input - (price.CacheRead ?? price.Input)) / TokensPerUnit,
        };
    }
}
