using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>What the environment says about defaults and providers, in the words of the file.</summary>
internal sealed class EnvironmentConfig(Func<string, string?> environment, ConfigMistakes mistakes)
{
    /// <summary>The value of a variable; an empty one counts as not set.</summary>
    public string? Value(string variable) =>
        environment(variable)?.Trim() is { Length: > 0 } value ? value : null;

    /// <summary>The first of the variables that is set.</summary>
    public (string Variable, string Value)? First(IEnumerable<string> variables)
    {
        foreach (var variable in variables)
            if (Value(variable) is { } value)
                return (variable, value);
        return null;
    }

    /// <summary>The file's defaults with those of the environment over them.</summary>
    public DefaultsConfig Over(DefaultsConfig file)
    {
        if (Value("LLM_MAX_LATENCY_MS") is not null)
            mistakes.Environment("LLM_MAX_LATENCY_MS", "This has no effect yet.");
        return file with
        {
            Provider = Value("LLM_DEFAULT_PROVIDER") ?? file.Provider,
            Strategy = Strategy() ?? file.Strategy,
            Fallback = Flag("LLM_ENABLE_FALLBACK") ?? file.Fallback,
            PreferLocal = Flag("LLM_PREFER_LOCAL") ?? file.PreferLocal,
            LocalOnly = Flag("LLM_LOCAL_ONLY") ?? file.LocalOnly,
        };
    }

    /// <summary>The account of a provider type that the environment sets up; null where it sets up none.</summary>
    public ProviderConfig? Account(ProviderType type)
    {
        var key = First(type.KeyVariables);
        var address = First(type.BaseUrlVariables);
        if (key is null && address is null)
            return null;
        return new ProviderConfig
        {
            Name = type.Name,
            BaseUrl = address?.Value,
            ApiKeyEnv = key?.Variable,
        };
    }

    /// <summary>The variable that set an account up, as findings name it.</summary>
    public string? Evidence(ProviderType type) =>
        (First(type.KeyVariables) ?? First(type.BaseUrlVariables))?.Variable;

    private string? Strategy()
    {
        const string Variable = "LLM_ROUTING_STRATEGY";
        if (Value(Variable) is not { } strategy)
            return null;
        if (RouteReader.Strategies.Contains(strategy, StringComparer.Ordinal))
            return strategy;
        mistakes.Environment(
            Variable,
            $"This strategy is not known or not supported yet; supported are: {string.Join(", ", RouteReader.Strategies)}."
        );
        return null;
    }

    private bool? Flag(string variable)
    {
        switch (Value(variable)?.ToLowerInvariant())
        {
            case null:
                return null;
            case "true" or "1" or "yes" or "on":
                return true;
            case "false" or "0" or "no" or "off":
                return false;
            default:
                mistakes.Environment(variable, "Must be true or false.", isWarning: false);
                return null;
        }
    }
}
