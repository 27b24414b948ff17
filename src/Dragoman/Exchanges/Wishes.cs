namespace Dragoman.Exchanges;

/// <summary>
/// What a client wishes beside its dialect: the body's <c>dragoman</c> object and the <c>x-dragoman-*</c> headers, the header
/// winning. Null is "not said".
/// </summary>
public sealed record Wishes
{
    public static readonly Wishes None = new();

    /// <summary><c>fallback: false</c> gives an empty list; null is "not said".</summary>
    public IReadOnlyList<string>? Fallback { get; init; }

    /// <summary>Name of a chain to use.</summary>
    public string? Chain { get; init; }
    public bool? LocalOnly { get; init; }
    public bool? PreferLocal { get; init; }
    public string? Strategy { get; init; }
    public IReadOnlyList<string> RequiredCapabilities { get; init; } = [];

    /// <summary>Free words kept with the record.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Refuse rather than drop a parameter.</summary>
    public bool Strict { get; init; }
    public string? WorkspaceId { get; init; }
    public string? ExecutionId { get; init; }
}
