namespace Dragoman.Routing.Classification;

/// <summary>What a conversation asks for, how sure that is, and how hard it looks.</summary>
/// <param name="Task">The likeliest task; <see cref="TaskKind.Chat"/> where the classifier abstains.</param>
/// <param name="Confidence">How likely the task is right, 0 to 1: calibrated on sources the weights had not seen.</param>
/// <param name="Scores">The probability of each task, in the order of <see cref="TaskKind"/>; they sum to 1.</param>
/// <param name="Difficulty">How much the prompt asks for a stronger model, 0 to 1: plainly easy ones lie near 0.1, plainly hard ones near 0.8; a degree, not a rate.</param>
/// <param name="Signals">What stands in the conversation.</param>
internal sealed record Classification(
    TaskKind Task,
    double Confidence,
    IReadOnlyList<double> Scores,
    double Difficulty,
    PromptSignals Signals
)
{
    /// <summary>Nothing in the prompt told one task from another, so the task is chat for want of a better one.</summary>
    public bool IsAbstention { get; init; }

    /// <summary>The probability of one task.</summary>
    public double Score(TaskKind task) => Scores[(int)task];
}

/// <summary>What can be seen in a conversation without understanding it.</summary>
internal sealed record PromptSignals
{
    /// <summary>Source code stands in the last question, fenced or plain.</summary>
    public bool ContainsCode { get; init; }

    /// <summary>Formulas, sums or the words of a calculation stand in the last question.</summary>
    public bool ContainsMath { get; init; }

    /// <summary>The ISO 639-1 code of the language the question is asked in; null where the text does not tell.</summary>
    public string? Language { get; init; }

    /// <summary>Tokens of the whole conversation with its tools, as <see cref="Canonical.TokenEstimate"/> counts them.</summary>
    public long EstimatedTokens { get; init; }

    /// <summary>The answer is to be JSON: by the request's format, or by its words.</summary>
    public bool AsksForJson { get; init; }
    public bool HasImages { get; init; }

    /// <summary>The client offers tools.</summary>
    public bool HasTools { get; init; }

    /// <summary>The user has spoken before.</summary>
    public bool IsMultiTurn { get; init; }
}
