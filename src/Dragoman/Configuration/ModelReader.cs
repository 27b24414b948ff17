using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Configuration;

/// <summary>Reads one entry of <c>models</c>, and the parameters that it shares with <c>defaults</c>.</summary>
internal static class ModelReader
{
    /// <summary>Null where it names no deployment.</summary>
    public static ModelConfig? Read(ConfigSection section)
    {
        var name = section.Text("name");
        var provider = section.Text("provider");
        var model = section.Text("model");
        var config = new ModelConfig
        {
            Path = section.Path,
            Name = name ?? "",
            Provider = provider ?? "",
            Model = model,
            Local = section.Word("source", "local", "cloud") switch
            {
                "local" => true,
                "cloud" => false,
                _ => null,
            },
            Region = section.Text("region"),
            Weight = section.Whole("weight", 0, 1_000_000),
            Priority = section.Whole("priority", 0, 1_000_000),
            Timeout = section.Seconds("timeout"),
            CostPer1kInput = section.Number("cost_per_1k_input", 0, 1000),
            CostPer1kOutput = section.Number("cost_per_1k_output", 0, 1000),
            ApiKeyEnv = section.Text("api_key_env"),
            ContextWindow = section.Whole("context_window", 1, 1_000_000_000),
            Capabilities = CapabilitiesOf(section),
            Tags = section.Texts("tags") ?? [],
            IsDefault = section.Flag("is_default"),
            FallbackModels = section.Texts("fallback_models") ?? [],
            Parameters = Parameters(section),
        };
        section.Done();
        if (name is null)
            section.Mistakes.Add(section.Path, "A deployment needs a name.");
        if (provider is null)
            section.Mistakes.Add(section.Path, "A deployment needs a provider.");
        return name is null || provider is null ? null : config;
    }

    private static List<string> CapabilitiesOf(ConfigSection section)
    {
        var names = new List<string>();
        foreach (var word in section.Words("capabilities", Capabilities.Words) ?? [])
        {
            var name = Capabilities.Find(word)!;
            if (name is Capabilities.LongContext)
                section.Mistakes.Warn(
                    section.Path + ".capabilities",
                    "long_context follows from context_window: say that instead."
                );
            else if (name is Capabilities.Offline)
                section.Mistakes.Warn(
                    section.Path + ".capabilities",
                    $"{word} follows from source: say 'source: local' instead."
                );
            else
                names.Add(name);
        }
        return names;
    }

    /// <summary>Null where none is said.</summary>
    public static DeploymentParameters? Parameters(ConfigSection section)
    {
        var parameters = new DeploymentParameters
        {
            Temperature = (double?)section.Number("temperature", 0, 2),
            TopP = (double?)section.Number("top_p", 0, 1),
            PresencePenalty = (double?)section.Number("presence_penalty", -2, 2),
            FrequencyPenalty = (double?)section.Number("frequency_penalty", -2, 2),
            MaxTokens = section.Whole("max_tokens", 1, 100_000_000),
            SystemPrompt = section.Text("system_prompt"),
        };
        return parameters == new DeploymentParameters() ? null : parameters;
    }
}
