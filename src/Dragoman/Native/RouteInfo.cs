using System.Text.Json;
using System.Text.Json.Serialization;
using Dragoman.Routing;

namespace Dragoman.Native;

/// <summary>Who would be asked, in which order, and why, as <c>POST /api/llm/route</c> tells it. Nobody was called. Null is unknown.</summary>
public sealed record RouteInfo
{
    /// <summary>The name that was asked for.</summary>
    public required string Name { get; init; }

    /// <summary>What the prompt was taken for; confidence 1 where the caller said it.</summary>
    public TaskInfo? Task { get; init; }

    /// <summary>How likely a weaker model fails where a stronger one succeeds, 0 to 1.</summary>
    public double? Difficulty { get; init; }
    public PromptSignalsInfo? Signals { get; init; }

    /// <summary>The strategy that chose or ordered, of a pinned name those behind it; null where none did.</summary>
    public string? Strategy { get; init; }

    /// <summary>How much each thing counted, where the strategy weighs.</summary>
    public StrategyWeights? Weights { get; init; }

    /// <summary>The rule that fired; null where none did.</summary>
    public string? Rule { get; init; }

    /// <summary>The chain or route that the members come from; null where none was named.</summary>
    public string? ChainName { get; init; }

    /// <summary>The name means one deployment: no rule and no strategy put another before it.</summary>
    public required bool Pinned { get; init; }

    /// <summary>Why this chain, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Who holds the conversation in its provider's cache; null where nobody is known to.</summary>
    public RouteAffinity? Affinity { get; init; }
    public required RouteEstimate Estimate { get; init; }

    /// <summary>How many members at the head are equals and taken in turn; 1 is a fixed order.</summary>
    public required int InTurn { get; init; }

    /// <summary>In the order in which they would be tried; costs and times are those of this request.</summary>
    public required IReadOnlyList<ChainMemberInfo> Chain { get; init; }

    /// <summary>How many models could have been weighed: the last are dropped before it comes to figures.</summary>
    public required int Among { get; init; }

    /// <summary>Those of the chain in its order; behind them who was weighed and is not in it, the best first.</summary>
    public required IReadOnlyList<RouteCandidate> Candidates { get; init; }

    /// <summary>Who may not answer this request, and why.</summary>
    public required IReadOnlyList<ChainExclusion> Excluded { get; init; }
}

/// <summary>A model that was weighed, with the figures that it was weighed by.</summary>
public sealed record RouteCandidate
{
    /// <summary><c>provider/model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Its place in the chain, from 1; null where it is not in it.</summary>
    public int? Rank { get; init; }

    /// <summary>It was weighed for the places behind a first choice that something else made.</summary>
    public required bool Behind { get; init; }

    /// <summary>What the strategy made of all figures together, in points of its own; null where it puts them in order without.</summary>
    public double? Score { get; init; }

    /// <summary>At the task, else over all: 0 to 100 on one scale for all models, feedback included.</summary>
    public double? Quality { get; init; }

    /// <summary>Standard error of <see cref="Quality"/>.</summary>
    public double? QualityError { get; init; }

    /// <summary>How likely it answers this prompt well, 0 to 1.</summary>
    public double? Chance { get; init; }

    [JsonPropertyName("cost_usd")]
    public decimal? Cost { get; init; }
    public double? FirstTokenMs { get; init; }
    public double? LatencyMs { get; init; }

    /// <summary>Of its lately ended attempts, the part that failed.</summary>
    public double? ErrorShare { get; init; }

    /// <summary>How many of the things the request needs it is not known to have.</summary>
    public required int Missing { get; init; }
    public required bool Local { get; init; }

    /// <summary>Why it is not in the chain; null where it is.</summary>
    public string? WhyNot { get; init; }
}

/// <summary>A provider's cache that holds the conversation.</summary>
/// <param name="Model"><c>provider/model</c>.</param>
/// <param name="Tokens">How much it holds.</param>
/// <param name="SavedUsd">US dollars that this spares.</param>
public sealed record RouteAffinity(string Model, long Tokens, decimal? SavedUsd);

/// <summary>What the request is thought to cost and take, if the first of the chain answers.</summary>
public sealed record RouteEstimate
{
    public required string Model { get; init; }
    public required long PromptTokens { get; init; }

    /// <summary>Of the answer, as long as such answers usually are.</summary>
    public required long AnswerTokens { get; init; }

    [JsonPropertyName("cost_usd")]
    public decimal? Cost { get; init; }

    /// <summary>What limits of money are held against: with an answer as long as the request allows, or of a middling length where it does not say.</summary>
    [JsonPropertyName("budgeted_usd")]
    public decimal? Budgeted { get; init; }
    public double? LatencyMs { get; init; }
}

/// <summary>The shape of <c>/api/llm/route</c> as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(RouteInfo))]
internal sealed partial class RouteJson : JsonSerializerContext
{
    /// <summary>Text as it is, rather than with every letter beyond ASCII escaped.</summary>
    public static RouteJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
