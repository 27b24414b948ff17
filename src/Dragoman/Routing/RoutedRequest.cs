using Dragoman.Access;
using Dragoman.Agents;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing.Affinity;
using Dragoman.Routing.Conditions;
using Dragoman.Routing.Quality;
using Dragoman.Routing.Rules;

namespace Dragoman.Routing;

/// <summary>What bears on the choice of who answers: what was asked for, the client's wishes, and how much it asks.</summary>
internal sealed class RoutedRequest
{
    private CostEstimate? _estimate;

    /// <summary>The name that is routed: the client's, or what a rule or an agent has in its place.</summary>
    public required string Name { get; init; }

    /// <summary>The name that the client asked for.</summary>
    public string Asked
    {
        get => field ?? Name;
        init;
    }

    /// <summary>The rule that fired; null where none did.</summary>
    public RoutingRule? Rule { get; init; }

    /// <summary>The agent that was asked; null where none was.</summary>
    public Agent? Agent { get; init; }

    /// <summary>Where it may be served, where that is settled already; null where its name, its rule and its wishes tell.</summary>
    public RegionBounds? Regions { get; init; }
    public required Operation Operation { get; init; }
    public required Wishes Wishes { get; init; }

    /// <summary>What who asks may call; null is everything.</summary>
    public ModelAccess? Access { get; init; }

    /// <summary>When; what is known of deployments is what was known then.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Prices are those of this day.</summary>
    public DateOnly Day => DateOnly.FromDateTime(Now.UtcDateTime);

    /// <summary>The request itself; null where a decision is made for any of that name.</summary>
    public Exchange? Exchange { get; init; }

    public RequestNeeds Needs { get; init; }

    /// <summary>What is left of a request that was answered long ago; null where it is at hand, or none is meant.</summary>
    public RecordedRequest? Recorded { get; init; }

    /// <summary>Whether a condition holds; where there is no request to look at, it may.</summary>
    public bool Meets(Condition? condition) =>
        condition is null
        || (
            Exchange is not null
                ? condition.Holds(new ExchangeFacts(Exchange))
                : Recorded is null || condition.Holds(Recorded.Facts)
        );

    /// <summary>The same request as a rule has it; what the client wishes for itself stands.</summary>
    public RoutedRequest Under(RoutingRule rule)
    {
        // A chain alone is asked for itself; behind a target it is the fallback.
        var isChain = rule is { Target: null, Chain: not null } && Wishes.Chain is null;
        return new RoutedRequest
        {
            Name = rule.Target ?? (isChain ? NameBook.ChainPrefix + rule.Chain : Name),
            Asked = Asked,
            Operation = Operation,
            Wishes = Wishes with
            {
                Strategy = Wishes.Strategy ?? rule.Strategy,
                Chain =
                    Wishes.Chain ?? (isChain || Wishes.Fallback is not null ? null : rule.Chain),
                // Nobody pinned it: where the target cannot serve, others may.
                ComputesFallback = true,
            },
            Now = Now,
            Exchange = Exchange,
            Needs = Needs,
            Recorded = Recorded,
            Access = Access,
            Rule = rule,
        };
    }

    /// <summary>The same request as an agent has it.</summary>
    public RoutedRequest As(Agent agent) =>
        new()
        {
            Name = agent.Model,
            Asked = Asked,
            Operation = Operation,
            Wishes = agent.Within(Wishes),
            Now = Now,
            Exchange = Exchange,
            Needs = Needs,
            Access = Access,
            Agent = agent,
        };

    /// <summary>The same request where another name takes the place of what was decided: nothing of it goes where it could not have gone.</summary>
    public RoutedRequest Instead(string name, RoutingDecision former) =>
        new()
        {
            Name = name,
            Asked = former.Route,
            Operation = Operation,
            Wishes = Wishes with
            {
                LocalOnly = former.LocalOnly ? true : Wishes.LocalOnly,
                Chain = null,
                Fallback = null,
                IsForced = false,
            },
            Now = Now,
            Exchange = Exchange,
            Needs = Needs,
            Access = Access,
            Rule = Rule,
            Agent = Agent,
            Regions = former.Regions,
        };

    /// <summary>What it is about; null until somebody wants to know (<see cref="Classify"/>), and where there is no request to look at.</summary>
    public RequestProfile? Profile { get; private set; }

    /// <summary>The task whose qualities are compared: what the client named, else what the request was found to be; null compares them over all tasks.</summary>
    public string? Task => TaskNames.Find(Wishes.TaskType) ?? Profile?.QualityTask;

    /// <summary>How hard it is; null where nobody looked.</summary>
    public double? Difficulty => Profile?.Difficulty;

