namespace Dragoman.Access.People;

/// <summary>A project or an application that calls are of: its id is the <c>workspace_id</c> of requests.</summary>
internal sealed record Workspace
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The team it is of; null is nobody's in particular.</summary>
    public string? Team { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts up with every change.</summary>
    public int Version { get; init; } = 1;
}
