using System.Collections.Frozen;

namespace Dragoman.Exchanges;

/// <summary>The words for what a request is about.</summary>
public static class TaskNames
{
    /// <summary>The tasks themselves.</summary>
    public static readonly IReadOnlyList<string> All =
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

    private static readonly FrozenDictionary<string, string> Others = new Dictionary<
        string,
        string
    >(StringComparer.Ordinal)
    {
        ["code_generation"] = "code",
        ["coding"] = "code",
        ["qa"] = "knowledge",
        ["creative_writing"] = "creative",
        ["summary"] = "summarization",
        ["conversation"] = "chat",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every word that names a task, other words for the same one included.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [.. All, .. Others.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The task that a word means, e.g. <c>code</c> for <c>coding</c>; null where it names none.</summary>
    public static string? Find(string word) =>
        Others.GetValueOrDefault(word)
        ?? (All.Contains(word, StringComparer.Ordinal) ? word : null);
}
