namespace Dragoman.Catalog;

/// <summary>How fast a model is thought to be before any of its answers were seen. Null is unknown. Live measures replace it within hours.</summary>
public sealed record StartingLatency
{
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Tokens of the answer per second once it flows.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Seen at this very provider; false where it is the median over others that serve the same model.</summary>
    public bool IsOfThisProvider { get; init; }

    /// <summary>How long an answer of that many tokens takes; null where either fact is unknown.</summary>
    public TimeSpan? For(int outputTokens) =>
        TokensPerSecond is > 0 and { } speed && TimeToFirstToken is { } first
            ? first + TimeSpan.FromSeconds(outputTokens / speed)
            : null;
}
