using System.Text.Json;
using System.Text.Json.Serialization;
using Dragoman.Routing.Quality;

namespace Dragoman.Native;

/// <summary>What somebody thinks of an answer, as its record shows it.</summary>
/// <param name="Score">0 is useless, 1 could not be better.</param>
/// <param name="Comment">In their words; null where they said none.</param>
/// <param name="At">When it was said.</param>
public sealed record FeedbackInfo(double Score, string? Comment, DateTimeOffset At)
{
    internal static FeedbackInfo? Of(Feedback? feedback) =>
        feedback is null ? null : new(feedback.Score, feedback.Comment, feedback.At);
}

/// <summary>What became of a feedback.</summary>
public sealed record FeedbackReply
{
    public required string RequestId { get; init; }

    /// <summary>0 is useless, 1 could not be better.</summary>
    public required double Score { get; init; }
    public string? Comment { get; init; }

    /// <summary><c>provider/model</c> that had answered.</summary>
    public required string Model { get; init; }

    /// <summary>One of the ten tasks: the one at which this counts; null where the request's is not known.</summary>
    public string? Task { get; init; }

    /// <summary>There was an earlier feedback of this request, which counts no longer.</summary>
    public required bool Replaced { get; init; }

    /// <summary>How good that model is thought to be now; null where too little is known, or where it is configured no longer.</summary>
    public LiveQualityInfo? Quality { get; init; }
}

/// <summary>How good a model is thought to be, by what is publicly known of it and by what this house thinks of its answers.</summary>
/// <param name="Task">The task this is about; null is all of them.</param>
/// <param name="Score">0 to 100 on one scale for all models.</param>
/// <param name="StandardError">Differences below about twice this mean nothing.</param>
/// <param name="Prior">The score before any feedback; null where nobody measured it.</param>
public sealed record LiveQualityInfo(
    string? Task,
    double Score,
    double StandardError,
    double? Prior
);

/// <summary>How feedback looks as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(FeedbackReply))]
[JsonSerializable(typeof(FeedbackInfo))]
internal sealed partial class FeedbackJson : JsonSerializerContext
{
    /// <summary>Text as it is, rather than with every letter beyond ASCII escaped.</summary>
    public static FeedbackJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
