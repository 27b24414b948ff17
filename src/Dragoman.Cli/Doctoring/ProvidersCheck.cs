using Dragoman.Cli.Terminals;
using Dragoman.Configuration;
using Dragoman.Native;

namespace Dragoman.Cli.Doctoring;

/// <summary>Whether each provider answers and takes its key.</summary>
internal static class ProvidersCheck
{
    private const string Name = "providers";

    public static IEnumerable<Finding> Run(HealthInfo health, ConfigReport report, bool isServed)
    {
        foreach (var provider in health.Providers)
            yield return Of(provider);
        foreach (
            var unusable in report.Findings.Where(finding =>
                !finding.IsUsable
                && !health.Providers.Any(provider => provider.Provider == finding.Provider)
            )
        )
            yield return Finding.Warning(
                Name,
                $"{unusable.Provider} ({unusable.Source}) cannot be called: {unusable.Note ?? "it is not complete"}",
                "Complete it, or take it out of the configuration."
            );
        if (health.Providers.Count == 0 && isServed)
            yield return Finding.Note(
                Name,
                "none is configured here; the server that answers has its own",
                "How those are: dragoman health --now"
            );
        else if (health.Providers.Count == 0)
            yield return Finding.Error(
                Name,
                "none is configured: no key is set, and no local server answers",
                "Set a key such as OPENAI_API_KEY or ANTHROPIC_API_KEY, start Ollama, or try it with simulated models: dragoman serve --demo"
            );
        else if (health.LocalOnly)
            yield return Finding.Note(Name, "offline mode: what is outside the house is not asked");
    }

    private static Finding Of(ProviderHealthInfo provider)
    {
        var refused = provider.Keys.Where(static key => key.Refused).ToList();
        return provider switch
        {
            { Available: false, LastError: { } error } => Finding.Error(
                Name,
                $"{provider.Provider}: {error.Message.TrimEnd('.')} ({error.Kind})",
                error.Remedy
            ),
            { Available: false } => Finding.Error(
                Name,
                $"{provider.Provider} cannot be called",
                "dragoman providers test " + provider.Provider
            ),
            { Available: true } when refused.Count > 0 => Finding.Warning(
                Name,
                $"{provider.Provider} answers, but refuses {refused.Count} of its {provider.Keys.Count} keys: number {string.Join(", ", refused.Select(static key => key.Position))}",
                "Replace them in api_keys, or take them out."
            ),
            { Available: true } => Finding.Ok(
                Name,
                $"{provider.Provider} answers in {Figures.Milliseconds(provider.LatencyMs)}"
                    + (provider.Keys.Count > 0 ? " and takes the key" : "")
            ),
            _ => Finding.Note(
                Name,
                $"{provider.Provider} was not asked: {provider.NotProbed ?? "nothing is known of it"}"
            ),
        };
    }
}
