namespace Dragoman.Configuration.Stored;

/// <summary>A thing of the configuration that was entered through the API.</summary>
public sealed record StoredEntry
{
    /// <summary>The resource, e.g. <c>providers</c>.</summary>
    public required string Kind { get; init; }
    public required string Id { get; init; }

    /// <summary>What <c>dragoman.yaml</c> would say of it, as JSON; secrets are references.</summary>
    public required string Json { get; init; }

    /// <summary>The configuration's version that it is as it is since.</summary>
    public required long Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
