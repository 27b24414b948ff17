using System.Text.Json.Serialization;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Native;

/// <summary>A whole answer, with who gave it, what it cost and how it came about. Null is "nobody told us", never zero.</summary>
public sealed record CompletionReply
{
    /// <summary>The request's id, e.g. <c>req_01h…</c>: its record is kept under it.</summary>
    public required string Id { get; init; }

    /// <summary>The text; empty where the model only called tools.</summary>
    public required string Content { get; init; }

    /// <summary>The provider's own name of the model that answered.</summary>
    public required string Model { get; init; }
    public required string Provider { get; init; }

    /// <summary>Why the model stopped; null where its provider did not say.</summary>
    [JsonConverter(typeof(StopReasonConverter))]
    public StopReason? FinishReason { get; init; }

    /// <summary>What the model thought, where its provider shows it.</summary>
    public string? Reasoning { get; init; }

    /// <summary>What the model said when it declined.</summary>
    public string? Refusal { get; init; }

    /// <summary>Tools the model wants to be run.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Sources the provider names.</summary>
    public IReadOnlyList<Source> Citations { get; init; } = [];

    /// <summary>What kind of task it was; null where nobody said.</summary>
    public TaskInfo? Task { get; init; }

    /// <summary>Tokens of all attempts together.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>US dollars of all attempts together; null is unknown, never free.</summary>
    [JsonPropertyName("cost_usd")]
    public decimal? Cost { get; init; }

    /// <summary>Where the figure comes from; null where there is none.</summary>
    [JsonConverter(typeof(CostBasisConverter))]
    public CostBasis? CostBasis { get; init; }

    /// <summary>From the request's arrival to the answer's end.</summary>
    [JsonPropertyName("latency_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan Latency { get; init; }

    /// <summary>Streams: until the first text, reasoning or tool call.</summary>
    [JsonPropertyName("first_content_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? FirstContent { get; init; }

    /// <summary>It came from the gateway's own cache.</summary>
    public bool Cached { get; init; }

    /// <summary>Every try, in order; the last one answered.</summary>
    public IReadOnlyList<AttemptInfo> Attempts { get; init; } = [];
    public required RoutingInfo Routing { get; init; }

    /// <summary>What was changed on the way: parameters translated, defaulted or dropped.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>The answer in the shape between the dialects, with all its parts; null from a client over HTTP.</summary>
    [JsonIgnore]
    public ChatReply? Canonical { get; init; }

    /// <summary>
    /// The answer as a turn of the conversation, to be sent along with the next question. In this process it is whole; from a client
    /// over HTTP it holds the text, the reasoning and the tool calls, but no signatures over them.
    /// </summary>
    public Message ToMessage()
    {
        if (Canonical?.Choices is [var choice, ..])
            return choice.Message;
        var parts = new List<Part>();
        if (Reasoning is { Length: > 0 } reasoning)
            parts.Add(new ReasoningPart(JsonText.Of(reasoning)));
        if (Content.Length > 0)
            parts.Add(new TextPart(JsonText.Of(Content)));
        if (Refusal is { Length: > 0 } refusal)
            parts.Add(new RefusalPart(JsonText.Of(refusal)));
        foreach (var call in ToolCalls)
            parts.Add(
                new ToolCallPart(
                    JsonText.Of(call.Name),
                    ToolArguments.FromText(JsonText.Of(call.Arguments))
                )
                {
                    Id = call.Id is { } id ? JsonText.Of(id) : null,
                }
            );
        return new Message(MessageRole.Assistant, parts) { IsBareText = parts is [TextPart] };
    }
}

/// <summary>A tool that the model wants to be run.</summary>
/// <param name="Id">To be given back with the tool's result; null where the provider gives none.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">Its arguments, as JSON text.</param>
public sealed record ToolCall(string? Id, string Name, string Arguments);

/// <summary>A source that an answer leans on.</summary>
/// <param name="Url">Its address; empty for a document of the request.</param>
/// <param name="Title">Its title; null where it has none.</param>
public sealed record Source(string Url, string? Title);

/// <summary>What kind of task a prompt is.</summary>
/// <param name="Type">One of the ten tasks, e.g. <c>code</c>.</param>
/// <param name="Confidence">From 0 to 1; 1 where the caller said it.</param>
public sealed record TaskInfo(string Type, double Confidence);

/// <summary>How whoever answered was chosen.</summary>
/// <param name="Strategy">The strategy's name; null where one deployment was named.</param>
/// <param name="Reason">Why this chain, in words.</param>
public sealed record RoutingInfo(string? Strategy, string Reason);

/// <summary>One try at one deployment.</summary>
public sealed record AttemptInfo
{
    /// <summary><c>provider/model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>E.g. <c>success</c>, <c>rate_limited</c>, <c>stream_cut</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The provider's HTTP status; null where it sent none.</summary>
    public int? Status { get; init; }

    [JsonPropertyName("latency_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan Latency { get; init; }

    /// <summary>What the provider said went wrong, shortened.</summary>
    public string? Error { get; init; }

    [JsonPropertyName("cost_usd")]
    public decimal? Cost { get; init; }
}
