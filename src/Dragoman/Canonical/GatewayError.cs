namespace Dragoman.Canonical;

/// <summary>What kind of failure a caller is told about; each dialect has its own words for it.</summary>
public enum GatewayErrorKind
{
    /// <summary>The request is wrong: 400.</summary>
    InvalidRequest,

    /// <summary>Our own key check failed: 401.</summary>
    Authentication,

    /// <summary>The caller may not do this: 403.</summary>
    Permission,

    /// <summary>No such model, route or record: 404.</summary>
    NotFound,

    /// <summary>The body is larger than allowed: 413.</summary>
    RequestTooLarge,

    /// <summary>The prompt does not fit the model's context: 400.</summary>
    ContextLength,

    /// <summary>The provider's content filter refused: 400.</summary>
    ContentFilter,

    /// <summary>A budget of the gateway's own leaves too little: 402. Trying again is of no use until it frees.</summary>
    Budget,

    /// <summary>Too many requests, here or upstream: 429.</summary>
    RateLimited,

    /// <summary>Known, but not built or not possible here: 501.</summary>
    NotSupported,

    /// <summary>No deployment can take the request now: 503.</summary>
    Unavailable,

    /// <summary>The provider failed: 502, or its own 5xx.</summary>
    Upstream,

    /// <summary>A deadline passed: 504.</summary>
    Timeout,

    /// <summary>The request came back to us: 508.</summary>
    Loop,

    /// <summary>Our own mistake: 500.</summary>
    Internal,
}

/// <summary>A failure as the caller will be told it; each dialect renders it in its own shape.</summary>
public sealed record GatewayError(GatewayErrorKind Kind, string Message)
{
    /// <summary>HTTP status to answer with; null takes the kind's usual one.</summary>
    public int? StatusOverride { get; init; }

    /// <summary>A stable code, e.g. <c>model_not_found</c>; null where the dialect's usual one will do.</summary>
    public string? Code { get; init; }

    /// <summary>The provider's own type word, kept where the dialect has a place for it.</summary>
    public string? Type { get; init; }

    /// <summary>The field that was wrong.</summary>
    public string? Param { get; init; }

    /// <summary>How long to wait before trying again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The error body exactly as the provider sent it, where it is already in the caller's dialect and can be relayed.</summary>
    public ReadOnlyMemory<byte> UpstreamBody { get; init; }

    /// <summary>The HTTP status to answer with.</summary>
    public int Status =>
        StatusOverride
        ?? Kind switch
        {
            GatewayErrorKind.InvalidRequest
            or GatewayErrorKind.ContextLength
            or GatewayErrorKind.ContentFilter => 400,
            GatewayErrorKind.Authentication => 401,
            GatewayErrorKind.Budget => 402,
            GatewayErrorKind.Permission => 403,
            GatewayErrorKind.NotFound => 404,
            GatewayErrorKind.RequestTooLarge => 413,
            GatewayErrorKind.RateLimited => 429,
            GatewayErrorKind.NotSupported => 501,
            GatewayErrorKind.Upstream => 502,
            GatewayErrorKind.Unavailable => 503,
            GatewayErrorKind.Timeout => 504,
            GatewayErrorKind.Loop => 508,
            _ => 500,
        };
}
