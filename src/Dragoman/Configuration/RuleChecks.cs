using Dragoman.Routing.Conditions;
using Dragoman.Routing.Rules;

namespace Dragoman.Configuration;

/// <summary>What is odd about rules: those that can never fire, and those of one priority that can both.</summary>
internal sealed class RuleChecks(ConfigMistakes mistakes)
{
    /// <param name="rules">The rules with where they stand, in the order of the file.</param>
    public void Check(IReadOnlyList<(string Path, RoutingRule Rule)> rules)
    {
        var looked = rules
            .Where(static one => one.Rule.Active)
            .OrderBy(static one => one.Rule.Priority)
            .Select(static one => (one.Path, one.Rule, Reach: ConditionReach.Of(one.Rule.When)))
            .ToList();
        for (var i = 0; i < looked.Count; i++)
        {
            var (path, rule, reach) = looked[i];
            if (reach.IsEmpty)
            {
                mistakes.Warn(path + ".when", $"This rule can never fire: {reach.WhyEmpty}.");
                continue;
            }
            if (
                looked
                    .Take(i)
                    .FirstOrDefault(earlier =>
                        !earlier.Reach.IsEmpty && earlier.Reach.Covers(reach)
                    ) is
                { Rule: { } shadow }
            )
            {
                mistakes.Warn(
                    path,
                    $"This rule can never fire: whatever it would take, '{shadow.Name}' takes before it."
                );
                continue;
            }
            foreach (var (_, other, others) in looked.Take(i))
                if (
                    other.Priority == rule.Priority
                    && !others.IsEmpty
                    && other.Outcome != rule.Outcome
                    && others.Meets(reach)
                )
                {
                    mistakes.Warn(
                        path + ".priority",
                        $"'{other.Name}' has the same priority {rule.Priority}, and both can meet one request: '{other.Name}' wins, since it stands first. Give them different priorities."
                    );
                    break;
                }
        }
    }
}
