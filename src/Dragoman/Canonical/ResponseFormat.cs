namespace Dragoman.Canonical;

/// <summary>The shapes an answer can be asked for in.</summary>
public enum ResponseFormatKind
{
    Text,

    /// <summary>Any JSON object.</summary>
    JsonObject,

    /// <summary>JSON that follows a schema.</summary>
    JsonSchema,

    /// <summary>Something only the dialect it came in understands.</summary>
    Raw,
}

/// <summary>The shape the answer must have.</summary>
public sealed record ResponseFormat(ResponseFormatKind Kind)
{
    /// <summary>The schema's name.</summary>
    public JsonText? Name { get; init; }
    public JsonText? Description { get; init; }

    /// <summary>The JSON schema as it came.</summary>
    public RawJson Schema { get; init; }
    public bool? IsStrict { get; init; }

    /// <summary>For <see cref="ResponseFormatKind.Raw"/>: the format as it came.</summary>
    public RawJson Json { get; init; }

    /// <summary>For <see cref="ResponseFormatKind.Raw"/>: the dialect it came in.</summary>
    public string? Dialect { get; init; }

    /// <summary>Fields without a canonical place.</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];
}
