using System.Text.Json;
using Dragoman.Routing.Decisions;

namespace Dragoman.Routing;

/// <summary>What a request is about, as decisions weigh it and records keep it: figures and marks, never its words.</summary>
public sealed record RequestProfile
{
    /// <summary>One of the ten tasks.</summary>
    public required string Task { get; init; }

    /// <summary>How likely <see cref="Task"/> is right, 0 to 1; 1 where the client named it.</summary>
    public required double Confidence { get; init; }

    /// <summary>How likely a weaker model fails where a stronger one succeeds, 0 to 1; null where nobody looked.</summary>
    public double? Difficulty { get; init; }

    /// <summary>The ISO 639-1 code of the language that it is asked in; null where the text does not tell.</summary>
    public string? Language { get; init; }
    public bool ContainsCode { get; init; }
    public bool ContainsMath { get; init; }
    public bool AsksForJson { get; init; }
    public bool HasImages { get; init; }
    public bool HasTools { get; init; }

    /// <summary>The user has spoken before.</summary>
    public bool IsMultiTurn { get; init; }

    /// <summary>Tokens of the whole conversation with its tools, by our estimate.</summary>
    public long EstimatedTokens { get; init; }

    /// <summary>As it is stored: JSON without what is not known.</summary>
    public byte[] ToJson() =>
        JsonSerializer.SerializeToUtf8Bytes(this, DecisionJson.Default.RequestProfile);

    /// <summary>From <see cref="ToJson"/>.</summary>
    public static RequestProfile? FromJson(string json) =>
        JsonSerializer.Deserialize(json, DecisionJson.Default.RequestProfile);

    /// <summary>What it is taken to be about when qualities are compared: a task that is hardly likelier than another counts as none.</summary>
    internal string? QualityTask => Confidence >= LeastConfidence ? Task : null;

    /// <summary>Below this the ten tasks share what is known, and the quality over all of them is the better guess.</summary>
    private const double LeastConfidence = 0.4;
}
