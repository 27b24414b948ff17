using System.Globalization;
using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>What the environment says about defaults and providers, in the words of the file.</summary>
internal sealed class EnvironmentConfig(Func<string, string?> environment, ConfigMistakes mistakes)
{
    public const string StrategyVariable = "LLM_ROUTING_STRATEGY";

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
        return file with
        {
            Provider = Value("LLM_DEFAULT_PROVIDER") ?? file.Provider,
            Strategy = Value(StrategyVariable) ?? file.Strategy,
            Fallback = Flag("LLM_ENABLE_FALLBACK") ?? file.Fallback,
            PreferLocal = Flag("LLM_PREFER_LOCAL") ?? file.PreferLocal,
            LocalOnly = Flag("LLM_LOCAL_ONLY") ?? file.LocalOnly,
            MaxLatencyMs = Milliseconds("LLM_MAX_LATENCY_MS") ?? file.MaxLatencyMs,
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

    private long? Milliseconds(string variable)
    {
        if (Value(variable) is not { } text)
            return null;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
        )
            return number;
        mistakes.Environment(
            variable,
            "Must be a whole number of milliseconds, 1 or more.",
            isWarning: false
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
