namespace Dragoman.Configuration.Stored;

/// <summary>All that was stored after one change.</summary>
public sealed record StoredVersion
{
    /// <summary>Counts up by one from 1; before the first nothing was stored.</summary>
    public required long Number { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Id of who changed it; null is an open server's caller.</summary>
    public string? By { get; init; }

    /// <summary>What was done, in a line.</summary>
    public required string What { get; init; }

    /// <summary>The document, as JSON in the shape of <c>dragoman.yaml</c>; null in lists.</summary>
    public string? Document { get; init; }
}
