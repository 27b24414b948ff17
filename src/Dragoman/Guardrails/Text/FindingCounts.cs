namespace Dragoman.Guardrails.Text;

/// <summary>How often each rule found something: kinds and numbers, never what was found.</summary>
internal sealed class FindingCounts
{
    private readonly List<(
        string Guardrail,
        string Kind,
        GuardrailAction Action,
        int Count
    )> _all = [];

    public bool IsEmpty => _all.Count == 0;

    public void Add(TextRule rule) => Add(rule.Guardrail, rule.Shape.Kind, rule.Action);

    public void Add(string guardrail, string kind, GuardrailAction action, int count = 1)
    {
        for (var i = 0; i < _all.Count; i++)
        {
            var known = _all[i];
            if (known.Guardrail != guardrail || known.Kind != kind || known.Action != action)
                continue;
            _all[i] = known with { Count = known.Count + count };
            return;
        }
        _all.Add((guardrail, kind, action, count));
    }

    /// <summary>What was found, on one side of the exchange.</summary>
    public IEnumerable<GuardrailFinding> On(string side) =>
        _all.Select(found => new GuardrailFinding(
            found.Guardrail,
            found.Kind,
            found.Action,
            side,
            found.Count
        ));
}
