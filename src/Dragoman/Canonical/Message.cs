namespace Dragoman.Canonical;

/// <summary>Who says a message.</summary>
public enum MessageRole
{
    System,
    Developer,
    User,
    Assistant,
    Tool,

    /// <summary>OpenAI's forerunner of <see cref="Tool"/>.</summary>
    Function,
}

/// <summary>How a message stood on the wire, where that says more than the canonical shape but nothing another dialect would miss (ids of items).</summary>
/// <param name="Dialect">The dialect it came in.</param>
/// <param name="Json">The message as it came; in a dialect of items, all of its items with the commas between them.</param>
/// <param name="Parts">The very list that was read from it: a message with another one is no longer as it came.</param>
public sealed record MessageOrigin(string Dialect, RawJson Json, IReadOnlyList<Part> Parts);

/// <summary>One message of a conversation.</summary>
public sealed record Message(MessageRole Role, IReadOnlyList<Part> Parts)
{
    /// <summary>Which of several speakers of the same role.</summary>
    public JsonText? Name { get; init; }

    /// <summary>The content was one bare string rather than a list of parts; some providers take only the one or the other.</summary>
    public bool IsBareText { get; init; }

    /// <summary>Fields without a canonical place.</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];

    /// <summary>How it stood on the wire; null where that is not kept.</summary>
    public MessageOrigin? Origin { get; init; }

    /// <summary>The message as it came, for a writer of the same dialect; empty where it came in another, or was changed since.</summary>
    public RawJson AsCame(string dialect) =>
        Origin is { } origin && origin.Dialect == dialect && ReferenceEquals(origin.Parts, Parts)
            ? origin.Json
            : default;

    /// <summary>What a tool answered to the call of that id.</summary>
    /// <param name="callId">The call's id; null where its provider gave none.</param>
    /// <param name="result">The answer, as the model is to read it.</param>
    public static Message OfToolResult(string? callId, string result) =>
        new(
            MessageRole.Tool,
            [
                new ToolResultPart(
                    callId is null ? null : JsonText.Of(callId),
                    [new TextPart(JsonText.Of(result))]
                )
                {
                    IsBareText = true,
                },
            ]
        )
        {
            IsBareText = true,
        };

    /// <summary>A message of one text.</summary>
    public static Message OfText(MessageRole role, string text) =>
        new(role, [new TextPart(JsonText.Of(text))]) { IsBareText = true };
}
