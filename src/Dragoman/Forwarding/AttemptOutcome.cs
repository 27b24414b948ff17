using Dragoman.Canonical;
using Dragoman.Limits;

namespace Dragoman.Forwarding;

/// <summary>How one attempt ended. The names, in snake case, are the outcome words of records.</summary>
internal enum OutcomeKind
{
    Success,
    ClientGone,

    // The provider could not be reached or did not answer.
    ConnectFailed,
    ConnectTimeout,
    Reset,
    FirstContentTimeout,
    IdleTimeout,
    AttemptTimeout,
    TotalTimeout,

    // It answered with a failure of its own.
    ServerError,
    RateLimited,
    Redirected,
    Malformed,
    Empty,
    ErrorInAnswer,
    TooLarge,

    // It refused.
    InvalidRequest,
    RefusesStreamOptions,
    ContextLength,
    ContentFilter,
    Unauthorized,
    PaymentRequired,
    Quota,
    Forbidden,
    NotFound,

    // The answer had begun.
    StreamCut,
    StreamError,

    // A recovery did not repeat what the client already has.
    Diverged,

    // The answer is sound, and not of the shape that was asked for.
    SchemaMismatch,

    // We did not ask: offline mode lets nothing out of the house.
    Offline,

    // We stopped a stream: a budget or limit had no more for it.
    OutOfBudget,

    // It answered, and a guardrail does not let the answer by.
    Blocked,
}

/// <summary>The end of one attempt: kind, upstream status, and what the provider said.</summary>
internal sealed record AttemptOutcome(OutcomeKind Kind)
{
    public static readonly AttemptOutcome Success = new(OutcomeKind.Success);
    public static readonly AttemptOutcome ClientGone = new(OutcomeKind.ClientGone);

    /// <summary>The upstream's HTTP status; null where it sent none.</summary>
    public int? Status { get; init; }

    /// <summary>What the provider said went wrong.</summary>
    public UpstreamError? Error { get; init; }

    /// <summary>The provider's error body, where it may be relayed as it is.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>How long the provider asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Content of this attempt had reached the client.</summary>
    public bool Committed { get; init; }

    /// <summary>The next deployment can carry on what reached the client.</summary>
    public bool CanBeCarriedOn { get; init; }

    /// <summary>Why we stopped it; null where we did not.</summary>
    public AdmissionRefusal? Refusal { get; init; }

    /// <summary>Our own words, where the provider has none.</summary>
    public string? Detail { get; init; }

    /// <summary>The outcome word of records.</summary>
    public string Word => Words[(int)Kind];

    private static readonly string[] Words = Enum.GetNames<OutcomeKind>()
        .Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName)
        .ToArray();

    /// <summary>The provider is failing, as opposed to busy or unwilling: what a circuit breaker counts.</summary>
    public bool IsFailure =>
        Kind
            is (>= OutcomeKind.ConnectFailed and <= OutcomeKind.ServerError)
                or (>= OutcomeKind.Redirected and <= OutcomeKind.TooLarge)
                or OutcomeKind.StreamCut
                or OutcomeKind.StreamError;

    /// <summary>The provider was still at work when it was given up.</summary>
    public bool MayHaveSpent =>
        Kind is OutcomeKind.ClientGone or OutcomeKind.Reset
        || (IsTimeout && Kind != OutcomeKind.ConnectTimeout);

    /// <summary>The provider stayed silent until a deadline.</summary>
    public bool IsTimeout =>
        Kind
            is OutcomeKind.ConnectTimeout
                or OutcomeKind.FirstContentTimeout
                or OutcomeKind.IdleTimeout
                or OutcomeKind.AttemptTimeout
                or OutcomeKind.TotalTimeout;
}
