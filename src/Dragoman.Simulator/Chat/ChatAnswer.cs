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
);

/// <summary>A call of a tool; the arguments are JSON.</summary>
internal sealed record ToolCall(string Id, string Name, string Arguments);

/// <summary>Token counts; the cached are among the prompt's, the reasoning among the completion's.</summary>
internal sealed record AnswerUsage(int Prompt, int Cached, int Completion, int Reasoning)
{
    public int Total => Prompt + Completion;
}
