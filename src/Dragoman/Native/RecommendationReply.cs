using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dragoman.Native;

/// <summary>Models that fit what somebody wants them for, the best first, as <c>POST /api/llm/recommend</c> tells them.</summary>
public sealed record RecommendationReply
{
    /// <summary>What the description and the constraints were taken for.</summary>
    public required UnderstoodWish Understood { get; init; }

    /// <summary>The best first; a model that several providers have stands once, where it fits best.</summary>
    public required IReadOnlyList<RecommendedModel> Models { get; init; }

    /// <summary>How many models were looked at.</summary>
    public required int Considered { get; init; }

    /// <summary>How many of them fit.</summary>
    public required int Fitting { get; init; }

    /// <summary>The others, by the first thing that spoke against them, the most frequent first.</summary>
    public required IReadOnlyList<RecommendationExclusion> Excluded { get; init; }

    /// <summary>The day the catalog's facts were gathered.</summary>
    public required string CatalogDate { get; init; }
}

/// <summary>What was understood, so that a misunderstanding can be seen. Null and empty: nothing was said of it.</summary>
public sealed record UnderstoodWish
{
    /// <summary>The task whose qualities are compared; null compares them over all tasks.</summary>
    public string? Task { get; init; }

    /// <summary><c>words</c> (the description names it) or <c>classifier</c> (it reads like such a task).</summary>
    public string? TaskFrom { get; init; }

    /// <summary>How likely the classifier is right; null where words named the task.</summary>
    public double? TaskConfidence { get; init; }

    /// <summary>ISO 639-1 codes of the languages it is for.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>What counts most: <c>quality</c>, <c>cost</c> or <c>latency</c>; several share, none is a balance.</summary>
    public IReadOnlyList<string> Prefer { get; init; } = [];

    /// <summary>How hard the prompts are said to be, 0 to 1.</summary>
    public double? Difficulty { get; init; }

    /// <summary>US dollars per 1,000 tokens, the mean of the input and the output price.</summary>
    [JsonPropertyName("max_cost_per_1k")]
    public decimal? MaxCostPer1k { get; init; }

    /// <summary>US dollars per 1,000 tokens put in.</summary>
    [JsonPropertyName("max_input_per_1k")]
    public decimal? MaxInputPer1k { get; init; }

    /// <summary>US dollars per 1,000 tokens put out.</summary>
    [JsonPropertyName("max_output_per_1k")]
    public decimal? MaxOutputPer1k { get; init; }

    /// <summary>US dollars for a usual request.</summary>
    public decimal? MaxCostUsd { get; init; }

    /// <summary>Until a whole answer of 300 tokens is there.</summary>
    public long? MaxLatencyMs { get; init; }

    /// <summary>Until its first token is there.</summary>
    public long? MaxFirstTokenMs { get; init; }

    /// <summary>Tokens.</summary>
    public long? MinContext { get; init; }
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Nothing may leave the house.</summary>
    public bool? Local { get; init; }

    /// <summary>Where answers must be made, e.g. <c>eu</c>; in the house is everywhere.</summary>
    public string? Region { get; init; }

    /// <summary>Any of these.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>None of these.</summary>
    public IReadOnlyList<string> WithoutProviders { get; init; } = [];

    /// <summary>Which words of the description gave what, in their order.</summary>
    public IReadOnlyList<HeardWords> Heard { get; init; } = [];
}

/// <summary>Words of a description, and what they were taken for.</summary>
/// <param name="Words">As they stand there.</param>
/// <param name="Meaning">E.g. <c>max_cost_per_1k = 0.001</c>.</param>
public sealed record HeardWords(string Words, string Meaning);

/// <summary>A model that fits. Null is unknown: it meets no limit.</summary>
public sealed record RecommendedModel
{
    /// <summary>From 1.</summary>
    public required int Rank { get; init; }

    /// <summary>What to call it by.</summary>
    public required string Id { get; init; }
    public required string Provider { get; init; }
    public required string Model { get; init; }

    /// <summary>It can be called now with this configuration.</summary>
    public required bool Available { get; init; }

    /// <summary>Why it cannot, and what would change that.</summary>
    public string? UnavailableReason { get; init; }
    public required bool Local { get; init; }

    /// <summary>Why it stands here, in one line.</summary>
    public required string Reason { get; init; }

    /// <summary>At the task, else over all, feedback included.</summary>
    public ModelQuality? Quality { get; init; }
    public ModelCost? Cost { get; init; }

    /// <summary>US dollars for a usual request: 1,000 tokens in, and an answer as long as such answers usually are.</summary>
    public decimal? EstimatedCostUsd { get; init; }
    public ModelLatency? Latency { get; init; }
    public long? ContextWindow { get; init; }

    /// <summary>Other names under which the same model fits too, the best first.</summary>
    public IReadOnlyList<string> AlsoAt { get; init; } = [];
}

/// <summary>Models that do not fit, by what spoke against them.</summary>
/// <param name="Reason">What.</param>
/// <param name="Count">How many.</param>
/// <param name="Examples">Some of them.</param>
public sealed record RecommendationExclusion(
    string Reason,
    int Count,
    IReadOnlyList<string> Examples
);

/// <summary>What is asked for beside the description; what is said here wins over its words. Null and empty: nothing is said.</summary>
public sealed record RecommendationConstraints
{
    /// <summary>US dollars per 1,000 tokens, the mean of the input and the output price.</summary>
    [JsonPropertyName("max_cost_per_1k")]
    public decimal? MaxCostPer1k { get; init; }

    /// <summary>US dollars for a usual request.</summary>
    public decimal? MaxCostUsd { get; init; }

    /// <summary>Tokens.</summary>
    public long? MinContext { get; init; }

    /// <summary>Capabilities that a model must be known to have, e.g. <c>tools</c>.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>True takes only those in the house, false only those outside.</summary>
    public bool? Local { get; init; }

    /// <summary>Until a whole answer of 300 tokens is there.</summary>
    public long? MaxLatencyMs { get; init; }

    /// <summary>A provider, by its name here or by a name of its type.</summary>
    public string? Provider { get; init; }

    /// <summary>How many models at most, 1 to 50; null is 5.</summary>
    public int? Limit { get; init; }

    /// <summary>Also those that cannot be called now.</summary>
    public bool? IncludeUnavailable { get; init; }
}

/// <summary>The shapes of <c>/api/llm/recommend</c> as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(RecommendationReply))]
[JsonSerializable(typeof(RecommendationConstraints))]
internal sealed partial class RecommendationJson : JsonSerializerContext
{
    /// <summary>Text as it is, rather than with every letter beyond ASCII escaped.</summary>
    public static RecommendationJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
