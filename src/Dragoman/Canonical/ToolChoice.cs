namespace Dragoman.Canonical;

/// <summary>Whether the model must call a tool.</summary>
public enum ToolChoiceMode
{
    /// <summary>As it likes.</summary>
    Auto,

    /// <summary>It must not.</summary>
    None,

    /// <summary>At least one.</summary>
    Required,

    /// <summary>The function that is named.</summary>
    Function,

    /// <summary>Something only the dialect it came in understands.</summary>
    Raw,
}

/// <summary>Which tools the model must, may or must not call.</summary>
public sealed record ToolChoice(ToolChoiceMode Mode)
{
    /// <summary>The function's name for <see cref="ToolChoiceMode.Function"/>.</summary>
    public JsonText? Name { get; init; }

    /// <summary>With <see cref="ToolChoiceMode.Auto"/> or <see cref="ToolChoiceMode.Required"/>: only these functions may be called; empty is all.</summary>
    public IReadOnlyList<JsonText> Allowed { get; init; } = [];

    /// <summary>For <see cref="ToolChoiceMode.Raw"/>: the choice as it came.</summary>
    public RawJson Json { get; init; }

    /// <summary>For <see cref="ToolChoiceMode.Raw"/>: the dialect it came in.</summary>
    public string? Dialect { get; init; }
}
