using Dragoman.Canonical;

namespace Dragoman.Native;

/// <summary>What kind of failure a caller can tell apart.</summary>
public enum GatewayFailure
{
    /// <summary>The request is wrong: it will fail again as it is.</summary>
    InvalidRequest,

    /// <summary>The provider, or the gateway itself, has had too many requests.</summary>
    RateLimited,

    /// <summary>A key is missing or was refused: the caller's, or the gateway's own at a provider.</summary>
    Authentication,

    /// <summary>A deadline passed.</summary>
    Timeout,

    /// <summary>The prompt does not fit the model's context.</summary>
    ContextLength,

    /// <summary>The provider's content filter refused.</summary>
    ContentFilter,

    /// <summary>It would cost more than may be spent; nobody was asked.</summary>
    Budget,

    /// <summary>No deployment can take the request: none is configured, fits, or is well.</summary>
    NoProvider,

    /// <summary>The provider failed, or its answer broke off.</summary>
    Upstream,

    /// <summary>Known, but not built or not possible here.</summary>
    NotSupported,

    /// <summary>The gateway's own mistake.</summary>
    Internal,
}

/// <summary>Why there is no answer, or no whole one.</summary>
public sealed class GatewayException : Exception, IToldFailure
{
    internal GatewayException(
        GatewayError error,
        string? requestId = null,
        IReadOnlyList<AttemptInfo>? attempts = null
    )
        : this(error, GatewayFailures.Of(error), requestId, attempts) { }

    internal GatewayException(
        GatewayError error,
        GatewayFailure kind,
        string? requestId,
        IReadOnlyList<AttemptInfo>? attempts,
        Exception? cause = null
    )
        : base(error.Message, cause) =>
        (Error, Kind, RequestId, Attempts) = (error, kind, requestId, attempts ?? []);

    /// <summary>The failure as every dialect tells it.</summary>
    public GatewayError Error { get; }

    public GatewayFailure Kind { get; }

    /// <summary>A stable word, e.g. <c>model_not_found</c>; the provider's own where it has one.</summary>
    public string Code => GatewayFailures.CodeOf(Error);

    /// <summary>The field that was wrong.</summary>
    public string? Param => Error.Param;

    /// <summary>How long to wait before trying again.</summary>
    public TimeSpan? RetryAfter => Error.RetryAfter;

    /// <summary>The request's id; null where it never became one.</summary>
    public string? RequestId { get; }

    /// <summary>What was tried.</summary>
    public IReadOnlyList<AttemptInfo> Attempts { get; }
}
