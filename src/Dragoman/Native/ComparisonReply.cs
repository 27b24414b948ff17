using System.Text.Json;
using System.Text.Json.Serialization;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Native;

/// <summary>Answers of several models to the same prompt, side by side.</summary>
public sealed record ComparisonReply
{
    /// <summary>In the order in which the models were named.</summary>
    public required IReadOnlyList<ComparedAnswer> Answers { get; init; }
    public required ComparisonTotals Totals { get; init; }
}

/// <summary>One model's answer, or why there is none. Null is unknown, never zero.</summary>
public sealed record ComparedAnswer
{
    /// <summary>The name that was asked for.</summary>
    public required string Name { get; init; }

    /// <summary>The request's id: its record is kept under it, and feedback is given to it. Null where nobody could be asked.</summary>
    public string? Id { get; init; }
    public string? Provider { get; init; }

    /// <summary>The provider's own name of the model.</summary>
    public string? Model { get; init; }

    /// <summary>The text; null where there is no answer.</summary>
    public string? Content { get; init; }
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    [JsonConverter(typeof(StopReasonConverter))]
    public StopReason? FinishReason { get; init; }
    public TokenUsage? Usage { get; init; }

    [JsonPropertyName("cost_usd")]
    public decimal? Cost { get; init; }

    [JsonConverter(typeof(CostBasisConverter))]
    public CostBasis? CostBasis { get; init; }

    [JsonPropertyName("latency_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? Latency { get; init; }

    /// <summary>Every try, in order.</summary>
    public IReadOnlyList<AttemptInfo> Attempts { get; init; } = [];

    /// <summary>Why there is no answer; null where there is one.</summary>
    public ComparisonError? Error { get; init; }

    internal static ComparedAnswer Of(string name, CompletionReply reply) =>
        new()
        {
            Name = name,
            Id = reply.Id,
            Provider = reply.Provider,
            Model = reply.Model,
            Content = reply.Content,
            ToolCalls = reply.ToolCalls,
            FinishReason = reply.FinishReason,
            Usage = reply.Usage,
            Cost = reply.Cost,
            CostBasis = reply.CostBasis,
            Latency = reply.Latency,
            Attempts = reply.Attempts,
        };

    internal static ComparedAnswer Of(string name, GatewayException failure, TimeSpan took) =>
        new()
        {
            Name = name,
            Id = failure.RequestId,
            Latency = took,
            Attempts = failure.Attempts,
            // What broke off may have cost something all the same.
            Cost = failure.Attempts.Any(static attempt => attempt.Cost is not null)
                ? failure.Attempts.Sum(static attempt => attempt.Cost ?? 0)
                : null,
            Error = new ComparisonError(failure.Code, failure.Message, failure.Error.Status),
        };
}

/// <summary>Why one model gave no answer.</summary>
/// <param name="Code">A stable word for it, as an error of <c>/api/llm/query</c> has it.</param>
/// <param name="Message">For people.</param>
/// <param name="Status">The HTTP status that a call of that model alone would have got.</param>
public sealed record ComparisonError(string? Code, string Message, int Status);

/// <summary>All answers together.</summary>
public sealed record ComparisonTotals
{
    public required int Answered { get; init; }
    public required int Failed { get; init; }

    /// <summary>US dollars of all whose cost is known; null where none is.</summary>
    [JsonPropertyName("cost_usd")]
    public decimal? Cost { get; init; }

    /// <summary>False where an answer's cost is unknown: it was more then.</summary>
    public required bool CostComplete { get; init; }
    public long? InputTokens { get; init; }
    public long? OutputTokens { get; init; }

    /// <summary>From the first question to the last answer's end.</summary>
    [JsonPropertyName("latency_ms"), JsonConverter(typeof(MillisecondsConverter))]
    public required TimeSpan Latency { get; init; }

    internal static ComparisonTotals Of(IReadOnlyList<ComparedAnswer> answers, TimeSpan took) =>
        new()
        {
            Answered = answers.Count(static answer => answer.Error is null),
            Failed = answers.Count(static answer => answer.Error is not null),
            Cost = answers.Any(static answer => answer.Cost is not null)
                ? answers.Sum(static answer => answer.Cost ?? 0)
                : null,
            CostComplete = answers.All(static answer =>
                answer.Cost is not null || answer.Error is not null
            ),
            InputTokens = Sum(answers, static usage => usage.TotalInput),
            OutputTokens = Sum(answers, static usage => usage.TotalOutput),
            Latency = took,
        };

    private static long? Sum(IReadOnlyList<ComparedAnswer> answers, Func<TokenUsage, long?> of)
    {
        long? sum = null;
        foreach (var answer in answers)
            if (answer.Usage is { } usage && of(usage) is { } tokens)
                sum = (sum ?? 0) + tokens;
        return sum;
    }
}

/// <summary>The shape of <c>/api/llm/compare</c> as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(ComparisonReply))]
internal sealed partial class ComparisonJson : JsonSerializerContext
{
    /// <summary>Text as it is, rather than with every letter beyond ASCII escaped.</summary>
    public static ComparisonJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
