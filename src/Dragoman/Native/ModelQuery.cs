using Dragoman.Catalog;

namespace Dragoman.Native;

/// <summary>What models are asked for. Null and empty are "any".</summary>
public sealed record ModelQuery
{
    /// <summary>Capabilities under their first names; a model must be known to have all of them.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>A provider, by its name here or by a name of its type.</summary>
    public string? Provider { get; init; }

    /// <summary>US dollars per 1,000 tokens that the mean of input and output price must not pass; an unknown price passes no ceiling.</summary>
    public decimal? MaxCostPer1k { get; init; }

    /// <summary>Tokens of context it must be known to have.</summary>
    public long? MinContext { get; init; }
    public bool? Local { get; init; }
    public bool? Available { get; init; }
    public ModelKind? Kind { get; init; }
    public LocalModelType? Type { get; init; }

    /// <summary>The task whose quality counts; null is all of them together.</summary>
    public string? Task { get; init; }

    /// <summary>Part of its name, in any case.</summary>
    public string? Text { get; init; }
    public ModelOrder Order { get; init; }

    /// <summary>The same, as whoever asks for the first by an order means it: among models that chat, unless they say otherwise.</summary>
    internal ModelQuery By(ModelOrder order) =>
        this with
        {
            Order = order,
            Kind =
                Kind
                ?? (
                    Capabilities.Contains(Exchanges.Capabilities.Embeddings, StringComparer.Ordinal)
                        ? ModelKind.Embedding
                        : ModelKind.Chat
                ),
        };
}

/// <summary>The order of models; the unknown comes last, and among equals what can be called first.</summary>
public enum ModelOrder
{
    /// <summary>What can be called first, then by name.</summary>
    Name,

    /// <summary>The cheapest first.</summary>
    Cost,

    /// <summary>The fastest first.</summary>
    Latency,

    /// <summary>The best first.</summary>
    Quality,
}
