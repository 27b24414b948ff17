namespace Dragoman.Catalog;

/// <summary>What a model can do; null is unknown, which is neither yes nor no.</summary>
public sealed record ModelCapabilities
{
    public static readonly ModelCapabilities Unknown = new();

    public bool? Tools { get; init; }
    public bool? StructuredOutput { get; init; }
    public bool? Reasoning { get; init; }
    public bool? Vision { get; init; }
    public bool? Pdf { get; init; }
    public bool? Audio { get; init; }

    /// <summary>Takes a <c>temperature</c>.</summary>
    public bool? Temperature { get; init; }
    public bool? Embeddings { get; init; }
    public bool? OpenWeights { get; init; }

    /// <summary>Searches the web by itself; the catalog does not tell, configuration may.</summary>
    public bool? WebSearch { get; init; }

    /// <summary>The model carries on from a last assistant message instead of answering it (needed by <c>recover: continue</c>).</summary>
    public bool? AssistantPrefill { get; init; }
}
