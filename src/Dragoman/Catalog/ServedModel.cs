using Dragoman.Canonical;

namespace Dragoman.Catalog;

/// <summary>A model that a server in the house says it has, and what it tells of it; null is what it does not say.</summary>
public sealed record ServedModel(string Name)
{
    /// <summary>Which bytes the name stands for now: another digest is another model.</summary>
    public string? Digest { get; init; }

    /// <summary>Size on its disk, in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>When it was put there, as the server writes it.</summary>
    public string? ModifiedAt { get; init; }

    /// <summary>E.g. <c>gguf</c>.</summary>
    public string? Format { get; init; }

    /// <summary>The architecture's family, e.g. <c>llama</c> or <c>nomic-bert</c>.</summary>
    public string? Family { get; init; }

    /// <summary>Families beside it, e.g. <c>clip</c> for one that sees.</summary>
    public IReadOnlyList<string> Families { get; init; } = [];

    /// <summary>E.g. <c>8.0B</c>.</summary>
    public string? ParameterSize { get; init; }

    /// <summary>E.g. <c>Q4_K_M</c>.</summary>
    public string? Quantization { get; init; }

    /// <summary>The most tokens of context the model was made for; what the server gives it may be less.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>The server only passes calls on to another, outside the house (Ollama's cloud models).</summary>
    public bool RunsElsewhere { get; init; }

    /// <summary>Length of its embeddings.</summary>
    public int? Dimensions { get; init; }

    public ModelCapabilities Capabilities { get; init; } = ModelCapabilities.Unknown;

    /// <summary>The server's own description as it came (Ollama's <c>/api/show</c>); empty where it gave none.</summary>
    public RawJson Description { get; init; }

    /// <summary>What is known with what the server says over it: the server has the model, the catalog has heard of it.</summary>
    public ModelCapabilities Over(ModelCapabilities? known)
    {
        known ??= ModelCapabilities.Unknown;
        return known with
        {
            Tools = Capabilities.Tools ?? known.Tools,
            StructuredOutput = Capabilities.StructuredOutput ?? known.StructuredOutput,
            Reasoning = Capabilities.Reasoning ?? known.Reasoning,
            Vision = Capabilities.Vision ?? known.Vision,
            Audio = Capabilities.Audio ?? known.Audio,
            Embeddings = Capabilities.Embeddings ?? known.Embeddings,
        };
    }

    /// <summary>The same is told of it; but for a time, which says nothing where the digest is the same.</summary>
    internal bool IsLike(ServedModel other) =>
        (Name, Digest, Size, Family, ParameterSize, Quantization, ContextWindow)
            == (
                other.Name,
                other.Digest,
                other.Size,
                other.Family,
                other.ParameterSize,
                other.Quantization,
                other.ContextWindow
            )
        && RunsElsewhere == other.RunsElsewhere
        && Capabilities == other.Capabilities
        && Description == other.Description;
}
