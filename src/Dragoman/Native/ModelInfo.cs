using System.Text.Json.Serialization;

namespace Dragoman.Native;

/// <summary>One model in a list of <c>GET /api/llm/models</c>. Null is unknown: neither zero nor no.</summary>
public record ModelInfo
{
    /// <summary>What to call it by: the name configuration gives it, else <c>provider/model</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The provider as it is called here, e.g. <c>openai</c> or <c>openai-eu</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The model id that goes upstream; it may hold slashes and colons.</summary>
    public required string Model { get; init; }

    /// <summary><c>chat</c>, <c>embedding</c>, <c>rerank</c>, <c>moderation</c>, <c>image</c>, <c>video</c>, <c>speech_to_text</c> or <c>text_to_speech</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The line of models it belongs to, e.g. <c>claude-sonnet</c>.</summary>
    public string? Family { get; init; }

    /// <summary><c>active</c>, <c>beta</c>, <c>legacy</c> (no longer listed, probably retired) or <c>deprecated</c> (its vendor has announced its end).</summary>
    public string? Status { get; init; }

    /// <summary>The id at the same provider that answers in its place, where it is retired.</summary>
    public string? Replacement { get; init; }

    /// <summary>As precisely as known: <c>2025</c>, <c>2025-05</c> or <c>2025-05-13</c>.</summary>
    public string? Released { get; init; }

    /// <summary>Nothing sent to it leaves the house.</summary>
    public required bool Local { get; init; }

    /// <summary>Of local models: <c>small</c> (at most 4 billion parameters), <c>large</c>, <c>specialised</c> (code or seeing) or <c>embedding</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Tokens.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>The longest answer, in tokens.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>Length of its embeddings.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Every capability under its first name; null where nobody knows.</summary>
    public required IReadOnlyDictionary<string, bool?> Capabilities { get; init; }

    /// <summary>What it costs; null where nobody told.</summary>
    public ModelCost? Cost { get; init; }

    /// <summary>How good it is thought to be, at the task that was asked for or else over all; null where nobody measured it or could guess.</summary>
    public ModelQuality? Quality { get; init; }

    /// <summary>How fast it is thought to be; null where nobody told, as of models in the house.</summary>
    public ModelLatency? Latency { get; init; }

    /// <summary>It can be called now with this configuration. A retired model cannot, though a call that names it is answered by what replaces it.</summary>
    public required bool Available { get; init; }

    /// <summary>Why it cannot, and what would change that.</summary>
    public string? UnavailableReason { get; init; }
}

/// <summary>What a model costs, in US dollars per 1,000 tokens.</summary>
public sealed record ModelCost
{
    [JsonPropertyName("input_per_1k")]
    public decimal? InputPer1k { get; init; }

    [JsonPropertyName("output_per_1k")]
    public decimal? OutputPer1k { get; init; }

    /// <summary>
    /// The mean of both: what <c>max_cost_per_1k</c> bounds and <c>sort=cost</c> sorts by. Of embedding models, which put nothing
    /// out, it is the input price. Null where a price it needs is unknown.
    /// </summary>
    [JsonPropertyName("mean_per_1k")]
    public decimal? MeanPer1k { get; init; }
}

/// <summary>How good a model is thought to be, 0 to 100 on one scale for all models: gpt-3.5-turbo is 30, the best of 2026-11 is 95.</summary>
public sealed record ModelQuality
{
    /// <summary>The task this is about; null is all of them.</summary>
    public string? Task { get; init; }
    public required double Score { get; init; }

    /// <summary>Differences below about twice this mean nothing.</summary>
    public required double StandardError { get; init; }

    /// <summary><c>measured</c> (benchmarks), <c>successor</c> (of a measured model), <c>regression</c> (what its price, age and size promise) or <c>stated</c> (configuration's word).</summary>
    public required string Basis { get; init; }
}

/// <summary>How fast a model is thought to be before any of its answers were seen.</summary>
public sealed record ModelLatency
{
    public double? FirstTokenMs { get; init; }
    public double? TokensPerSecond { get; init; }

    /// <summary>For an answer of 300 tokens: what <c>sort=latency</c> sorts by.</summary>
    public double? AnswerMs { get; init; }

    /// <summary>Seen at this very provider; false where it is the median over others that serve the same model.</summary>
    public required bool OfThisProvider { get; init; }
}
