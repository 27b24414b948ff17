using System.Text.Json.Serialization;
using Dragoman.Routing.Classification;

namespace Dragoman.Native;

/// <summary>What a prompt asks for, as <c>POST /api/llm/classify</c> tells it.</summary>
public sealed record ClassificationInfo
{
    /// <summary>The likeliest of the ten tasks; <c>chat</c> where nothing told one from another.</summary>
    public required string Task { get; init; }

    /// <summary>How likely that is right, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>Nothing told one task from another: <see cref="Task"/> is chat for want of a better one.</summary>
    public required bool Abstained { get; init; }

    /// <summary>How likely each of the ten tasks is; together 1.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>How likely a weaker model fails where a stronger one succeeds, 0 to 1: for putting prompts in an order.</summary>
    public required double Difficulty { get; init; }
    public required PromptSignalsInfo Signals { get; init; }

    internal static ClassificationInfo Of(Classification read) =>
        new()
        {
            Task = read.Task.Name(),
            Confidence = Math.Round(read.Confidence, 3),
            Abstained = read.IsAbstention,
            Scores = Enumerable
                .Range(0, TaskKinds.Count)
                .ToDictionary(
                    static task => ((TaskKind)task).Name(),
                    task => Math.Round(read.Score((TaskKind)task), 4),
                    StringComparer.Ordinal
                ),
            Difficulty = Math.Round(read.Difficulty, 3),
            Signals = new PromptSignalsInfo
            {
                ContainsCode = read.Signals.ContainsCode,
                ContainsMath = read.Signals.ContainsMath,
                Language = read.Signals.Language,
                EstimatedTokens = read.Signals.EstimatedTokens,
                AsksForJson = read.Signals.AsksForJson,
                HasImages = read.Signals.HasImages,
                HasTools = read.Signals.HasTools,
                MultiTurn = read.Signals.IsMultiTurn,
            },
        };
}

/// <summary>What can be seen in a prompt without understanding it.</summary>
public sealed record PromptSignalsInfo
{
    public required bool ContainsCode { get; init; }
    public required bool ContainsMath { get; init; }

    /// <summary>The ISO 639-1 code of the language that it is asked in; null where the text does not tell.</summary>
    public string? Language { get; init; }

    /// <summary>Tokens of the whole conversation with its tools, by our estimate.</summary>
    public required long EstimatedTokens { get; init; }

    /// <summary>The answer is to be JSON.</summary>
    public required bool AsksForJson { get; init; }
    public required bool HasImages { get; init; }
    public required bool HasTools { get; init; }

    /// <summary>The user has spoken before.</summary>
    public required bool MultiTurn { get; init; }
}

/// <summary>The shape of <c>/api/llm/classify</c> as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(ClassificationInfo))]
internal sealed partial class ClassificationJson : JsonSerializerContext;
