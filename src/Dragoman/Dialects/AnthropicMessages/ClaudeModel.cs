namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// A model of Anthropic's, told by its name wherever it is served, and what its generation takes. Which request it refuses depends
/// on the generation alone, and no catalog says it.
/// </summary>
/// <remarks>
/// platform.claude.com: what's new in Claude 4.6 (prefill refused), structured outputs (4.5 and later), adaptive thinking, migration
/// guides of Fable 5.1 and Opus 5.5; docs.aws.amazon.com/bedrock, adaptive thinking; "temperature and top_p cannot both be specified"
/// of Opus 4.1 and 4.5, "temperature is deprecated" of Opus 4.7: reported in public issues. All seen 2026-11.
/// </remarks>
internal readonly record struct ClaudeModel(string Line, int Major, int Minor)
{
    private static readonly string[] Lines =
    [
        "opus",
        "sonnet",
        "haiku",
        "fable",
        "mythos",
        "instant",
    ];

    /// <summary>A last message of the assistant is carried on, rather than refused.</summary>
    public bool TakesPrefill => !IsFrom(4, 6);

    /// <summary>Takes <c>temperature</c>, <c>top_p</c> and <c>top_k</c>.</summary>
    public bool TakesSampling => !IsFrom(4, 7);

    /// <summary>Takes <c>temperature</c> or <c>top_p</c>, not both.</summary>
    public bool TakesOneSampler => IsFrom(4, 5) || (Line == "opus" && IsFrom(4, 1));

    /// <summary>Takes a JSON schema for its answer, and strict tools.</summary>
    public bool TakesSchemas => IsFrom(4, 5);

    /// <summary>Takes <c>output_config.effort</c>.</summary>
    public bool TakesEffort => IsFrom(4, 6) || (Line == "opus" && IsFrom(4, 5));

    /// <summary>Takes <c>thinking: adaptive</c>.</summary>
    public bool ThinksAdaptively => IsFrom(4, 6);

    /// <summary>Takes <c>thinking: enabled</c> with a budget.</summary>
    public bool ThinksByBudget => IsFrom(3, 7) && !IsFrom(4, 7);

    /// <summary>Thinks whatever the request says.</summary>
    public bool AlwaysThinks => IsLarge ? IsFrom(5, 0) : IsFrom(5, 5);

    /// <summary>Can be made to call a tool.</summary>
    public bool TakesForcedTools => IsLarge ? !IsFrom(5, 1) : !IsFrom(5, 5);

    private bool IsLarge => Line is "fable" or "mythos";

    /// <summary>The model of that name; null where it is none of Anthropic's, or does not say its generation.</summary>
    public static ClaudeModel? Find(string name)
    {
        var at = name.LastIndexOf("claude", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var line = "";
        int? major = null;
        int? minor = null;
        var wasNumber = false;
        foreach (var word in name[at..].ToLowerInvariant().Split('-', '.', '@', ':', '/', '_'))
        {
            // Longer numbers are dates, and only what stands behind the major number at once is the minor one.
            var isNumber = word.Length is 1 or 2 && word.All(char.IsAsciiDigit);
            if (isNumber && major is null)
                major = word.Length == 1 ? word[0] - '0' : int.Parse(word, null);
            else if (isNumber && wasNumber && minor is null)
                minor = word.Length == 1 ? word[0] - '0' : int.Parse(word, null);
            else if (Lines.Contains(word, StringComparer.Ordinal))
                line = word;
            wasNumber = isNumber;
        }
        return major is { } known ? new ClaudeModel(line, known, minor ?? 0) : null;
    }

    private bool IsFrom(int major, int minor) =>
        Major > major || (Major == major && Minor >= minor);
}
