using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Chat;

/// <summary>What an event of a stream carries.</summary>
internal enum EventKind
{
    Role,
    Reasoning,
    Text,
    ToolStart,
    ToolArguments,
    Finish,
    Usage,
    Done,

    /// <summary>An error in the dialect's way; <see cref="StreamEvent.Failure"/> says which.</summary>
    Error,

    /// <summary>An event whose JSON is broken.</summary>
    Malformed,

    /// <summary>The first half of an event, after which the stream is to end.</summary>
    Truncated,

    /// <summary>A sign of life without content.</summary>
    Ping,

    /// <summary>A failed answer as an event of its own.</summary>
    Failed,

    /// <summary>Bytes as they stand, framing included.</summary>
    Raw,
    Hang,
    Comments,
    Reset,
}

/// <summary>One event of a stream, before it is written.</summary>
internal sealed record StreamEvent(EventKind Kind)
{
    public int Choice { get; init; }
    public string Text { get; init; } = "";
    public int ToolIndex { get; init; }
    public ToolCall? Tool { get; init; }
    public ReadOnlyMemory<byte> Bytes { get; init; }
    public ApiError? Failure { get; init; }

    public bool IsDelta =>
        Kind
            is EventKind.Reasoning
                or EventKind.Text
                or EventKind.ToolStart
                or EventKind.ToolArguments;

    public static StreamEvent Raw(string text) =>
        new(EventKind.Raw) { Bytes = System.Text.Encoding.UTF8.GetBytes(text) };
}
