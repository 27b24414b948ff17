namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// A model of Anthropic's, told by its name wherever it is served, and what its generation takes. Which request it refuses depends
/// on the generation alone, and no catalog says it.
/// </summary>
/// <remarks>
/// Seen 2026-11 at platform.claude.com: release notes of the API (no prefill for Opus 4.6), migration guides of Sonnet 5 (samplers and
/// budgets are 400, thinks by default), Fable 5.1, Opus 5.5 and Haiku 5.5 (no budget, samplers or prefill), what's new in Sonnet 5.5
/// and Opus 5.5. Not by Anthropic: one sampler alone of Opus 4.1, Sonnet 4.5 and Sonnet 4.6 (github.com: aws-samples/bedrock-chat pull
/// 979, langfuse/langfuse issue 9882, Vali-98/ChatterUI issue 564), none and no budget for Opus 4.7 (openrouter.ai/docs, Claude 4.7
/// migration guide; bedrock-chat pull 1102). From pages read earlier and not found again: schemas since 4.5, efforts since Opus 4.5,
/// adaptive thinking since 4.6. Inferred: that Sonnet 4.6 takes no prefill, that Opus 4.5 and Haiku 4.5 take one sampler as their
/// neighbours do, and that later generations are as the newest known of their line.
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

    /// <summary>Thinks unless it is told not to.</summary>
    public bool ThinksUnasked => IsFrom(5, 0);

    /// <summary>
    /// Thinks whatever the request says. Sonnet 5.5 takes <c>between_tools</c> in place of <c>disabled</c>, which is not that; Haiku 5.5
    /// takes <c>disabled</c> (docs.apiyi.com, Claude thinking guide, 2026-11: at efforts up to high, as Opus 5).
    /// </summary>
    public bool AlwaysThinks => IsLarge ? IsFrom(5, 0) : Line != "haiku" && IsFrom(5, 5);

    /// <summary>
    /// Can be made to call a tool. The guides of Fable 5.1, Opus 5.5 and Sonnet 5.5 say that it is an error; that of Haiku 5.5 does
    /// not list it.
    /// </summary>
    public bool TakesForcedTools => IsLarge ? !IsFrom(5, 1) : Line == "haiku" || !IsFrom(5, 5);

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
