namespace Dragoman.Access.People;

/// <summary>People who work together; who belongs to it is said by the users. Its id is what limits and budgets name.</summary>
internal sealed record Team
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts up with every change.</summary>
    public int Version { get; init; } = 1;
}
