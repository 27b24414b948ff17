namespace Dragoman.Routing.Rules;

/// <summary>All active rules, in the order in which they are looked at.</summary>
internal sealed class RuleBook
{
    public static readonly RuleBook Empty = new([]);

    private readonly RoutingRule[] _rules;

    /// <param name="rules">In the order of the file.</param>
    public RuleBook(IEnumerable<RoutingRule> rules) =>
        _rules = [.. rules.Where(static rule => rule.Active).OrderBy(static rule => rule.Priority)];

    public IReadOnlyList<RoutingRule> Rules => _rules;

    public bool IsEmpty => _rules.Length == 0;

    /// <summary>The first whose condition holds; null where none does.</summary>
    public RoutingRule? Match(RuleFacts facts)
    {
        foreach (var rule in _rules)
            if (rule.When?.Holds(facts) ?? true)
                return rule;
        return null;
    }
}
