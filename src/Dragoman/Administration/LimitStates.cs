using System.Text.Json;
using System.Text.Json.Serialization;
using Dragoman.Limits.Rates;

namespace Dragoman.Administration;

/// <summary>Where one limit stands for one whom it counts.</summary>
public sealed record LimitState
{
    /// <summary>Whose, e.g. <c>key=key_2x7</c>; empty for a limit of everything together, <c>others</c> for those who share a counter because there are too many names.</summary>
    public required string Scope { get; init; }

    /// <summary>Requests that are under way.</summary>
    public required int Running { get; init; }

    /// <summary>How many may be; null where any number may.</summary>
    public required int? Concurrent { get; init; }
    public required IReadOnlyList<RateLimitState> Rates { get; init; }

    internal static LimitState Of(RateLimit limit, RateState state) =>
        new()
        {
            Scope = state.Tuple,
            Running = state.Running,
            Concurrent = limit.Concurrent,
            Rates =
            [
                .. state.Meters.Select(static standing => new RateLimitState
                {
                    Name = standing.Meter.Field,
                    Limit = standing.Meter.Most,
                    Used = standing.Used,
                    Left = standing.Left,
                    FullInSeconds = Math.Round(standing.EmptyIn.TotalSeconds, 3),
                }),
            ],
        };
}

/// <summary>Where one rate of a limit stands.</summary>
public sealed record RateLimitState
{
    /// <summary>The field that sets it, e.g. <c>tokens_per_minute</c>.</summary>
    public required string Name { get; init; }
    public required long Limit { get; init; }

    /// <summary>What counts now: estimates of requests under way, the truth of those that are over. More than the limit where answers were longer than thought.</summary>
    public required long Used { get; init; }
    public required long Left { get; init; }

    /// <summary>Seconds until all of it is there again, if nothing more is asked.</summary>
    public required double FullInSeconds { get; init; }
}

/// <summary>How they look as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(AdminList<LimitState>))]
internal sealed partial class LimitStatesJson : JsonSerializerContext
{
    /// <summary>Text as it is, rather than with every letter beyond ASCII escaped.</summary>
    public static LimitStatesJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
