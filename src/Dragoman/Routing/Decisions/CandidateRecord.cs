using System.Text.Json.Serialization;
using Dragoman.Catalog;

namespace Dragoman.Routing.Decisions;

/// <summary>A candidate with the facts that it was weighed by. What was unknown is null.</summary>
public sealed record CandidateRecord
{
    /// <summary><c>provider/model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>US dollars that the request would cost.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Until the first token.</summary>
    public double? FirstTokenMs { get; init; }

    /// <summary>Until the whole answer is there.</summary>
    public double? LatencyMs { get; init; }
    public double? Quality { get; init; }

    /// <summary>Standard error of <see cref="Quality"/>.</summary>
    public double? QualityError { get; init; }

    /// <summary>How likely it answers well, 0 to 1.</summary>
    public double? Chance { get; init; }

    /// <summary>Of its lately ended attempts, the part that failed.</summary>
    public double? ErrorShare { get; init; }

    /// <summary>Needs of the request that it is not known to meet.</summary>
    public int Missing { get; init; }

    /// <summary>Tokens of the conversation that its provider's cache holds.</summary>
    public long? HeldTokens { get; init; }

    /// <summary>US dollars that they spare.</summary>
    public decimal? SavedUsd { get; init; }
    public bool Local { get; init; }

    /// <summary>Lower is preferred; null is the usual 100.</summary>
    public int? Priority { get; init; }
    public bool Dear { get; init; }
    public string? Released { get; init; }

    /// <summary>Tokens of the answer that the cost was taken for.</summary>
    public long? AnswerTokens { get; init; }

    private const int UsualPriority = 100;

    internal static CandidateRecord Of(Candidate candidate) =>
        new()
        {
            Model = candidate.Name,
            CostUsd = candidate.Cost,
            FirstTokenMs = candidate.FirstToken?.TotalMilliseconds,
            LatencyMs = candidate.Latency?.TotalMilliseconds,
            Quality = candidate.Quality,
            QualityError = candidate.Quality is null ? null : candidate.QualityError,
            Chance = candidate.Chance is { } chance ? Math.Round(chance, 4) : null,
            ErrorShare = candidate.ErrorShare,
            Missing = candidate.Missing,
            HeldTokens = candidate.Held?.Tokens,
            SavedUsd = candidate.Held?.SavedUsd,
            Local = candidate.Deployment.Local,
            Priority =
                candidate.Deployment.Priority == UsualPriority
                    ? null
                    : candidate.Deployment.Priority,
            Dear = candidate.IsDear,
            Released = candidate.Released,
            AnswerTokens = candidate.AnswerTokens,
        };

    /// <summary>The candidate again: the deployment behind it only has the name and what strategies may ask of it.</summary>
    internal Candidate ToCandidate(string? task, double? difficulty)
    {
        var slash = Model.IndexOf('/', StringComparison.Ordinal);
        var (provider, model) = (Model[..Math.Max(0, slash)], Model[(slash + 1)..]);
        return new Candidate
        {
            Deployment = new Deployment
            {
                Name = Model,
                Provider = RememberedProviders.Of(provider),
                Model = model,
                Local = Local,
                Priority = Priority ?? UsualPriority,
                State = new DeploymentState(Model),
            },
            Cost = CostUsd,
            FirstToken = Time(FirstTokenMs),
            Latency = Time(LatencyMs),
            Quality = Quality,
            QualityError = QualityError ?? 0,
            Task = Quality is null ? null : task,
            Difficulty = difficulty,
            ErrorShare = ErrorShare,
            Missing = Missing,
            Held = HeldTokens is { } held ? new HeldCache(held, SavedUsd) : null,
            IsDear = Dear,
            Released = Released,
            AnswerTokens = AnswerTokens,
        };
    }

    private static TimeSpan? Time(double? milliseconds) =>
        milliseconds is { } known ? TimeSpan.FromMilliseconds(known) : null;
}

/// <summary>How decisions look as JSON: what is not known, and what is usual, is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(DecisionRecord))]
[JsonSerializable(typeof(RequestProfile))]
internal sealed partial class DecisionJson : JsonSerializerContext;
