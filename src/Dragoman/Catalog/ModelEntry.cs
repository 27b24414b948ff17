namespace Dragoman.Catalog;

/// <summary>What is publicly known about one model at one provider: a row of <c>models.json</c>. Null means that nobody said.</summary>
public sealed record ModelEntry
{
    /// <summary>The provider type's name, e.g. <c>vertex</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The id that goes upstream.</summary>
    public required string Id { get; init; }

    /// <summary>The key that joins the same model across providers, e.g. <c>llama-3.3-70b-instruct</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The line of models it belongs to, e.g. <c>claude-sonnet</c>.</summary>
    public string? Family { get; init; }
    public ModelKind Kind { get; init; }
    public ModelStatus Status { get; init; }

    /// <summary>Context window in tokens.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>The longest answer in tokens.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>Length of an embedding.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Release date as precisely as known: <c>2024</c>, <c>2024-05</c> or <c>2024-05-13</c>; it sorts as text.</summary>
    public string? Released { get; init; }

    /// <summary>The id to use instead, where the vendor retired this one.</summary>
    public string? Replacement { get; init; }

    /// <summary>
    /// What a call of this model is sent to: where the vendor no longer answers for it and somebody named a successor. Only models
    /// that chat: embeddings of another model are of no use beside those one has.
    /// </summary>
    public string? Successor =>
        Kind is ModelKind.Chat && Status is ModelStatus.Legacy or ModelStatus.Deprecated
            ? Replacement
            : null;

    /// <summary>Other ids that the provider accepts as they are.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Names people use that the provider does not know: send <see cref="Id"/>.</summary>
    public IReadOnlyList<string> LocalAliases { get; init; } = [];
    public ModelCapabilities Capabilities { get; init; } = ModelCapabilities.Unknown;

    /// <summary>Soft capabilities it is said to have, whatever its quality tells: an own catalog's word.</summary>
    public IReadOnlyList<string> Strengths { get; init; } = [];

    /// <summary>Values of <c>reasoning_effort</c> it takes; null where unknown.</summary>
    public IReadOnlyList<string>? ReasoningEfforts { get; init; }
    public PriceSheet? Prices { get; init; }

    /// <summary>How good it is thought to be; null where nobody measured it or could guess.</summary>
    public QualityPrior? Quality
    {
        get => field ?? QualityPriors.Default.Find(Model);
        init;
    }

    /// <summary>How fast it is thought to be; null where nobody told.</summary>
    public StartingLatency? Latency
    {
        get => field ?? StartingLatencies.Default.Find(Provider, Model);
        init;
    }
}

/// <summary>What a model does.</summary>
public enum ModelKind
{
    Chat,
    Embedding,
    Rerank,
    Moderation,
    Image,
    Video,
    SpeechToText,
    TextToSpeech,
}

/// <summary>How alive a model is at its provider.</summary>
public enum ModelStatus
{
    Active,
    Beta,

    /// <summary>Priced somewhere, but no longer listed: probably retired.</summary>
    Legacy,

    /// <summary>The vendor has announced its end.</summary>
    Deprecated,
}
