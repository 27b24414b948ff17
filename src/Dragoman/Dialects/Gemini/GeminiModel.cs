using Dragoman.Catalog;

namespace Dragoman.Dialects.Gemini;

/// <summary>What Google's model families take, told by their names. A name that is none of theirs takes everything.</summary>
/// <remarks>ai.google.dev/gemini-api/docs: structured-output, thinking, thought-signatures, file-input-methods; seen 2026-11.</remarks>
internal readonly struct GeminiModel
{
    private readonly string _name;

    public GeminiModel(Deployment target)
    {
        var model = target.Model;
        _name = model[(model.LastIndexOf('/') + 1)..].ToLowerInvariant();
        IsVertex = target.Provider.Type.Name == "vertex";
    }

    /// <summary>Served by Vertex AI, which fetches files by address for every model.</summary>
    public bool IsVertex { get; }

    private bool IsFirst => Starts("gemini-1") || Starts("gemini-pro");
    private bool IsSecond => Starts("gemini-2");
    private bool Is25 => Starts("gemini-2.5");

    /// <summary>Of the third generation.</summary>
    public bool IsThird => Starts("gemini-3");

    /// <summary>Takes JSON schemas as such, not only Google's subset of OpenAPI.</summary>
    public bool TakesJsonSchema => !IsFirst && (!IsSecond || Is25);

    /// <summary>Fetches files by their address.</summary>
    public bool FetchesAddresses => IsVertex || (!IsFirst && (!IsSecond || Is25));

    /// <summary>Takes images and files inside a function's response.</summary>
    public bool TakesMediaInResults => !IsFirst && !IsSecond;

    /// <summary>Answers in JSON while it may call functions.</summary>
    public bool TakesJsonBesideTools => !IsFirst && !IsSecond;

    /// <summary>Refuses a call of the current turn that bears no signature.</summary>
    public bool WantsSignatures => IsThird && !_name.Contains("image", StringComparison.Ordinal);

    /// <summary>How it is told how much to reason.</summary>
    public GeminiThinking Thinking =>
        IsFirst || (IsSecond && !Is25) ? GeminiThinking.None
        : Is25 ? GeminiThinking.Budget
        : GeminiThinking.Level;

    /// <summary>The least budget it takes: the large ones cannot do without reasoning.</summary>
    public long LeastBudget => Is25 && _name.Contains("-pro", StringComparison.Ordinal) ? 128 : 0;

    /// <summary>The largest budget it takes.</summary>
    public long MostBudget =>
        Is25 && !_name.Contains("-pro", StringComparison.Ordinal) ? 24_576 : 32_768;

    /// <summary>The least level it takes.</summary>
    public string LeastLevel =>
        IsThird && _name.Contains("-pro", StringComparison.Ordinal) ? "low" : "minimal";

    private bool Starts(string prefix) => _name.StartsWith(prefix, StringComparison.Ordinal);
}

/// <summary>How a model of Google's is told how much to reason.</summary>
internal enum GeminiThinking
{
    /// <summary>It does not reason.</summary>
    None,

    /// <summary>By a number of tokens.</summary>
    Budget,

    /// <summary>By a word.</summary>
    Level,
}
