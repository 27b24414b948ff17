using System.Text.Json;

namespace Dragoman.Simulator.Chat;

/// <summary>What the answer must look like.</summary>
internal enum AnswerFormat
{
    Text,
    JsonObject,
    JsonSchema,
}

/// <summary>How the request puts its tools.</summary>
internal enum ToolDemand
{
    Auto,
    None,
    Required,
}

/// <summary>A tool the model may call; an absent schema is an undefined element.</summary>
internal sealed record ToolOffer(string Name, JsonElement Schema);

/// <summary>A request for an answer, of whatever dialect, read as far as the simulator cares.</summary>
internal sealed record ChatCall
{
    public bool Stream { get; init; }
    public bool HasStreamOptions { get; init; }
    public bool IncludeUsage { get; init; }
    public int Choices { get; init; } = 1;
    public int? MaxTokens { get; init; }
    public IReadOnlyList<string> Stops { get; init; } = [];
    public bool LogProbs { get; init; }
    public int TopLogProbs { get; init; }
    public string? User { get; init; }
    public string? ReasoningEffort { get; init; }

    /// <summary>Whether to reason; null leaves it to the model.</summary>
    public bool? Reasons { get; init; }

    /// <summary>Whether the reasoning is told, or only counted.</summary>
    public bool ShowsReasoning { get; init; } = true;

    /// <summary>What the request says of the prompt's cache; null where it says nothing.</summary>
    public CacheMarks? Cache { get; init; }
    public AnswerFormat Format { get; init; }
    public JsonElement Schema { get; init; }
    public IReadOnlyList<ToolOffer> Tools { get; init; } = [];
    public ToolDemand Demand { get; init; }

    /// <summary>The one tool that is demanded; null where any will do.</summary>
    public string? DemandedTool { get; init; }
    public bool ParallelTools { get; init; } = true;
    public required Transcript Transcript { get; init; }
}

/// <summary>Of the prompt's tokens: those read from the cache and those written to it, for five minutes or an hour.</summary>
internal sealed record CacheMarks(int Read, int Written5M, int Written1H);

/// <summary>The messages of a request, summed up.</summary>
internal sealed record Transcript
{
    /// <summary>The text of the last message of the user.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The text of the last message where it is a tool's result.</summary>
    public string? ToolResult { get; init; }

    /// <summary>The text of the last message where it is the assistant's: the answer goes on from it.</summary>
    public string? Prefill { get; init; }

    /// <summary>The last message of the user that prescribes what is to be answered; null where none is under way.</summary>
    public string? Script { get; init; }

    /// <summary>How many results of tools came since that message.</summary>
    public int Results { get; init; }

    /// <summary>Who spoke last.</summary>
    public Speaker? Last { get; init; }
    public int Images { get; init; }
    public int Sounds { get; init; }
    public int Files { get; init; }
    public int Tokens { get; init; }
}
