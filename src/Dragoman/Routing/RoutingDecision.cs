using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing.Decisions;

namespace Dragoman.Routing;

/// <summary>The chain chosen for a name, and why. Immutable; where nothing of a request bears on it, made once per name and snapshot and shared by exchanges.</summary>
public sealed record RoutingDecision
{
    /// <summary>The name that was asked for, as <c>x-dragoman-route</c> shows it.</summary>
    public required string Route { get; init; }

    /// <summary>The configured, predefined or wished-for chain, or the route, that the members come from; null where none did.</summary>
    public string? ChainName { get; init; }

    /// <summary>Deployments in the order they are tried; never empty.</summary>
    public required IReadOnlyList<Deployment> Chain { get; init; }

    /// <summary>Members left out when the chain was made, with the reason.</summary>
    public IReadOnlyList<SkipRecord> Excluded { get; init; } = [];

    /// <summary>The client named one deployment: it gets that one unless somebody configured or asked for fallbacks.</summary>
    public bool Pinned { get; init; }
    public required string Reason { get; init; }

    /// <summary>The strategy that ordered the chain; null where none was asked.</summary>
    public string? Strategy { get; init; }

    /// <summary>How many at the head of <see cref="Chain"/> are equals to be taken in turn (load balancing); 1 is a fixed order.</summary>
    public int BalancedHead { get; init; } = 1;

    /// <summary>How they are taken; null is in turn from any on.</summary>
    internal Balancing.Balancing? Balancing { get; init; }

    public ForwardingSettings Settings { get; init; } = ForwardingSettings.Default;

    /// <summary>The strategy that chose those behind the first choice; null where none did.</summary>
    internal string? StrategyBehind { get; init; }

    /// <summary>What the exchange may cost; null is without limit.</summary>
    internal SpendingLimit? Limit { get; init; }

    /// <summary>The rule that fired; null where none did.</summary>
    public string? Rule { get; init; }

    /// <summary>Nothing of it may leave the house.</summary>
    public bool LocalOnly { get; init; }

    /// <summary>Where whoever gets to see any of the request must be.</summary>
    internal RegionBounds Regions { get; init; }

    /// <summary>What becomes of the request before it is sent; null where nothing does.</summary>
    internal RequestShaping? Shaping { get; init; }

    /// <summary>How the order of <see cref="Chain"/> came about, where anything was weighed.</summary>
    internal IReadOnlyList<WeighedCandidates> Weighings { get; init; } = [];

    /// <summary>What is kept of it; null where nothing was weighed. Made at the first question, and shared as the decision is.</summary>
    internal DecisionRecord? Record => field ??= DecisionRecord.Of(this);

    /// <summary>How much was asked, by the estimate that the weighings were made with.</summary>
    internal RequestSize Size { get; init; }

    /// <summary>Another request of the same name may be decided otherwise: it is not shared.</summary>
    internal bool OfThisRequest { get; init; }

    /// <summary>It is shared no longer than this; null is as long as the configuration stands.</summary>
    internal DateTimeOffset? HoldsUntil { get; init; }
}

/// <summary>What to do when a stream breaks after its first content.</summary>
public enum StreamRecovery
{
    /// <summary>End it with a typed error.</summary>
    Error,

    /// <summary>Let the next deployment carry on.</summary>
    Continue,
}

/// <summary>How an exchange is forwarded: a route's or chain's settings over the defaults. Times that are null take the default for the deployment's kind.</summary>
public sealed record ForwardingSettings
{
    public static readonly ForwardingSettings Default = new();

    public TimeSpan? Connect { get; init; }

    /// <summary>Streamed calls: until the first text, reasoning or tool delta.</summary>
    public TimeSpan? FirstContent { get; init; }

    /// <summary>Streamed calls: between any two bytes after the first content.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>Unstreamed calls: the whole attempt.</summary>
    public TimeSpan? Attempt { get; init; }

    /// <summary>The whole exchange.</summary>
    public TimeSpan? Total { get; init; }

    /// <summary>Further attempts at one deployment: 0 or 1.</summary>
    public int Retries { get; init; } = 1;

    /// <summary>Attempts over the whole chain; null is no limit but two per deployment.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>What makes the chain move on.</summary>
    public FallbackOn FallbackOn { get; init; } = FallbackOn.Default;
    public StreamRecovery Recover { get; init; }

    /// <summary>Every member gets the whole conversation; false lets those that cannot hold it have the newest turns.</summary>
    public bool PreserveContext { get; init; } = true;

    public BreakerSettings Breaker { get; init; } = BreakerSettings.Default;
}

/// <summary>Failures that make a chain move on (<c>retry_on</c>).</summary>
[Flags]
public enum FallbackOn
{
    None = 0,
    Timeout = 1,
    RateLimit = 2,
    Error = 4,
    ContentFilter = 8,
    Default = Timeout | RateLimit | Error,
}

/// <summary>When a deployment's circuit breaker opens, and for how long.</summary>
public sealed record BreakerSettings(int Failures, TimeSpan Window, TimeSpan Open)
{
    public static readonly BreakerSettings Default = new(
        5,
        TimeSpan.FromSeconds(30),
        TimeSpan.FromSeconds(10)
    );
}
