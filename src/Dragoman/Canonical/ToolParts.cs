namespace Dragoman.Canonical;

/// <summary>The model asks for a tool to be run.</summary>
public sealed record ToolCallPart(JsonText Name, ToolArguments Arguments) : Part
{
    /// <summary>The call's id, opaque; null where the provider gives none (Gemini, Ollama).</summary>
    public JsonText? Id { get; init; }
}

/// <summary>What a tool answered.</summary>
public sealed record ToolResultPart(JsonText? ToolCallId, IReadOnlyList<Part> Content) : Part
{
    /// <summary>The tool's name, where the dialect says it.</summary>
    public JsonText? Name { get; init; }

    /// <summary>The tool failed; null where the dialect cannot say so.</summary>
    public bool? IsError { get; init; }

    /// <summary>The content was one bare string rather than a list of parts.</summary>
    public bool IsBareText { get; init; }
}
