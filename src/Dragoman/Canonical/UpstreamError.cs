namespace Dragoman.Canonical;

/// <summary>What a provider's error body says; null where it does not.</summary>
public sealed record UpstreamError
{
    public string? Message { get; init; }
    public string? Type { get; init; }

    /// <summary>A word or, as digits, a number.</summary>
    public string? Code { get; init; }
    public string? Param { get; init; }

    /// <summary>A JSON object whose <c>error</c> is an object with a string <c>message</c>: the caller can have it untouched.</summary>
    public bool IsCanonicalShape { get; init; }

    /// <summary>The wait that the body itself asks for.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
