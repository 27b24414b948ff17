namespace Dragoman.Canonical;

/// <summary>A tool the model may call.</summary>
public abstract record ToolDefinition
{
    private protected ToolDefinition() { }

    /// <summary>Fields without a canonical place.</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];
}

/// <summary>A function the client runs.</summary>
public sealed record FunctionTool(JsonText Name) : ToolDefinition
{
    public JsonText? Description { get; init; }

    /// <summary>JSON schema of its arguments, as it came; empty where it takes none.</summary>
    public RawJson Parameters { get; init; }

    /// <summary>The arguments must follow the schema exactly.</summary>
    public bool? IsStrict { get; init; }
}

/// <summary>A tool of one dialect only (web search, custom grammar …), carried whole.</summary>
/// <param name="Dialect">The dialect it came in.</param>
/// <param name="Type">Its kind in that dialect's words, for naming the loss.</param>
/// <param name="Json">The definition as it came.</param>
public sealed record RawTool(string Dialect, string Type, RawJson Json) : ToolDefinition;
