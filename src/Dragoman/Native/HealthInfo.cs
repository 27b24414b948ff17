using System.Text.Json.Serialization;

namespace Dragoman.Native;

/// <summary><c>GET /api/llm/health</c>: how the configured providers are.</summary>
public sealed record HealthInfo
{
    /// <summary>
    /// <c>ok</c>: every provider whose state is known can be called, and nothing rests; <c>down</c>: none can; <c>degraded</c>:
    /// between these; <c>unknown</c>: nothing is known of any.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>When this was put together.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Offline mode: nothing leaves the house, and what is outside is not asked.</summary>
    public required bool LocalOnly { get; init; }

    public required HealthCounts Counts { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<ProviderHealthInfo> Providers { get; init; }
}

/// <summary>How many providers are in which state.</summary>
public sealed record HealthCounts
{
    public required int Total { get; init; }
    public required int Available { get; init; }
    public required int Unavailable { get; init; }

    /// <summary>Not asked yet, or not to be asked.</summary>
    public required int Unknown { get; init; }
}

/// <summary>How one provider is.</summary>
public sealed record ProviderHealthInfo
{
    public required string Provider { get; init; }

    /// <summary>The known kind it is of, e.g. <c>openai</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What is sent there stays in the house.</summary>
    public required bool Local { get; init; }

    /// <summary>It can be called; null while nobody knows.</summary>
    public bool? Available { get; init; }

    /// <summary>
    /// 0 to 100; null while nothing is known. The part of calls and probes that went well, those of five minutes ago counting
    /// half and a rate limit as half a failure; less a tenth for each model that cools and a fifth for each whose breaker is
    /// open, together half at most; 0 where it cannot be called.
    /// </summary>
    public int? Score { get; init; }

    /// <summary>When <see cref="Available"/> last changed.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How long the last probe took; null where none was answered.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>When it was last probed.</summary>
    public DateTimeOffset? LastCheckedAt { get; init; }

    /// <summary>When a call there last ended.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>What last went wrong, be it over; its time tells.</summary>
    public HealthErrorInfo? LastError { get; init; }

    /// <summary>Why it is not probed; null where it is.</summary>
    public string? NotProbed { get; init; }

    /// <summary>Its keys, by their place; empty where it asks for none.</summary>
    public required IReadOnlyList<KeyHealthInfo> Keys { get; init; }

    /// <summary>Its models that are left alone for now.</summary>
    public required IReadOnlyList<RestingModelInfo> Resting { get; init; }
}

/// <summary>Something that went wrong with a provider.</summary>
public sealed record HealthErrorInfo
{
    /// <summary>
    /// <c>unreachable</c>, <c>timeout</c>, <c>upstream</c>, <c>rate_limited</c>, <c>authentication</c>, <c>payment</c>,
    /// <c>permission</c> or <c>not_found</c>.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>In the provider's words or ours; never with a key.</summary>
    public required string Message { get; init; }

    /// <summary>The HTTP status; null where none came.</summary>
    public int? Status { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What one can do about it.</summary>
    public required string Remedy { get; init; }
}

/// <summary>One key of an account.</summary>
public sealed record KeyHealthInfo
{
    /// <summary>Its place in the pool, from 1.</summary>
    public required int Position { get; init; }

    /// <summary>The provider refused it within the last ten minutes: it is not used now.</summary>
    public required bool Refused { get; init; }
}

/// <summary>A model that is left alone for now.</summary>
public sealed record RestingModelInfo
{
    public required string Model { get; init; }

    /// <summary>Until when it cools, as it asked or as its silence is taken; null where it does not.</summary>
    public DateTimeOffset? CoolsUntil { get; init; }

    /// <summary>Its circuit breaker: <c>closed</c>, <c>open</c> or <c>half_open</c>.</summary>
    public required string Breaker { get; init; }
}

/// <summary>How they are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthInfo))]
internal sealed partial class HealthJson : JsonSerializerContext;
