using Dragoman.Native;

namespace Dragoman.Cli.Doctoring;

/// <summary>Whether servers for local models answer on this machine; they need not, unless somebody said where they are.</summary>
internal static class LocalServersCheck
{
    private const string Name = "local servers";

    private static readonly (
        string Type,
        string Product,
        string Variable,
        string Usual,
        string Start
    )[] Known =
    [
        (
            "ollama",
            "Ollama",
            "OLLAMA_BASE_URL",
            "http://localhost:11434",
            "Start it with: ollama serve (and get a model with: ollama pull llama3.2)"
        ),
        (
            "lmstudio",
            "LM Studio",
            "LMSTUDIO_BASE_URL",
            "http://localhost:1234",
            "Start its server in the Developer tab, or with: lms server start"
        ),
    ];

    public static IEnumerable<Finding> Run(HealthInfo health, Func<string, string?> environment)
    {
        foreach (var (type, product, variable, usual, start) in Known)
        {
            // What is configured or was found is told among the providers.
            if (health.Providers.Any(provider => provider.Type == type))
                continue;
            yield return environment(variable) is { Length: > 0 } said
                ? Finding.Error(Name, $"{product} does not answer at {said} ({variable})", start)
                : Finding.Note(Name, $"{product} does not answer at {usual}", start);
        }
    }
}
