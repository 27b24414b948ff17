namespace Dragoman.Limits.Rates;

/// <summary>The limit that a request came up against: of several the one that is longest in freeing.</summary>
/// <param name="Limit">Which.</param>
/// <param name="Tuple">Whose.</param>
/// <param name="Meter">What of it; null is the requests that may run at once.</param>
/// <param name="Used">What is taken of it.</param>
/// <param name="Need">What the request would take.</param>
/// <param name="FreesIn">When there is room if nobody else takes it; null where that cannot be told, or never comes.</param>
internal sealed record RateRefusal(
    RateLimit Limit,
    string Tuple,
    RateMeter? Meter,
    long Used,
    long Need,
    TimeSpan? FreesIn
)
{
    /// <summary>The request alone is more than the limit ever allows.</summary>
    public bool IsHopeless => Meter is not null && FreesIn is null;

    /// <summary>Longer than any other wait where it never frees; concurrency, of which nobody knows when, shorter than any.</summary>
    public TimeSpan Rank => IsHopeless ? TimeSpan.MaxValue : FreesIn ?? TimeSpan.Zero;
}
