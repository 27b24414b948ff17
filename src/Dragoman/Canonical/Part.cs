namespace Dragoman.Canonical;

/// <summary>One piece of a message's content.</summary>
public abstract record Part
{
    private protected Part() { }

    /// <summary>Fields without a canonical place (cache_control, annotations …).</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];
}

/// <summary>Plain text.</summary>
public sealed record TextPart(JsonText Text) : Part;

/// <summary>What the model said when it declined.</summary>
public sealed record RefusalPart(JsonText Text) : Part
{
    /// <summary>It stood among the parts of the content rather than beside it.</summary>
    public bool IsListed { get; init; }
}

/// <summary>The model's reasoning, to be sent back where its provider asks for that.</summary>
public sealed record ReasoningPart(JsonText Text) : Part
{
    /// <summary>
    /// The provider's signature over it, or its encrypted form; opaque. Where <see cref="Text"/> is empty it may vouch for the part
    /// that follows (Gemini signs function calls and texts).
    /// </summary>
    public JsonText? Signature { get; init; }

    /// <summary>The dialect whose providers understand <see cref="Signature"/>; null where there is none.</summary>
    public string? SignatureOf { get; init; }

    /// <summary>The provider withheld the text: only <see cref="Signature"/> says anything.</summary>
    public bool IsRedacted { get; init; }

    /// <summary>
    /// What OpenAI's dialect called it, since its providers do not agree: <c>reasoning_content</c>, <c>reasoning</c>, or
    /// <c>thinking</c> in the content. Null where it comes from another dialect.
    /// </summary>
    public string? WireName { get; init; }
}

/// <summary>A piece the canonical shape does not know, carried whole for a writer of the same dialect.</summary>
/// <param name="Dialect">The dialect it came in.</param>
/// <param name="Type">Its kind in that dialect's words, for naming the loss.</param>
/// <param name="Json">The piece as it came.</param>
public sealed record RawPart(string Dialect, string Type, RawJson Json) : Part
{
    /// <summary>It stood among the tool calls rather than in the content.</summary>
    public bool IsToolCall { get; init; }
}
