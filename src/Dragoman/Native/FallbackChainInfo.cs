using System.Text.Json.Serialization;

namespace Dragoman.Native;

/// <summary>The chain that a request of a name would be sent along, as <c>GET /api/llm/chains?primary=…</c> tells it.</summary>
public sealed record FallbackChainInfo
{
    /// <summary>The name that was asked for.</summary>
    public required string Primary { get; init; }

    /// <summary>The strategy that chose or ordered, of a pinned name those behind it; null where none did, as in a chain that has its own order.</summary>
    public string? Strategy { get; init; }

    /// <summary>Why this chain, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// The name means one deployment: <c>/api/llm/query</c> and the library try the others behind it, a client in its own dialect gets
    /// that one and the fallbacks that configuration gives it.
    /// </summary>
    public required bool Pinned { get; init; }

    /// <summary>How many members at the head are equals and taken in turn; 1 is a fixed order.</summary>
    public required int InTurn { get; init; }

    /// <summary>In the order in which they are tried.</summary>
    public required IReadOnlyList<ChainMemberInfo> Members { get; init; }

    /// <summary>Who was left out, and why.</summary>
    public required IReadOnlyList<ChainExclusion> Excluded { get; init; }
}

/// <summary>A member of a chain. Null is unknown: neither zero nor no.</summary>
public sealed record ChainMemberInfo
{
    /// <summary><c>provider/model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>What configuration calls the deployment; else the same as <see cref="Model"/>.</summary>
    public required string Name { get; init; }
    public required string Provider { get; init; }

    /// <summary>Nothing sent to it leaves the house.</summary>
    public required bool Local { get; init; }

    /// <summary>Lower is preferred by the strategy <c>priority</c>.</summary>
    public required int Priority { get; init; }

    /// <summary>Its prices; null where nobody told.</summary>
    public ModelCost? Cost { get; init; }

    /// <summary>US dollars for a usual request: 1,000 tokens in, 500 out, of a reasoning model 2,000.</summary>
    public decimal? EstimatedCostUsd { get; init; }

    /// <summary>Tokens.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>Until the whole answer to such a request is there.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>How good it is thought to be, at the capability that was asked for or else over all.</summary>
    public ModelQuality? Quality { get; init; }
    public required ChainMemberHealth Health { get; init; }
}

/// <summary>Whether a member may be asked right now.</summary>
public sealed record ChainMemberHealth
{
    /// <summary>
    /// <c>ok</c>, <c>cooling</c> (it said it is busy), <c>breaker_open</c> (it failed again and again), <c>keys_refused</c>, or
    /// <c>missing</c> (its provider said that there is no such model: it is tried last).
    /// </summary>
    public required string State { get; init; }

    /// <summary>Why it would be passed over now; null where it would not.</summary>
    public string? Reason { get; init; }

    /// <summary>How long that lasts still.</summary>
    public double? RetryAfterMs { get; init; }
}

/// <summary>Somebody who is not in the chain.</summary>
/// <param name="Model"><c>provider/model</c>, or the name that led nowhere.</param>
/// <param name="Reason">Why.</param>
public sealed record ChainExclusion(string Model, string Reason);

/// <summary>Every chain that has a name, as <c>GET /api/llm/chains</c> tells them.</summary>
/// <param name="Chains">Those of configuration first.</param>
public sealed record NamedChains(IReadOnlyList<NamedChainInfo> Chains);

/// <summary>A chain that has a name.</summary>
public sealed record NamedChainInfo
{
    /// <summary>Asked for as <c>chain:name</c>, or by the wish <c>chain</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>configured</c> or <c>predefined</c>.</summary>
    public required string Source { get; init; }

    /// <summary>False where configuration switched it off.</summary>
    public required bool Active { get; init; }

    /// <summary>Why it cannot be called; null where it can.</summary>
    public string? UnavailableReason { get; init; }

    /// <summary>Those that would be tried, in their order.</summary>
    public required IReadOnlyList<ChainMemberInfo> Members { get; init; }

    /// <summary>Members that are left out, and why.</summary>
    public required IReadOnlyList<ChainExclusion> Excluded { get; init; }
}

/// <summary>The shapes of <c>/api/llm/chains</c> as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(FallbackChainInfo))]
[JsonSerializable(typeof(NamedChains))]
internal sealed partial class ChainsJson : JsonSerializerContext
{
    /// <summary>Text as it is, rather than with every letter beyond ASCII escaped.</summary>
    public static ChainsJson Readable { get; } =
        new(
            new System.Text.Json.JsonSerializerOptions
            {
                PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
