using Dragoman.Exchanges;

namespace Dragoman.Configuration;

/// <summary>Reads one entry of <c>agents</c>.</summary>
internal static class AgentReader
{
    private const decimal MostUsd = 1_000_000;

    public static AgentConfig Read(string id, ConfigSection section)
    {
        var parameters = section.Section("parameters");
        var agent = new AgentConfig
        {
            Id = id,
            Model = section.Text("model"),
            Chain = section.Text("chain"),
            FallbackModels = section.Texts("fallback_models"),
            Strategy = section.Text("strategy"),
            Parameters = parameters is null ? null : ModelReader.Parameters(parameters),
            SystemPrompt = section.Text("system_prompt"),
            Context = ContextReader.Read(section, "context"),
            Capabilities = CapabilitiesOf(section),
            MaxCostUsd = section.Number("max_cost_usd", 0, MostUsd),
            LocalOnly = section.Flag("local_only"),
            Description = section.Text("description"),
            Active = section.Flag("active"),
        };
        parameters?.Done();
        section.Done();
        if (agent is { Chain: not null, FallbackModels: not null })
            section.Mistakes.Add(
                section.Path + ".fallback_models",
                "'chain' says already who is tried behind its model: say one of them."
            );
        if (agent.Parameters?.SystemPrompt is not null)
            section.Mistakes.Add(
                section.Path + ".parameters.system_prompt",
                "An agent's words stand beside its parameters: write it as 'system_prompt' of the agent."
            );
        return agent;
    }

    private static IReadOnlyList<string> CapabilitiesOf(ConfigSection section)
    {
        var capabilities = new List<string>();
        foreach (var word in section.Texts("capabilities") ?? [])
            if (Capabilities.Find(word) is { } capability)
                capabilities.Add(capability);
            else
                section.Mistakes.Add(
                    section.Path + ".capabilities",
                    $"'{ConfigSection.Shown(word)}' is no capability. Known are: {string.Join(", ", Capabilities.Words)}."
                );
        return capabilities;
    }
}
