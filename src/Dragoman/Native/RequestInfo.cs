using System.Text.Json;
using System.Text.Json.Serialization;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Routing;
using Dragoman.Routing.Decisions;

namespace Dragoman.Native;

/// <summary>The record of one request. Null is "nobody told us", never zero.</summary>
public sealed record RequestInfo
{
    public required string Id { get; init; }
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Whose key it was; null where none is asked for.</summary>
    public string? Caller { get; init; }

    /// <summary>The dialect it came in, e.g. <c>openai</c>; <c>native</c> for this API.</summary>
    public string? Dialect { get; init; }

    /// <summary><c>chat</c> or <c>embeddings</c>.</summary>
    public string? Operation { get; init; }
    public string? WorkspaceId { get; init; }
    public string? ExecutionId { get; init; }
    public string? UserTier { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>One of the ten tasks; null where nobody said.</summary>
    public string? Task { get; init; }

    /// <summary>The name that was asked for.</summary>
    public string? Route { get; init; }

    /// <summary>The fallback chain's name; null where it has none.</summary>
    public string? Chain { get; init; }

    /// <summary><c>provider/model</c> that answered; null where nobody did.</summary>
    public string? Model { get; init; }

    /// <summary>Why this chain, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>What the request was found to be about; null where nothing of the decision hung on it.</summary>
    public RequestProfile? Profile { get; init; }

    /// <summary>What was weighed, and how; null where there was nothing to weigh, and in lists.</summary>
    public DecisionRecord? Decision { get; init; }
    public bool Streamed { get; init; }

    /// <summary>E.g. <c>success</c>, <c>failed</c>, <c>cancelled</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The HTTP status of the answer.</summary>
    public int Status { get; init; }
    public string? ErrorCode { get; init; }
    public TokenUsage? Usage { get; init; }

    [JsonPropertyName("cost_usd")]
    public decimal? Cost { get; init; }

    [JsonConverter(typeof(CostBasisConverter))]
    public CostBasis? CostBasis { get; init; }

    [JsonPropertyName("first_content_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? FirstContent { get; init; }

    [JsonPropertyName("latency_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? Latency { get; init; }

    /// <summary>Of the latency what the gateway itself took.</summary>
    [JsonPropertyName("overhead_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? Overhead { get; init; }

    /// <summary>Every try, in order.</summary>
    public IReadOnlyList<RequestAttempt> Attempts { get; init; } = [];

    /// <summary>Members of the chain that were not tried.</summary>
    public IReadOnlyList<SkippedModel> Skipped { get; init; } = [];

    /// <summary>What was changed on the way: parameters translated, defaulted or dropped.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>What guardrails found in prompt and answer, never the text that they found.</summary>
    public IReadOnlyList<GuardrailFindingInfo> Guardrails { get; init; } = [];

    /// <summary>What somebody thinks of the answer; null where nobody said.</summary>
    public FeedbackInfo? Feedback { get; init; }

    /// <summary>Prompt and answer; null where none are kept, where they are not for whoever asks, and in lists.</summary>
    public RequestBodies? Bodies { get; init; }
}

/// <summary>What a guardrail found, as a record keeps it.</summary>
/// <param name="Guardrail">Its name.</param>
/// <param name="Kind">What it looks for, e.g. <c>email</c>.</param>
/// <param name="Action"><c>block</c>, <c>mask</c> or <c>flag</c>.</param>
/// <param name="Side"><c>input</c> or <c>output</c>.</param>
/// <param name="Count">How often it was found.</param>
public sealed record GuardrailFindingInfo(
    string Guardrail,
    string Kind,
    string Action,
    string Side,
    int Count
);

/// <summary>Prompt and answer of a request, where configuration has them kept.</summary>
/// <param name="Prompt">As the client sent it, redacted; null where it is not kept.</param>
/// <param name="Answer">As the client got it, redacted; null where it is not kept.</param>
/// <param name="KeptUntil">When both are forgotten.</param>
public sealed record RequestBodies(
    JsonElement? Prompt,
    JsonElement? Answer,
    DateTimeOffset KeptUntil
);

/// <summary>One try at one deployment, as a record keeps it.</summary>
public sealed record RequestAttempt
{
    /// <summary><c>provider/model</c>.</summary>
    public required string Model { get; init; }
    public required string Outcome { get; init; }

    /// <summary>The provider's HTTP status; null where it sent none.</summary>
    public int? Status { get; init; }

    /// <summary>From the request's arrival.</summary>
    [JsonPropertyName("started_after_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? StartedAfter { get; init; }

    [JsonPropertyName("latency_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? Latency { get; init; }

    [JsonPropertyName("first_content_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? FirstContent { get; init; }

    /// <summary>Which of the account's keys, from 0; null where there is none.</summary>
    public int? Key { get; init; }

    /// <summary>What the provider said went wrong, shortened.</summary>
    public string? Error { get; init; }
    public TokenUsage? Usage { get; init; }

    [JsonPropertyName("cost_usd")]
    public decimal? Cost { get; init; }

    [JsonConverter(typeof(CostBasisConverter))]
    public CostBasis? CostBasis { get; init; }
}

/// <summary>A member of the chain that was not tried.</summary>
/// <param name="Model"><c>provider/model</c>.</param>
/// <param name="Reason">Why not.</param>
public sealed record SkippedModel(string Model, string Reason);

/// <summary>Some records, newest first.</summary>
public sealed record RequestPage
{
    public required IReadOnlyList<RequestInfo> Requests { get; init; }

    /// <summary>The id to ask on from; null where there are no older ones.</summary>
    public string? NextBefore { get; init; }
}

/// <summary>How records look as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(RequestInfo))]
[JsonSerializable(typeof(RequestPage))]
internal sealed partial class RequestsJson : JsonSerializerContext;
