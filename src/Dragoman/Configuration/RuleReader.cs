namespace Dragoman.Configuration;

/// <summary>Reads one entry of <c>rules</c>.</summary>
internal static class RuleReader
{
    public static RuleConfig Read(ConfigSection section)
    {
        var parameters = section.Section("parameters");
        var rule = new RuleConfig
        {
            Path = section.Path,
            Name = section.Text("name") ?? section.Path,
            Priority = section.Whole("priority", 0, 1_000_000),
            When = ConditionReader.Read(section, "when"),
            Target = section.Text("target"),
            Chain = section.Text("chain"),
            Strategy = section.Text("strategy"),
            Parameters = parameters is null ? null : ModelReader.Parameters(parameters),
            Active = section.Flag("active"),
        };
        parameters?.Done();
        section.Done();
        if (
            rule is { Target: null, Chain: null, Strategy: null, Parameters: null }
            && !section.Mistakes.AnyUnder(section.Path)
        )
            section.Mistakes.Add(
                section.Path,
                "It does nothing: say target, chain, strategy or parameters."
            );
        return rule;
    }
}
