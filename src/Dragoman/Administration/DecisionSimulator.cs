using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Routing.Balancing;
using Dragoman.Routing.Decisions;
using Dragoman.Routing.Rules;
using Dragoman.Usage;

namespace Dragoman.Administration;

/// <summary>
/// Makes recorded decisions again under a change, and adds up what comes of it. What was weighed then is weighed again by the figures
/// of then; where a rule sends a request to somebody who was not weighed, that one is looked at by today's. Nobody is called.
/// </summary>
internal sealed class DecisionSimulator(NameResolver names, DecisionChange change, RuleBook? rules)
{
    private static readonly DecisionChange Nothing = new();

    private readonly DecisionReplay _replay = new(names.Table.Strategies);
    private readonly SimulationAccounts _accounts = new();
    private readonly Dictionary<string, (int Fired, int Unknown)> _rules = new(
        StringComparer.Ordinal
    );
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public void Take(UsageRecord record)
    {
        if (record.Decision is not { Chain: [var first, ..] } decision)
            _accounts.Skip("nothing was weighed: the client or configuration left no choice");
        else if (_replay.Chain(Nothing, decision) is not { } again)
            _accounts.Skip("its strategy is not there any more");
        else if (again.Models is not [var same, ..] || same != first)
            _accounts.Skip("its record does not give the decision again");
        else
            Take(record, decision, first);
    }

    public RoutingSimulation Report() =>
        _accounts.Report(
            [
                .. (rules?.Rules ?? []).Select(rule =>
                {
                    var (fired, unknown) = _rules.GetValueOrDefault(rule.Name);
                    return new SimulatedRule(rule.Name, fired, unknown);
                }),
            ],
            [
                .. change
                    .Prices.Keys.Concat(change.Without)
                    .Distinct()
                    .Where(name => !_seen.Contains(name))
                    .Order(StringComparer.Ordinal),
            ]
        );

    private void Take(UsageRecord record, DecisionRecord decision, string first)
    {
        var facts = new RecordedFacts(record);
        if (FiringRule(record, facts, out var fired) is { } untold)
        {
            _accounts.Skip(untold);
            return;
        }
        var asked = new RoutedRequest
        {
            Name = record.Route ?? "",
            Operation = record.Operation == "embeddings" ? Operation.Embeddings : Operation.Chat,
            Wishes = new Wishes { ComputesFallback = true },
            Now = record.StartedAt,
            Needs =
                (facts.HasTools is true ? RequestNeeds.Tools : RequestNeeds.None)
                | (facts.HasImages is true ? RequestNeeds.Vision : RequestNeeds.None),
            Recorded = new RecordedRequest(
                new RequestSize(decision.PromptTokens, decision.MaxTokens, decision.Choices),
                facts
            ),
        };
        asked.Classify();
        var (made, by) = Made(asked, decision, fired);
        if (_replay.Chain(by, made) is not { } chain)
        {
            _accounts.Skip("its strategy is not there any more");
            return;
        }
        var before = new SimulatedChoice(first, Facts(first, decision, decision, asked));
        var after = chain.Models is [var model, ..]
            ? new SimulatedChoice(
                model,
                Facts(model, decision, made, asked) is { } known
                    ? DecisionReplay.Priced(known, change, decision)
                    : null
            )
            : null;
        See(decision);
        See(made);
        _accounts.Add(record, facts.Task, before, after, Reason(chain, fired, after));
    }

    /// <summary>What decides now, and under which change: what was recorded, or where rules send it elsewhere a decision made anew.</summary>
    private (DecisionRecord Decision, DecisionChange Change) Made(
        RoutedRequest asked,
        DecisionRecord recorded,
        RoutingRule? fired
    )
    {
        if (rules is null || (fired is null && recorded.Rule is null))
            return (recorded, change);
        if (fired is not null)
        {
            // What orders equals only chooses nobody.
            var by =
                fired.Strategy is { } name
                && names.Table.Strategies.Find(name) is not (null or BalancingStrategy)
                    ? change with
                    {
                        Strategy = name,
                    }
                    : change;
            if (recorded.Rule == fired.Name && IsAsConfigured(fired))
                return (recorded, change);
            if (fired is { Target: null, Chain: null } && recorded.Rule is null)
                return (recorded, by);
            if (Anew(asked.Under(fired), recorded) is { } ruled)
                return (ruled, fired.Target is null && fired.Chain is null ? by : change);
        }
        // Nobody of whom the rule wants can be asked, or none fires any more: as if there were no rule.
        return (recorded.Rule is null ? recorded : Anew(asked, recorded) ?? recorded, change);
    }

    private bool IsAsConfigured(RoutingRule fired) =>
        names.Table.Rules.Rules.FirstOrDefault(rule => rule.Name == fired.Name) is { } now
        && now.Outcome == fired.Outcome;

    private DecisionRecord? Anew(RoutedRequest request, DecisionRecord recorded) =>
        names.Resolve(request).Decision is { } decision
            ? (decision.Record ?? new DecisionRecord()) with
            {
                Chain = [.. decision.Chain.Select(static one => one.PublicName)],
                PromptTokens = recorded.PromptTokens,
                MaxTokens = recorded.MaxTokens,
                Choices = recorded.Choices,
            }
            : null;

    /// <summary>The rule that takes a request; where the record does not tell, why not.</summary>
    private string? FiringRule(UsageRecord record, RecordedFacts facts, out RoutingRule? fired)
    {
        fired = null;
        if (
            rules is null
            || record.Operation != "chat"
            || !names.Book.Find(facts.Model).ComesUnderRules
        )
            return null;
        foreach (var rule in rules.Rules)
        {
            var (before, unknown) = _rules.GetValueOrDefault(rule.Name);
            switch (facts.Meets(rule.When))
            {
                case null:
                    _rules[rule.Name] = (before, unknown + 1);
                    return $"rule '{rule.Name}' asks for {facts.Untold(rule.When)}, which the record does not tell";
                case true:
                    _rules[rule.Name] = (before + 1, unknown);
                    fired = rule;
                    return null;
            }
        }
        return null;
    }

    /// <summary>As they were recorded; of whom nothing was, as they are today.</summary>
    private CandidateRecord? Facts(
        string model,
        DecisionRecord recorded,
        DecisionRecord made,
        RoutedRequest asked
    ) =>
        Weighed(model, recorded)
        ?? Weighed(model, made)
        ?? (
            recorded.PromptTokens > 0
            && names.Book.Find(model) is NameMeaning.One { Deployment: var deployment }
                ? CandidateRecord.Of(asked.Candidate(deployment, names.Table.Quality))
                : null
        );

    private static CandidateRecord? Weighed(string model, DecisionRecord decision) =>
        decision
            .Weighings.SelectMany(static weighing => weighing.Candidates)
            .FirstOrDefault(candidate => candidate.Model == model);

    private static string Reason(ReplayedChain chain, RoutingRule? fired, SimulatedChoice? after)
    {
        var rule = fired is null ? null : $"rule '{fired.Name}'";
        return after is null ? "nobody is left"
            : string.IsNullOrEmpty(chain.Reason) ? rule ?? $"{after.Model} is named"
            : rule is null ? chain.Reason
            : $"{rule}: {chain.Reason}";
    }

    private void See(DecisionRecord decision)
    {
        foreach (
            var model in decision
                .Weighings.SelectMany(static weighing => weighing.Candidates)
                .Select(static candidate => candidate.Model)
                .Concat(decision.Chain)
        )
        {
            _seen.Add(model);
            _seen.Add(model[..Math.Max(0, model.IndexOf('/', StringComparison.Ordinal))]);
        }
    }
}
