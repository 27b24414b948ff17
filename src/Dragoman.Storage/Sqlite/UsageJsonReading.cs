using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Guardrails;

namespace Dragoman.Storage.Sqlite;

/// <summary>Reads what <see cref="UsageJson"/> wrote.</summary>
internal static class UsageJsonReading
{
    public static IReadOnlyList<AttemptRecord> Attempts(string? json) => List(json, Attempt);

    public static IReadOnlyList<SkipRecord> Skipped(string? json) =>
        List(json, static skip => new SkipRecord(Text(skip, "deployment")!, Text(skip, "reason")!));

    public static IReadOnlyList<GuardrailFinding> Findings(string? json) =>
        List(
            json,
            static found => new GuardrailFinding(
                Text(found, "guardrail")!,
                Text(found, "kind")!,
                Words.Action(Text(found, "action")!),
                Text(found, "side")!,
                (int)Number(found, "count")!.Value
            )
        );

    public static IReadOnlyList<string> Texts(string? json) =>
        List(json, static text => text.GetString()!);

    private static IReadOnlyList<T> List<T>(string? json, Func<JsonElement, T> read)
    {
        if (json is null)
            return [];
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(read)];
    }

    private static AttemptRecord Attempt(JsonElement attempt) =>
        new()
        {
            Deployment = Text(attempt, "deployment")!,
            Outcome = Text(attempt, "outcome")!,
            Status = (int?)Number(attempt, "status"),
            StartedAfter = Microseconds.Span(Number(attempt, "started_us")!.Value),
            Duration = Microseconds.Span(Number(attempt, "duration_us")!.Value),
            FirstContent = Microseconds.Span(Number(attempt, "first_content_us")),
            Key = (int?)Number(attempt, "key"),
            Error = Text(attempt, "error"),
            Usage = attempt.TryGetProperty("usage", out var usage) ? Usage(usage) : null,
            CostNanoUsd = Number(attempt, "cost_nano_usd"),
            CostBasis = Words.CostBasis(Text(attempt, "cost_basis") ?? "unpriced"),
        };

    private static TokenUsage Usage(JsonElement usage) =>
        new()
        {
            Input = Number(usage, "input"),
            CacheRead = Number(usage, "cache_read"),
            CacheWrite = Number(usage, "cache_write"),
            CacheWrite1h = Number(usage, "cache_write_1h"),
            Output = Number(usage, "output"),
            Reasoning = Number(usage, "reasoning"),
            AudioInput = Number(usage, "audio_input"),
            AudioOutput = Number(usage, "audio_output"),
            ImageInput = Number(usage, "image_input"),
            ImageOutput = Number(usage, "image_output"),
            ReportedTotal = Number(usage, "reported_total"),
            ReportedCostUsd = usage.TryGetProperty("reported_cost_usd", out var cost)
                ? cost.GetDecimal()
                : null,
            Estimated = usage.TryGetProperty("estimated", out _),
        };

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long? Number(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
