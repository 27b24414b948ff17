namespace Dragoman.Exchanges;

/// <summary>What is sent of a conversation that is longer than it may be.</summary>
public enum ContextStrategy
{
    /// <summary>All of it, or nothing: who cannot hold it is not asked.</summary>
    Full,

    /// <summary>The newest turns that fit.</summary>
    Windowed,

    /// <summary>The newest turns, and of the older ones a summary.</summary>
    Summarized,
}

/// <summary>How long a conversation may be, and what becomes of what is longer.</summary>
public sealed record ContextPolicy
{
    public ContextStrategy Strategy { get; init; }

    /// <summary>Tokens of the prompt at the most; null is what the model's context leaves.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>Turns that a summary leaves as they are; null is four.</summary>
    public int? KeepTurns { get; init; }

    /// <summary>Who summarises; null is the cheapest that may be asked.</summary>
    public string? SummaryModel { get; init; }
}
