namespace Dragoman.Canonical;

/// <summary>A whole answer in the shape between the dialects.</summary>
public sealed record ChatReply
{
    /// <summary>The provider's id of the answer; null where it gives none.</summary>
    public JsonText? Id { get; init; }

    /// <summary>The model as the provider names it.</summary>
    public JsonText? Model { get; init; }

    /// <summary>When it was made, in Unix seconds.</summary>
    public long? Created { get; init; }
    public IReadOnlyList<ChatChoice> Choices { get; init; } = [];
    public TokenUsage? Usage { get; init; }

    /// <summary>The usage as it came, for a writer of the same dialect.</summary>
    public RawField? RawUsage { get; init; }

    /// <summary>Sources the provider names, each once.</summary>
    public IReadOnlyList<Citation> Citations { get; init; } = [];

    /// <summary>Fields without a canonical place.</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];
}

/// <summary>One of the answers that were asked for.</summary>
public sealed record ChatChoice(int Index, Message Message)
{
    public StopReason Stop { get; init; }

    /// <summary>The provider's own word for <see cref="Stop"/>; null where it said none.</summary>
    public JsonText? StopWord { get; init; }

    /// <summary>The stop text that came up, for <see cref="StopReason.StopSequence"/>.</summary>
    public JsonText? StopSequence { get; init; }

    /// <summary>Log probabilities as OpenAI shapes them, as they came.</summary>
    public RawJson LogProbs { get; init; }

    /// <summary>Fields without a canonical place.</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];
}

/// <summary>A source that an answer leans on.</summary>
/// <param name="Url">Its address; empty for a document of the request, which <see cref="Title"/> names.</param>
public sealed record Citation(JsonText Url)
{
    public JsonText? Title { get; init; }

    /// <summary>The words of the source that are cited.</summary>
    public JsonText? Quote { get; init; }
}
