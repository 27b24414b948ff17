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
    ) => Run(change, decision, weighing)?.Chosen;

    /// <summary>Everybody who would have been tried under a change, in order; null where a strategy is not there any more.</summary>
    public ReplayedChain? Chain(DecisionChange change, DecisionRecord decision)
    {
        var chain = new List<string>();
        string? reason = null;
        if (!Add(behind: false))
            return null;
        chain.AddRange(Named(decision).Where(name => !IsLeftOut(name, change)));
        return Add(behind: true) ? new ReplayedChain([.. chain.Distinct()], reason) : null;

        bool Add(bool behind)
        {
            foreach (var weighing in decision.Weighings.Where(one => one.Behind == behind))
            {
                if (Run(change, decision, weighing) is not { } run)
                    return false;
                if (chain.Count == 0)
                    reason = run.Reason;
                chain.AddRange(run.Chosen.Select(static chosen => chosen.Model));
            }
            return true;
        }
    }

    /// <summary>The members that no weighing chose: somebody had named them.</summary>
    private static IEnumerable<string> Named(DecisionRecord decision)
    {
        string[] behind =
        [
            .. decision
                .Weighings.Where(static weighing => weighing.Behind)
                .SelectMany(static weighing => weighing.Chosen),
        ];
        // One that was named can be chosen behind itself too: what follows the names is the first end of the chain that was chosen whole.
        var named = decision.Chain.Count;
        for (var i = Math.Min(1, named); behind.Length > 0 && i < decision.Chain.Count; i++)
            if (decision.Chain.Skip(i).SequenceEqual(behind.Except(decision.Chain.Take(i))))
            {
                named = i;
                break;
            }
        return decision
            .Chain.Take(named)
            .Except(
                decision
                    .Weighings.Where(static weighing => !weighing.Behind)
                    .SelectMany(static weighing => weighing.Chosen)
            );
    }

    private Rerun? Run(DecisionChange change, DecisionRecord decision, WeighingRecord weighing)
    {
        var changed = weighing with
        {
            Strategy = weighing.Strategy is null ? null : change.Strategy ?? weighing.Strategy,
            Candidates =
            [
                .. weighing
                    .Candidates.Where(candidate => !IsLeftOut(candidate.Model, change))
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
        if (changed.Candidates.Count == 0)
            return new Rerun([], null);
        // Not by name: two deployments may be of one model at one provider.
        var recorded = again
            .Candidates.Zip(changed.Candidates)
            .ToDictionary(
                static pair => pair.First,
                static pair => pair.Second,
                (IEqualityComparer<Candidate>)ReferenceEqualityComparer.Instance
            );
        var run = again.Run();
        return new Rerun(
            [.. run.Chosen.Select(chosen => recorded[chosen])],
            again.Strategy?.Name + again.Explain(run)
        );
    }

    /// <summary>Whether a change takes a <c>provider/model</c> away.</summary>
    public static bool IsLeftOut(string model, DecisionChange change) =>
        change.Without.Contains(model)
        || change.Without.Contains(
            model[..Math.Max(0, model.IndexOf('/', StringComparison.Ordinal))]
        );

    /// <summary>A candidate at the prices of a change.</summary>
    public static CandidateRecord Priced(
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
            Dear = price.Input > ChatModels.DearestUnasked,
            SavedUsd = held * (price.Input - (price.CacheRead ?? price.Input)) / TokensPerUnit,
        };
    }

    private sealed record Rerun(IReadOnlyList<CandidateRecord> Chosen, string? Reason);
}

/// <summary>Who would have been tried.</summary>
/// <param name="Models"><c>provider/model</c>, in order; empty where nobody is left.</param>
/// <param name="Reason">What decided who comes first; null where that was named.</param>
internal sealed record ReplayedChain(IReadOnlyList<string> Models, string? Reason);
