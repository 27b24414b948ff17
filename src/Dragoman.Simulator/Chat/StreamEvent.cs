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

    public bool IsDelta =>
        Kind
            is EventKind.Reasoning
                or EventKind.Text
                or EventKind.ToolStart
                or EventKind.ToolArguments;

    public static StreamEvent Raw(string text) =>
        new(EventKind.Raw) { Bytes = System.Text.Encoding.UTF8.GetBytes(text) };
}
