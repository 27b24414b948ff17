using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dragoman.Native;

/// <summary>Everything known about one model: the answer of <c>GET /api/llm/models/{provider}/{model}</c>.</summary>
public sealed record ModelDetails : ModelInfo
{
    [JsonConstructor]
    public ModelDetails() { }

    [SetsRequiredMembers]
    internal ModelDetails(ModelInfo info)
        : base(info) { }

    /// <summary>Other names that the provider takes for it.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Names that only this gateway takes for it.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<string> FriendlyNames { get; init; } = [];

    /// <summary>Values of <c>reasoning_effort</c> it takes; null is unknown.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<string>? ReasoningEfforts { get; init; }

    /// <summary>Null where nobody told.</summary>
    [JsonPropertyOrder(1)]
    public ModelPrices? Prices { get; init; }

    /// <summary>Quality by task; null where nothing is known of it.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyDictionary<string, ModelTaskQuality>? QualityByTask { get; init; }

    /// <summary>Facts of models that one can run in the house; null for all others.</summary>
    [JsonPropertyOrder(1)]
    public LocalModelFacts? LocalModel { get; init; }
}

/// <summary>Quality at one task.</summary>
public sealed record ModelTaskQuality
{
    public required double Score { get; init; }
    public required double StandardError { get; init; }

    /// <summary>Rests on benchmarks of that task.</summary>
    public required bool Measured { get; init; }
}
