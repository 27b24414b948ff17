using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dragoman.Administration;

/// <summary>
/// What other rules, weights, prices or models would have made of decisions that were made. Money, time and quality are the estimates
/// that decisions are made by, before and after alike, never what was billed.
/// </summary>
public sealed record RoutingSimulation
{
    /// <summary>Recorded decisions that were made again.</summary>
    public required int Replayed { get; init; }

    /// <summary>Requests that were looked at and could not be decided again, by the reason.</summary>
    public required IReadOnlyList<NotReplayable> NotReplayable { get; init; }

    /// <summary>Of those replayed, the ones that somebody else would have been asked first.</summary>
    public required int Changed { get; init; }

    /// <summary>Of those changed, the ones for which nobody would have been left.</summary>
    public required int Unanswered { get; init; }
    public required SimulatedCost Cost { get; init; }

    /// <summary>Until the whole answer is there.</summary>
    public required SimulatedMeans LatencyMs { get; init; }

    /// <summary>At each request's task, 0 to 100.</summary>
    public required SimulatedMeans Quality { get; init; }

    /// <summary>Who is asked first how often; those asked most after the change first.</summary>
    public required IReadOnlyList<SimulatedModel> Models { get; init; }

    /// <summary>The same by task, the most frequent first.</summary>
    public required IReadOnlyList<SimulatedTask> ByTask { get; init; }

    /// <summary>Of the changed rules, in the order in which they are looked at.</summary>
    public required IReadOnlyList<SimulatedRule> Rules { get; init; }

    /// <summary>Models and providers of <c>prices</c> and <c>without</c> that none of these decisions had to do with.</summary>
    public required IReadOnlyList<string> WithoutEffect { get; init; }

    /// <summary>The newest that changed, up to 20.</summary>
    public required IReadOnlyList<SimulatedRequest> Examples { get; init; }
}

/// <summary>Requests that could not be decided again.</summary>
public sealed record NotReplayable(string Reason, int Count);

/// <summary>US dollars of all requests whose cost is known before and after; null where there are none.</summary>
/// <param name="BeforeUsd">As it was decided.</param>
/// <param name="AfterUsd">Under the change.</param>
/// <param name="ChangeUsd">What more it would cost; less is negative.</param>
/// <param name="Unknown">Requests that are not in it.</param>
public sealed record SimulatedCost(
    decimal? BeforeUsd,
    decimal? AfterUsd,
    decimal? ChangeUsd,
    int Unknown
);

/// <summary>Means over the requests of which both are known; null where there are none.</summary>
/// <param name="BeforeMean">As it was decided.</param>
/// <param name="AfterMean">Under the change.</param>
/// <param name="Unknown">Requests that are not in it.</param>
public sealed record SimulatedMeans(double? BeforeMean, double? AfterMean, int Unknown);

/// <summary>How often a model is the first to be asked.</summary>
/// <param name="Model"><c>provider/model</c>.</param>
/// <param name="Before">As it was decided.</param>
/// <param name="After">Under the change.</param>
public sealed record SimulatedModel(string Model, int Before, int After);

/// <summary>The requests of one task.</summary>
public sealed record SimulatedTask
{
    /// <summary>One of the ten tasks; null where the record does not tell.</summary>
    public required string? Task { get; init; }
    public required int Replayed { get; init; }
    public required int Changed { get; init; }
    public required SimulatedCost Cost { get; init; }
    public required SimulatedMeans LatencyMs { get; init; }
    public required SimulatedMeans Quality { get; init; }
}

/// <summary>A changed rule.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fired">Requests that it would have taken.</param>
/// <param name="Unknown">Requests of which the record does not tell whether it would have; they are among those not replayable.</param>
public sealed record SimulatedRule(string Name, int Fired, int Unknown);

/// <summary>A request that would have gone elsewhere.</summary>
public sealed record SimulatedRequest
{
    public required string RequestId { get; init; }
    public required string? Task { get; init; }

    /// <summary><c>provider/model</c> that was asked first.</summary>
    public required string Before { get; init; }

    /// <summary>Null where nobody would have been left.</summary>
    public required string? After { get; init; }

    /// <summary>US dollars; null is unknown.</summary>
    public required decimal? CostBefore { get; init; }

    /// <summary>US dollars; null is unknown.</summary>
    public required decimal? CostAfter { get; init; }

    /// <summary>What would have decided.</summary>
    public required string Reason { get; init; }
}

/// <summary>How simulations look as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(RoutingSimulation))]
internal sealed partial class SimulationJson : JsonSerializerContext
{
    /// <summary>Text as it is, rather than with every letter beyond ASCII escaped.</summary>
    public static SimulationJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
