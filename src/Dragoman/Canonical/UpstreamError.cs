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

    /// <summary>The failure as a caller is told it, where no HTTP status says more (an error inside a stream, or with status 200).</summary>
    public GatewayError ToGatewayError() =>
        new(Kind, Message ?? "The provider reported an error without saying which.")
        {
            Code = Code,
            Type = Type,
            Param = Param,
            RetryAfter = RetryAfter,
        };

    private GatewayErrorKind Kind =>
        (Code, Type) switch
        {
            ("context_length_exceeded", _) => GatewayErrorKind.ContextLength,
            ("content_filter" or "content_policy_violation", _) => GatewayErrorKind.ContentFilter,
            ("429" or "rate_limit_exceeded", _)
            or (_, "rate_limit_error" or "rate_limit_exceeded") => GatewayErrorKind.RateLimited,
            _ => GatewayErrorKind.Upstream,
        };
}
