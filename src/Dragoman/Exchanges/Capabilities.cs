using System.Collections.Frozen;

namespace Dragoman.Exchanges;

/// <summary>The words for what a request may require of a model.</summary>
public static class Capabilities
{
    public const string Tools = "tools";
    public const string Vision = "vision";
    public const string Audio = "audio";
    public const string Pdf = "pdf";
    public const string StructuredOutput = "structured_output";
    public const string ReasoningEffort = "reasoning_effort";
    public const string Embeddings = "embeddings";
    public const string Streaming = "streaming";
    public const string Offline = "offline";
    public const string LongContext = "long_context";
    public const string WebSearch = "web_search";

    /// <summary>Facts of a deployment.</summary>
    public static readonly IReadOnlyList<string> Hard =
    [
        Tools,
        Vision,
        Audio,
        Pdf,
        StructuredOutput,
        ReasoningEffort,
        Embeddings,
        Streaming,
        Offline,
        LongContext,
        WebSearch,
    ];

    /// <summary>Matters of degree: known by name, measured once task scores are.</summary>
    public static readonly IReadOnlyList<string> Soft =
    [
        "code",
        "math",
        "reasoning",
        "analysis",
        "creative",
        "multilingual",
        "translation",
    ];

    private static readonly FrozenDictionary<string, string> HardNames = Hard.Select(static name =>
            KeyValuePair.Create(name, name)
        )
        .Append(KeyValuePair.Create("function_calling", Tools))
        .Append(KeyValuePair.Create("local", Offline))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The first name of a hard capability; null for any other word.</summary>
    public static string? FindHard(string word) => HardNames.GetValueOrDefault(word);

    public static bool IsSoft(string word) => Soft.Contains(word, StringComparer.Ordinal);
}
