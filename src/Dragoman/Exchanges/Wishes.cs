namespace Dragoman.Exchanges;

/// <summary>
/// What a client wishes beside its dialect: the body's <c>dragoman</c> object and the <c>x-dragoman-*</c> headers, the header
/// winning. Null is "not said".
/// </summary>
public sealed record Wishes
{
    public static readonly Wishes None = new();

    /// <summary><c>fallback: false</c> gives an empty list; null is "not said".</summary>
    public IReadOnlyList<string>? Fallback { get; init; }

    /// <summary>Name of a chain to use.</summary>
    public string? Chain { get; init; }
    public bool? LocalOnly { get; init; }

    /// <summary>Only deployments of these regions may serve it, <c>local</c> being the house; null is "not said".</summary>
    public IReadOnlyList<string>? Regions { get; init; }
    public bool? PreferLocal { get; init; }
    public bool? PreferLowLatency { get; init; }

    /// <summary>Where nobody named fallbacks, those that the strategy computes are tried also behind a pinned model.</summary>
    public bool ComputesFallback { get; init; }

    /// <summary>US dollars that the call may cost by its estimate; what costs more is passed over.</summary>
    public decimal? MaxCostUsd { get; init; }

    /// <summary>Deployments that usually take longer, in milliseconds, are tried last.</summary>
    public long? MaxLatencyMs { get; init; }
    public string? Strategy { get; init; }

    /// <summary>Capabilities under their first names, e.g. <c>tools</c> for <c>function_calling</c>.</summary>
    public IReadOnlyList<string> RequiredCapabilities { get; init; } = [];

    /// <summary>Free words kept with the record.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What to send of a conversation that is too long; null is "not said".</summary>
    public ContextStrategy? Context { get; init; }

    /// <summary>Messages that are sent whatever else is left out, by their number from 0; the system's are not counted, since they stay anyway.</summary>
    public IReadOnlyList<int> Pinned { get; init; } = [];

    /// <summary>The client wants the model that it names and no other: rules do not touch it.</summary>
    public bool IsForced { get; init; }

    /// <summary>Refuse rather than drop a parameter.</summary>
    public bool Strict { get; init; }
    public string? WorkspaceId { get; init; }
    public string? ExecutionId { get; init; }
    public string? UserTier { get; init; }

    /// <summary>What the client says its task is; kept with the record.</summary>
    public string? TaskType { get; init; }

    /// <summary>Some wish bears on which deployments are tried; without one, or with <see cref="ComputesFallback"/> alone, a name's decision is shared.</summary>
    public bool Steers =>
        Fallback is not null
        || Chain is not null
        || LocalOnly is not null
        || Regions is not null
        || PreferLocal is not null
        || PreferLowLatency is not null
        || MaxCostUsd is not null
        || MaxLatencyMs is not null
        || Strategy is not null
        || Context is not null
        || RequiredCapabilities.Count > 0;
}
