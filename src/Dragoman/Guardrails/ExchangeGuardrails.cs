using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Guardrails.Detectors;
using Dragoman.Guardrails.Text;

namespace Dragoman.Guardrails;

/// <summary>The guardrails that one exchange is under, and what they found.</summary>
internal sealed class ExchangeGuardrails
{
    private readonly Exchange _exchange;
    private readonly List<Guardrail> _always = [];

    /// <summary>Those that are for some deployments: whether they are for this one is known when it is asked.</summary>
    private readonly List<Guardrail> _byDeployment = [];
    private readonly FindingCounts _output = new();
    private FindingCounts _input = new();
    private FindingCounts? _stream;

    private ExchangeGuardrails(Exchange exchange) => _exchange = exchange;

    /// <summary>Those of an exchange; null where it is under none.</summary>
    public static ExchangeGuardrails? For(Exchange exchange, GuardrailBook book)
    {
        ExchangeGuardrails? found = null;
        var facts = ScopeFacts.Of(exchange);
        for (var i = 0; i < book.All.Count; i++)
        {
            var guardrail = book.All[i];
            if (guardrail.Scope.NeedsDeployment)
                (found ??= new ExchangeGuardrails(exchange))._byDeployment.Add(guardrail);
            else if (guardrail.Scope.Holds(facts))
                (found ??= new ExchangeGuardrails(exchange))._always.Add(guardrail);
        }
        return found;
    }

    /// <summary>Some may look at the request: it goes to nobody as it came without their leave.</summary>
    public bool SeeInput =>
        _always.Exists(static guardrail => guardrail.SeesInput)
        || _byDeployment.Exists(static guardrail => guardrail.SeesInput);

    /// <summary>What was found, for the record; the answer, if there was one, is over.</summary>
    public IReadOnlyList<GuardrailFinding> Conclude()
    {
        if (_stream is { } stream)
            NoteOutput(stream);
        _stream = null;
        return [.. _input.On("input"), .. _output.On("output")];
    }

    /// <summary>What is found in a stream that begins, in the place of one that nobody has seen anything of.</summary>
    public void Follow(FindingCounts stream) => _stream = stream;

    /// <summary>What may be sent of a conversation that was put together from earlier turns and this one.</summary>
    public (ChatRequest Request, GatewayError? Error) GuardRecalled(ChatRequest request)
    {
        // This turn is among them.
        _input = new FindingCounts();
        return Guard(request);
    }

    /// <summary>What may be sent, whoever answers: the very same request where nothing was masked; what is wrong with it where it may not be sent.</summary>
    public (ChatRequest Request, GatewayError? Error) Guard(ChatRequest request) =>
        Guard(request, _always);

    /// <inheritdoc cref="Guard(ChatRequest)"/>
    public (EmbeddingRequest Request, GatewayError? Error) Guard(EmbeddingRequest request)
    {
        foreach (var guardrail in _always)
            if (
                guardrail is { SeesInput: true, Limits: { } limits }
                && limits.Exceeded(request) is { } over
            )
                return (request, Over(guardrail, over));
        var counts = new FindingCounts();
        var texts = new GuardedTexts(RulesOf(_always, GuardrailSide.Input), counts);
        var walk = new RequestTexts(texts, cues: null);
        var guarded = walk.Guard(request);
        Note(counts);
        return (guarded, walk.IsBlocked ? Refusal(texts.BlockedBy!, walk.Place) : null);
    }

    /// <summary>What may be sent to a deployment, by those that are for it: the very same request where nothing more was masked.</summary>
    public (ChatRequest Request, GatewayError? Error) Guard(
        ChatRequest request,
        Deployment deployment
    )
    {
        var facts = ScopeFacts.Of(_exchange, deployment);
        return Guard(request, _byDeployment.FindAll(guardrail => guardrail.Scope.Holds(facts)));
    }

    /// <summary>Some that look at the request are for this deployment.</summary>
    public bool SeeInputOf(Deployment deployment) =>
        _byDeployment.Count > 0 && Holding(deployment).Any(static guardrail => guardrail.SeesInput);

