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

    /// <summary>Matters of degree, and the task whose quality tells: one is had where that is at least <see cref="GoodAt"/>.</summary>
    private static readonly FrozenDictionary<string, string> TaskOfSoft = new Dictionary<
        string,
        string
    >(StringComparer.Ordinal)
    {
        ["code"] = "code",
        ["math"] = "math",
        ["reasoning"] = "reasoning",
        ["analysis"] = "analysis",
        ["creative"] = "creative",
        // No benchmark measures it as such: whoever translates well knows the languages.
        ["multilingual"] = "translation",
        ["translation"] = "translation",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> OtherWords = new Dictionary<
        string,
        string
    >(StringComparer.Ordinal)
    {
        ["function_calling"] = Tools,
        ["local"] = Offline,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The quality, on the catalog's scale from 0 to 100, from which on a model is good at a task.</summary>
    public const double GoodAt = 50;

    /// <summary>Tokens of context from which on it is long.</summary>
    public const long Long = 100_000;

    /// <summary>Matters of degree: quality for that task at least <see cref="GoodAt"/>, or the model says so.</summary>
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

    /// <summary>All of them, under their first names.</summary>
    public static readonly IReadOnlyList<string> All = [.. Hard, .. Soft];

    /// <summary>Every word that names one.</summary>
    public static readonly IReadOnlyList<string> Words =
    [
        .. All,
        .. OtherWords.Keys.Order(StringComparer.Ordinal),
    ];

    /// <summary>The first name of a capability, e.g. <c>tools</c> for <c>function_calling</c>; null for any other word.</summary>
    public static string? Find(string word) =>
        OtherWords.GetValueOrDefault(word)
        ?? (All.Contains(word, StringComparer.Ordinal) ? word : null);

    /// <summary>The task whose quality tells whether a soft capability is had; null for a hard one and for any other word.</summary>
    public static string? TaskOf(string capability) => TaskOfSoft.GetValueOrDefault(capability);
}
