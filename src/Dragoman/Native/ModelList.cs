namespace Dragoman.Native;

/// <summary>A page of models that a query found: the answer of <c>GET /api/llm/models</c>.</summary>
public sealed record ModelList
{
    public required IReadOnlyList<ModelInfo> Models { get; init; }

    /// <summary>How many matched, on all pages together.</summary>
    public required int Total { get; init; }

    /// <summary>How many of them can be called now.</summary>
    public required int AvailableTotal { get; init; }

    /// <summary>The <c>offset</c> of the next page; null on the last one.</summary>
    public int? NextOffset { get; init; }

    /// <summary>The day the catalog's facts were gathered.</summary>
    public required string CatalogDate { get; init; }
}
