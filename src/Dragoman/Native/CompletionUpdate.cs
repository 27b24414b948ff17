using System.Text.Json.Serialization;

namespace Dragoman.Native;

/// <summary>A piece of a streamed answer. One of its members is set; the last update is the whole answer.</summary>
public sealed record CompletionUpdate
{
    /// <summary>More text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Delta { get; init; }

    /// <summary>More of what the model thinks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reasoning { get; init; }

    /// <summary>A tool call begins, or more of its arguments comes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ToolCallDelta? ToolCall { get; init; }

    /// <summary>The whole answer; on the last update alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CompletionReply? Reply { get; init; }
}

/// <summary>A piece of a tool call.</summary>
/// <param name="Index">Which of the answer's calls, from 0.</param>
/// <param name="Id">Said where the call begins, if its provider gives ids.</param>
/// <param name="Name">Said where the call begins.</param>
/// <param name="Arguments">More of the arguments' JSON text, cut anywhere.</param>
public sealed record ToolCallDelta(int Index, string? Id, string? Name, string? Arguments);