    /// <summary>What the request is thought to cost and take.</summary>
    public CostEstimate Estimate =>
        _estimate ??= new CostEstimate(Size(), Operation, Day)
        {
            Task = Task,
            HasSystemWords = HasSystemWords,
        };

    /// <summary>What it is thought to cost at the most.</summary>
    public CostEstimate EstimateAtMost =>
        new(Size(), Operation, Day) { IsForLimit = true, HasSystemWords = HasSystemWords };

    /// <summary>The limit of money, where the client gave one and a request is at hand that could keep or break it.</summary>
    public SpendingLimit? Limit =>
        Wishes.MaxCostUsd is { } most && Exchange is not null && Operation != Operation.CountTokens
            ? new SpendingLimit(most, EstimateAtMost)
            : null;

    /// <summary>Has the request read whole and classified: whoever weighs it by what it holds asks for it first.</summary>
    public void Classify()
    {
        if (Profile is not null || Operation is not Operation.Chat)
            return;
        Profile = Exchange is null ? Recorded?.Facts.Profile : RequestReading.Of(Exchange).Profile;
        _estimate = null;
    }

    public static RoutedRequest Of(Exchange exchange) =>
        new()
        {
            Name = exchange.Envelope.Model,
            Operation = exchange.Operation,
            Wishes = exchange.Wishes,
            Now = exchange.StartedAt,
            Exchange = exchange,
            Needs = exchange.Envelope.Needs,
            Access = exchange.Get<Caller>()?.Access,
        };

    /// <summary>A deployment with the facts that bear on this request.</summary>
    /// <param name="deployment">Which.</param>
    /// <param name="quality">How good deployments are thought to be by now.</param>
    public Candidate Candidate(Deployment deployment, LiveQuality? quality) =>
        CandidateFacts.Of(
            deployment,
            Estimate,
            Task,
            Needs,
            Difficulty,
            new LiveFacts(Now, quality)
        );

    /// <summary>One that was made for another request of this kind, with the facts that bear on this one.</summary>
    /// <param name="candidate">The one.</param>
    /// <param name="quality">How good deployments are thought to be by now.</param>
    /// <param name="holder">Who holds the conversation in a cache; null where nobody does.</param>
    public Candidate Again(Candidate candidate, LiveQuality? quality, CacheHolder? holder) =>
        candidate.For(
            Estimate,
            Difficulty,
            new LiveFacts(Now, quality),
            Held(candidate.Deployment, holder)
        );

    private HeldCache? Held(Deployment deployment, CacheHolder? holder)
    {
        if (holder is null || holder.Deployment != deployment.PublicName || !IsWell(deployment))
            return null;
        var tokens = Math.Min(holder.HeldTokens, Estimate.Size.PromptTokens);
        return new HeldCache(tokens, CacheAffinity.Saving(deployment, tokens, Day));
    }

    /// <summary>Who rests is left, whatever it holds.</summary>
    private bool IsWell(Deployment deployment) =>
        !deployment.State.IsCooling(Now) && deployment.State.Breaker.Phase == BreakerPhase.Closed;

    private bool HasSystemWords =>
        Exchange is { Envelope.HasSystemMessage: true }
        || Rule?.Parameters?.SystemPrompt is { Length: > 0 }
        || Agent?.SystemPrompt is { Length: > 0 }
        || Agent?.Parameters?.SystemPrompt is { Length: > 0 };

    /// <summary>As it will be sent: what a rule or an agent puts in is paid for too.</summary>
    private RequestSize Size()
    {
        // What was recorded is what was sent.
        if (Exchange is null && Recorded is { } recorded)
            return recorded.Size;
        var size = AsItCame();
        return Rule?.Parameters is null && Agent is null
            ? size
            : size with
            {
                PromptTokens =
                    size.PromptTokens
                    + (Rule?.Parameters?.SystemPromptTokens ?? 0)
                    + (Agent?.SystemPromptTokens ?? 0)
                    + (Agent?.Parameters?.SystemPromptTokens ?? 0),
                MaxTokens =
                    Rule?.Parameters?.MaxTokens ?? size.MaxTokens ?? Agent?.Parameters?.MaxTokens,
            };
    }

    private RequestSize AsItCame() =>
        Exchange is null ? RequestSize.Usual
        : Wishes.MaxCostUsd is null ? RequestSize.Roughly(Exchange.Envelope)
        : RequestSize.Closely(Exchange.Envelope, Exchange.Dialect, Exchange.Body);
}

/// <summary>A request of which only the record is left.</summary>
/// <param name="Size">How much it asked.</param>
/// <param name="Facts">What else is known of it.</param>
internal sealed record RecordedRequest(RequestSize Size, RuleFacts Facts);