    /// <summary>What is looked for in the answers of a deployment; empty is nothing.</summary>
    public IReadOnlyList<TextRule> OutputRules(Deployment deployment) =>
        RulesOf([.. _always, .. Holding(deployment)], GuardrailSide.Output);

    /// <summary>Something is looked for in the answers of a deployment.</summary>
    public bool SeeOutputOf(Deployment deployment) =>
        _always.Exists(static guardrail => guardrail.SeesOutput)
        || _byDeployment.Count > 0
            && Holding(deployment).Any(static guardrail => guardrail.SeesOutput);

    /// <summary>Takes what was found in an answer; a client that can still be told is told what was masked.</summary>
    public void NoteOutput(FindingCounts counts)
    {
        foreach (var found in counts.On("output"))
        {
            _output.Add(found.Guardrail, found.Kind, found.Action, found.Count);
            Tell(found);
        }
    }

    private IEnumerable<Guardrail> Holding(Deployment deployment)
    {
        var facts = ScopeFacts.Of(_exchange, deployment);
        foreach (var guardrail in _byDeployment)
            if (guardrail.Scope.Holds(facts))
                yield return guardrail;
    }

    private (ChatRequest Request, GatewayError? Error) Guard(
        ChatRequest request,
        List<Guardrail> guardrails
    )
    {
        foreach (var guardrail in guardrails)
            if (
                guardrail is { SeesInput: true, Limits: { } limits }
                && limits.Exceeded(request) is { } over
            )
                return (request, Over(guardrail, over));
        var counts = new FindingCounts();
        var texts = new GuardedTexts(RulesOf(guardrails, GuardrailSide.Input), counts);
        string? cued = null;
        var seekers = guardrails.FindAll(static guardrail =>
            guardrail is { SeesInput: true, Injection: not null }
        );
        var walk = new RequestTexts(
            texts,
            seekers.Count == 0
                ? null
                : text => (cued = StoppedBy(seekers, text, counts)) is not null
        );
        var guarded = walk.Guard(request);
        Note(counts);
        var error =
            cued is not null ? GuardrailErrors.OfInput(cued, InjectionRule.Kind, walk.Place)
            : texts.BlockedBy is { } rule ? Refusal(rule, walk.Place)
            : null;
        return (error is null ? guarded : request, error);
    }

    /// <summary>The guardrail that stops a request for what a text says; null where none does.</summary>
    private static string? StoppedBy(List<Guardrail> seekers, string text, FindingCounts counts)
    {
        var score = InjectionCues.Score(text);
        foreach (var guardrail in seekers)
        {
            var rule = guardrail.Injection!;
            if (score < rule.Threshold)
                continue;
            counts.Add(guardrail.Name, InjectionRule.Kind, rule.Action);
            if (rule.Action == GuardrailAction.Block)
                return guardrail.Name;
        }
        return null;
    }

    private GatewayError Over(Guardrail guardrail, (string Kind, long Found, int Most) over)
    {
        _input.Add(guardrail.Name, over.Kind, GuardrailAction.Block);
        return GuardrailErrors.OfLimit(guardrail.Name, over.Kind, over.Found, over.Most);
    }

    private static GatewayError Refusal(TextRule rule, string place) =>
        GuardrailErrors.OfInput(rule.Guardrail, rule.Shape.Kind, place);

    private void Note(FindingCounts counts)
    {
        foreach (var found in counts.On("input"))
        {
            _input.Add(found.Guardrail, found.Kind, found.Action, found.Count);
            Tell(found);
        }
    }

    private void Tell(GuardrailFinding found)
    {
        if (found.Action == GuardrailAction.Mask)
            _exchange.Log.Change(
                FormattableString.Invariant(
                    $"masked:{found.Side} {found.Kind}={found.Count} ({found.Guardrail})"
                )
            );
    }

    private static List<TextRule> RulesOf(IReadOnlyList<Guardrail> guardrails, GuardrailSide side)
    {
        var rules = new List<TextRule>();
        for (var i = 0; i < guardrails.Count; i++)
            if (guardrails[i].Side.HasFlag(side))
                rules.AddRange(guardrails[i].Rules);
        return rules;
    }
}
