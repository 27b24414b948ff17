using System.Text.Json.Serialization;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Native;

/// <summary>What is asked for beside the texts to embed. Null is "not said".</summary>
public sealed record EmbeddingOptions
{
    /// <summary>A model, alias or route. Default: the first configured provider's embedding model.</summary>
    public string? Model { get; init; }

    /// <summary>The provider of <see cref="Model"/>.</summary>
    public string? Provider { get; init; }

    /// <summary>The wanted length of each vector, for models that can shorten them.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Others of the same model are tried where the first fails. Default: true.</summary>
    public bool? EnableFallback { get; init; }
    public bool? LocalOnly { get; init; }
    public string? WorkspaceId { get; init; }
    public string? ExecutionId { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>The vectors of some texts, in their order.</summary>
public sealed record EmbeddingsReply
{
    /// <summary>Ids of the requests it took, one a batch.</summary>
    public required IReadOnlyList<string> Ids { get; init; }

    /// <summary>One vector a text, all of one length.</summary>
    public required IReadOnlyList<float[]> Embeddings { get; init; }

    /// <summary>Length of each vector.</summary>
    public required int Dimensions { get; init; }

    /// <summary>The provider's own name of the model.</summary>
    public required string Model { get; init; }
    public required string Provider { get; init; }
    public TokenUsage? Usage { get; init; }

    /// <summary>US dollars of all batches together; null is unknown, never free.</summary>
    [JsonPropertyName("cost_usd")]
    public decimal? Cost { get; init; }

    [JsonConverter(typeof(CostBasisConverter))]
    public CostBasis? CostBasis { get; init; }

    [JsonPropertyName("latency_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan Latency { get; init; }
}
