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

/// <summary>One message of a conversation.</summary>
public sealed record Message(MessageRole Role, IReadOnlyList<Part> Parts)
{
    /// <summary>Which of several speakers of the same role.</summary>
    public JsonText? Name { get; init; }

    /// <summary>The content was one bare string rather than a list of parts; some providers take only the one or the other.</summary>
    public bool IsBareText { get; init; }

    /// <summary>Fields without a canonical place.</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];

    /// <summary>A message of one text.</summary>
    public static Message OfText(MessageRole role, string text) =>
        new(role, [new TextPart(JsonText.Of(text))]) { IsBareText = true };
}
