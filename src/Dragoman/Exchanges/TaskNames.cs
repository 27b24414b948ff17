using System.Collections.Frozen;

namespace Dragoman.Exchanges;

/// <summary>The kinds of task there are, and the other words that clients may use for them.</summary>
public static class TaskNames
{
    private static readonly FrozenDictionary<string, string> Other = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["code_generation"] = "code",
        ["coding"] = "code",
        ["qa"] = "knowledge",
        ["creative_writing"] = "creative",
        ["summary"] = "summarization",
        ["conversation"] = "chat",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The ten tasks by their first names.</summary>
    public static IReadOnlyList<string> All { get; } =
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

    /// <summary>Every word that <see cref="Find"/> knows.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [.. All, .. Other.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The first name of the task that <paramref name="word"/> means; null where it means none.</summary>
    public static string? Find(string? word)
    {
        if (word is null)
            return null;
        if (Other.TryGetValue(word, out var first))
            return first;
        // The list's own text, so that records share it.
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i] == word)
                return All[i];
        }
        return null;
    }
}
