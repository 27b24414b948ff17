namespace Dragoman.Canonical;

/// <summary>
/// A field that has no place in the canonical shape, carried so that a writer of the same dialect gives it back; a writer of
/// another leaves it out and names the loss.
/// </summary>
/// <param name="Dialect">The dialect it came in, e.g. <c>openai</c>.</param>
/// <param name="Parent">The object within its owner that it stood in, e.g. <c>function</c>; null for the owner itself.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value as it came.</param>
public readonly record struct RawField(string Dialect, string? Parent, JsonText Name, RawJson Value)
{
    /// <summary>Without it the request asks something else: a dialect that cannot say it cannot serve the request.</summary>
    public bool IsVital { get; init; }
}
