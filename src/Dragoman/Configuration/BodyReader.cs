using Dragoman.Guardrails;
using Dragoman.Guardrails.Text;
using Dragoman.Usage.Bodies;

namespace Dragoman.Configuration;

/// <summary>Reads one entry of <c>bodies</c>.</summary>
internal static class BodyReader
{
    private const int UsualDays = 30;
    private const int MostDays = 3_650;

    public static BodyRule? Read(string name, ConfigSection section)
    {
        var isActive = section.Flag("active") ?? true;
        var rule = new BodyRule(name)
        {
            Scope = ScopeReader.Read(section),
            Retention = TimeSpan.FromDays(
                section.Whole("retention_days", 1, MostDays) ?? UsualDays
            ),
            Redaction = Redaction(name, section),
        };
        section.Done();
        if (rule.Scope.NeedsDeployment)
            section.Mistakes.Add(
                section.Path,
                "What is kept is known before anybody is asked: name keys, users, teams, workspaces, tags, routes or agents."
            );
        return isActive ? rule : null;
    }

    /// <summary>Everything that can be found, unless it is said what; an empty list is nothing.</summary>
    private static List<TextRule> Redaction(string name, ConfigSection section)
    {
        var kinds =
            section.Words("redact", [.. GuardrailReader.KindNames]) ?? ["personal", "secrets"];
        var rules = new List<TextRule>();
        foreach (var kind in kinds)
        foreach (var shape in GuardrailReader.ShapesOf(kind))
            if (!rules.Exists(rule => rule.Shape == shape))
                rules.Add(new TextRule(name, shape, GuardrailAction.Mask));
        return rules;
    }
}
