namespace Dragoman.Canonical;

/// <summary>The kinds of <see cref="ChatEvent"/>.</summary>
public enum ChatEventKind
{
    /// <summary>The answer begins: <see cref="ChatEvent.Id"/>, <see cref="ChatEvent.Name"/> (the model), <see cref="ChatEvent.Created"/>.</summary>
    Start,

    /// <summary>More text, in <see cref="ChatEvent.Text"/>.</summary>
    TextDelta,

    /// <summary>More reasoning, in <see cref="ChatEvent.Text"/>; its field's name in <see cref="ChatEvent.Name"/> where it is not the usual one.</summary>
    ReasoningDelta,

    /// <summary>The provider's signature over the reasoning so far, or over the part that follows, in <see cref="ChatEvent.Text"/>; whose it is in <see cref="ChatEvent.Dialect"/>.</summary>
    ReasoningSignature,

    /// <summary>A reasoning block without text: only its opaque form, in <see cref="ChatEvent.Text"/>; whose it is in <see cref="ChatEvent.Dialect"/>.</summary>
    RedactedReasoning,

    /// <summary>More of a refusal, in <see cref="ChatEvent.Text"/>.</summary>
    RefusalDelta,

    /// <summary>A tool call begins: <see cref="ChatEvent.Id"/>, <see cref="ChatEvent.Name"/>, <see cref="ChatEvent.ToolCall"/>.</summary>
    ToolCallStart,

    /// <summary>More of a tool call's arguments, JSON text cut anywhere, in <see cref="ChatEvent.Text"/>.</summary>
    ToolArgumentDelta,

    /// <summary>The part that was open is whole: what follows begins another, even of the same kind. Dialects without blocks never say it.</summary>
    PartEnd,

    /// <summary>A whole part that the canonical shape does not know: <see cref="ChatEvent.Dialect"/>, its kind in <see cref="ChatEvent.Name"/>, <see cref="ChatEvent.Json"/>.</summary>
    RawPart,

    /// <summary>Log probabilities of the delta that follows, in <see cref="ChatEvent.Json"/>.</summary>
    LogProbs,

    /// <summary>
    /// A source, told once: its address in <see cref="ChatEvent.Text"/>, its title in <see cref="ChatEvent.Name"/>, the words cited in
    /// <see cref="ChatEvent.Id"/>. <see cref="ChatEvent.Dialect"/> where it stood in a field of that dialect that is carried too.
    /// </summary>
    Citation,

    /// <summary>A choice ends: <see cref="ChatEvent.Stop"/>, the provider's word in <see cref="ChatEvent.Text"/>, the stop text that came up in <see cref="ChatEvent.Id"/>.</summary>
    Stop,

    /// <summary>The usage of the whole answer: replaces what was said before, never adds to it. As it came in <see cref="ChatEvent.Json"/>.</summary>
    Usage,

    /// <summary>A field of one dialect only: <see cref="ChatEvent.Dialect"/>, <see cref="ChatEvent.Scope"/>, <see cref="ChatEvent.Name"/>, <see cref="ChatEvent.Json"/>. Belongs to what follows it, or to the tool call that has begun or begins next.</summary>
    Raw,

    /// <summary>The stream broke or the provider said so: <see cref="ChatEvent.Error"/>. Nothing follows.</summary>
    Error,

    /// <summary>The stream ended soundly. Nothing follows.</summary>
    End,
}

/// <summary>Where in a streamed answer a field of one dialect stood.</summary>
public enum RawScope
{
    /// <summary>Beside everything, e.g. <c>system_fingerprint</c>.</summary>
    Reply,

    /// <summary>In a choice, e.g. <c>content_filter_results</c>.</summary>
    Choice,

    /// <summary>In a choice's delta, e.g. <c>reasoning_details</c>.</summary>
    Delta,

    /// <summary>In a tool call that has begun or begins next, e.g. <c>extra_content</c>.</summary>
    ToolCall,
}

