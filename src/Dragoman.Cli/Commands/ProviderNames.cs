using Dragoman.Catalog;

namespace Dragoman.Cli.Commands;

/// <summary>Known kinds of providers, for completion.</summary>
internal static class ProviderNames
{
    public static IEnumerable<string> All =>
        ProviderTypes.Default.All.Select(static type => type.Name).Order(StringComparer.Ordinal);
}

/// <summary>The ten tasks, for completion.</summary>
internal static class TaskWords
{
    public static readonly string[] All =
    [
        "code",
        "math",
        "reasoning",
        "knowledge",
        "creative",
        "summarization",
        "translation",
        "extraction",
        "analysis",
        "chat",
    ];
}
