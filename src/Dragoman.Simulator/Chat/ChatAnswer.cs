namespace Dragoman.Simulator.Chat;

/// <summary>A whole answer, before it is written plain or cut into a stream.</summary>
internal sealed record ChatAnswer(
    string Id,
    long Created,
    string Model,
    IReadOnlyList<ChatChoice> Choices,
    AnswerUsage Usage
);

/// <summary>One of an answer's choices; its text comes in pieces, one per token.</summary>
internal sealed record ChatChoice(
    int Index,
    IReadOnlyList<string> Reasoning,
    IReadOnlyList<string> Text,
    IReadOnlyList<ToolCall> ToolCalls,
    string Finish
)
{
    /// <summary>The stop word that ended it; null where none did.</summary>
    public string? StoppedBy { get; init; }
}

/// <summary>A call of a tool; the arguments are JSON.</summary>
internal sealed record ToolCall(string Id, string Name, string Arguments);

/// <summary>Token counts; the cached are among the prompt's, the reasoning among the completion's.</summary>
internal sealed record AnswerUsage(int Prompt, int Cached, int Completion, int Reasoning)
{
    /// <summary>Written to the cache for five minutes, among the prompt's.</summary>
    public int Written5M { get; init; }

    /// <summary>Written to the cache for an hour, among the prompt's.</summary>
    public int Written1H { get; init; }
    public int Total => Prompt + Completion;
}