/// <summary>
/// One event of a streamed answer: a view into the bytes it was read from, valid until the call it is handed over in returns.
/// Texts are escaped as in <see cref="JsonText"/>, without quotes, so that a delta costs nothing on its way through.
/// </summary>
public readonly ref struct ChatEvent
{
    public ChatEventKind Kind { get; private init; }

    /// <summary>Which of several answers it belongs to.</summary>
    public int Choice { get; private init; }

    /// <summary>Which of the choice's tool calls, counted from 0.</summary>
    public int ToolCall { get; private init; }
    public ReadOnlySpan<byte> Text { get; private init; }
    public ReadOnlySpan<byte> Id { get; private init; }
    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>A JSON value as it came.</summary>
    public ReadOnlySpan<byte> Json { get; private init; }

    /// <summary>When the answer was begun, in Unix seconds; 0 where it is not said.</summary>
    public long Created { get; private init; }
    public StopReason Stop { get; private init; }
    public TokenUsage? Usage { get; private init; }
    public GatewayError? Error { get; private init; }

    /// <summary>The dialect that <see cref="Json"/> or <see cref="Name"/> is of.</summary>
    public string? Dialect { get; private init; }
    public RawScope Scope { get; private init; }

    public static ChatEvent OfStart(
        ReadOnlySpan<byte> id,
        ReadOnlySpan<byte> model,
        long created = 0
    ) =>
        new()
        {
            Kind = ChatEventKind.Start,
            Id = id,
            Name = model,
            Created = created,
        };

    public static ChatEvent OfText(int choice, ReadOnlySpan<byte> text) =>
        new()
        {
            Kind = ChatEventKind.TextDelta,
            Choice = choice,
            Text = text,
        };

    public static ChatEvent OfReasoning(
        int choice,
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> wireName = default
    ) =>
        new()
        {
            Kind = ChatEventKind.ReasoningDelta,
            Choice = choice,
            Text = text,
            Name = wireName,
        };

    public static ChatEvent OfSignature(int choice, ReadOnlySpan<byte> signature, string dialect) =>
        new()
        {
            Kind = ChatEventKind.ReasoningSignature,
            Choice = choice,
            Text = signature,
            Dialect = dialect,
        };

    public static ChatEvent OfRedacted(int choice, ReadOnlySpan<byte> data, string dialect) =>
        new()
        {
            Kind = ChatEventKind.RedactedReasoning,
            Choice = choice,
            Text = data,
            Dialect = dialect,
        };

    public static ChatEvent OfPartEnd(int choice) =>
        new() { Kind = ChatEventKind.PartEnd, Choice = choice };

    public static ChatEvent OfRawPart(
        int choice,
        string dialect,
        ReadOnlySpan<byte> type,
        ReadOnlySpan<byte> json
    ) =>
        new()
        {
            Kind = ChatEventKind.RawPart,
            Choice = choice,
            Dialect = dialect,
            Name = type,
            Json = json,
        };

    public static ChatEvent OfRefusal(int choice, ReadOnlySpan<byte> text) =>
        new()
        {
            Kind = ChatEventKind.RefusalDelta,
            Choice = choice,
            Text = text,
        };

    public static ChatEvent OfToolCall(
        int choice,
        int toolCall,
        ReadOnlySpan<byte> id,
        ReadOnlySpan<byte> name
    ) =>
        new()
        {
            Kind = ChatEventKind.ToolCallStart,
            Choice = choice,
            ToolCall = toolCall,
            Id = id,
            Name = name,
        };

    public static ChatEvent OfToolArguments(int choice, int toolCall, ReadOnlySpan<byte> text) =>
        new()
        {
            Kind = ChatEventKind.ToolArgumentDelta,
            Choice = choice,
            ToolCall = toolCall,
            Text = text,
        };

    public static ChatEvent OfLogProbs(int choice, ReadOnlySpan<byte> json) =>
        new()
        {
            Kind = ChatEventKind.LogProbs,
            Choice = choice,
            Json = json,
        };

    public static ChatEvent OfCitation(
        ReadOnlySpan<byte> url,
        ReadOnlySpan<byte> title = default,
        ReadOnlySpan<byte> quote = default,
        string? dialect = null
    ) =>
        new()
        {
            Kind = ChatEventKind.Citation,
            Text = url,
            Name = title,
            Id = quote,
            Dialect = dialect,
        };

    public static ChatEvent OfStop(
        int choice,
        StopReason stop,
        ReadOnlySpan<byte> word = default,
        ReadOnlySpan<byte> sequence = default
    ) =>
        new()
        {
            Kind = ChatEventKind.Stop,
            Choice = choice,
            Stop = stop,
            Text = word,
            Id = sequence,
        };

    public static ChatEvent OfUsage(
        TokenUsage usage,
        ReadOnlySpan<byte> json = default,
        string? dialect = null
    ) =>
        new()
        {
            Kind = ChatEventKind.Usage,
            Usage = usage,
            Json = json,
            Dialect = dialect,
        };

    public static ChatEvent OfRaw(
        string dialect,
        RawScope scope,
        int choice,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> json,
        int toolCall = 0
    ) =>
        new()
        {
            Kind = ChatEventKind.Raw,
            Dialect = dialect,
            Scope = scope,
            Choice = choice,
            ToolCall = toolCall,
            Name = name,
            Json = json,
        };

    public static ChatEvent OfError(GatewayError error) =>
        new() { Kind = ChatEventKind.Error, Error = error };

    /// <summary>An event of which all is known: for those who carry events rather than read them from a dialect.</summary>
    internal static ChatEvent OfFrame(
        (ChatEventKind Kind, StopReason Stop, RawScope Scope) words,
        int choice,
        int toolCall,
        long created,
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> id,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> json,
        string? dialect
    ) =>
        new()
        {
            Kind = words.Kind,
            Stop = words.Stop,
            Scope = words.Scope,
            Choice = choice,
            ToolCall = toolCall,
            Created = created,
            Text = text,
            Id = id,
            Name = name,
            Json = json,
            Dialect = dialect,
        };

    public static ChatEvent OfEnd() => new() { Kind = ChatEventKind.End };
}
