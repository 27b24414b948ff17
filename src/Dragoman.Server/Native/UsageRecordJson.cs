using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Guardrails;
using Dragoman.Native;
using Dragoman.Routing.Quality;
using Dragoman.Server.Hosting;
using Dragoman.Usage;
using Dragoman.Usage.Bodies;

namespace Dragoman.Server.Native;

/// <summary>A usage record as the native API shows it. What nobody told us is null, not zero.</summary>
internal static class UsageRecordJson
{
    private const decimal NanoUsd = 1_000_000_000m;

    /// <param name="json">Where it goes.</param>
    /// <param name="record">The record.</param>
    /// <param name="feedback">What somebody thinks of the answer; null where nobody said.</param>
    /// <param name="bodies">Prompt and answer; null where none are kept, or not for whoever asks.</param>
    /// <param name="isWhole">With what was weighed: long, so that lists leave it out.</param>
    public static void Write(
        Utf8JsonWriter json,
        UsageRecord record,
        Feedback? feedback,
        bool isWhole = false,
        OpenedBody? bodies = null
    )
    {
        json.WriteStartObject();
        json.WriteString("id"u8, record.Id.ToString(null, null));
        json.WriteString("started_at"u8, record.StartedAt);
        json.WriteString("caller"u8, record.Caller);
        json.WriteString("workspace_id"u8, record.Workspace);
        json.WriteString("execution_id"u8, record.Execution);
        json.WriteString("user_tier"u8, record.UserTier);
        json.WriteStartArray("tags"u8);
        foreach (var tag in record.Tags)
            json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteString("task"u8, record.Task);
        json.WriteString("dialect"u8, record.Dialect);
        json.WriteString("operation"u8, record.Operation);
        json.WriteString("route"u8, record.Route);
        json.WriteString("chain"u8, record.Chain);
        json.WriteString("model"u8, record.Deployment);
        json.WriteString("reason"u8, record.Reason);
        Write(json, "profile"u8, record.Profile?.ToJson());
        json.WriteBoolean("streamed"u8, record.Streamed);
        json.WriteString("outcome"u8, OutcomeWords.Of(record.Outcome));
        json.WriteNumber("status"u8, record.Status);
        json.WriteString("error_code"u8, record.ErrorCode);
        WriteUsage(json, record.Usage);
        WriteCost(json, record.CostNanoUsd, record.CostBasis);
        WriteMilliseconds(json, "first_content_ms", record.FirstContent);
        WriteMilliseconds(json, "latency_ms", record.Total);
        WriteMilliseconds(json, "overhead_ms", record.Overhead);
        json.WriteStartArray("attempts"u8);
        foreach (var attempt in record.Attempts)
            Write(json, attempt);
        json.WriteEndArray();
        json.WriteStartArray("skipped"u8);
        foreach (var skip in record.Skipped)
        {
            json.WriteStartObject();
            json.WriteString("model"u8, skip.Deployment);
            json.WriteString("reason"u8, skip.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("changes"u8);
        foreach (var change in record.Changes)
            json.WriteStringValue(change);
        json.WriteEndArray();
        json.WriteStartArray("guardrails"u8);
        foreach (var found in record.Guardrails)
        {
            json.WriteStartObject();
            json.WriteString("guardrail"u8, found.Guardrail);
            json.WriteString("kind"u8, found.Kind);
            json.WriteString(
                "action"u8,
                found.Action switch
                {
                    GuardrailAction.Block => "block"u8,
                    GuardrailAction.Mask => "mask"u8,
                    _ => "flag"u8,
                }
            );
            json.WriteString("side"u8, found.Side);
            json.WriteNumber("count"u8, found.Count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WritePropertyName("feedback"u8);
        if (FeedbackInfo.Of(feedback) is { } said)
            JsonSerializer.Serialize(json, said, FeedbackJson.Readable.FeedbackInfo);
        else
            json.WriteNullValue();
        if (isWhole)
        {
            Write(json, "decision"u8, record.Decision?.ToJson());
            Write(json, bodies);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, OpenedBody? bodies)
    {
        if (bodies is null)
        {
            json.WriteNull("bodies"u8);
            return;
        }
        json.WriteStartObject("bodies"u8);
        Write(json, "prompt"u8, bodies.Prompt);
        Write(json, "answer"u8, bodies.Answer);
        json.WriteString("kept_until"u8, bodies.Expires);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, byte[]? written)
    {
        json.WritePropertyName(name);
        if (written is null)
            json.WriteNullValue();
        else
            json.WriteRawValue(written, skipInputValidation: true);
    }

    private static void Write(Utf8JsonWriter json, AttemptRecord attempt)
    {
        json.WriteStartObject();
        json.WriteString("model"u8, attempt.Deployment);
        json.WriteString("outcome"u8, attempt.Outcome);
        WriteNumber(json, "status", attempt.Status);
        WriteMilliseconds(json, "started_after_ms", attempt.StartedAfter);
        WriteMilliseconds(json, "latency_ms", attempt.Duration);
        WriteMilliseconds(json, "first_content_ms", attempt.FirstContent);
        WriteNumber(json, "key", attempt.Key);
        json.WriteString("error"u8, attempt.Error);
        WriteUsage(json, attempt.Usage);
        WriteCost(json, attempt.CostNanoUsd, attempt.CostBasis);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, TokenUsage? usage)
    {
        if (usage is null)
        {
            json.WriteNull("usage"u8);
            return;
        }
        json.WriteStartObject("usage"u8);
        WriteNumber(json, "input", usage.Input);
        WriteNumber(json, "cache_read", usage.CacheRead);
        WriteNumber(json, "cache_write", usage.CacheWrite);
        WriteNumber(json, "cache_write_1h", usage.CacheWrite1h);
        WriteNumber(json, "output", usage.Output);
        WriteNumber(json, "reasoning", usage.Reasoning);
        WriteNumber(json, "audio_input", usage.AudioInput);
        WriteNumber(json, "audio_output", usage.AudioOutput);
        WriteNumber(json, "image_input", usage.ImageInput);
        WriteNumber(json, "image_output", usage.ImageOutput);
        WriteNumber(json, "total_input", usage.TotalInput);
        WriteNumber(json, "total_output", usage.TotalOutput);
        WriteNumber(json, "reported_total", usage.ReportedTotal);
        if (usage.ReportedCostUsd is { } reported)
            json.WriteNumber("reported_cost_usd"u8, reported);
        else
            json.WriteNull("reported_cost_usd"u8);
        json.WriteString("service_tier"u8, usage.ServiceTier);
        json.WriteBoolean("estimated"u8, usage.Estimated);
        json.WriteEndObject();
    }

    private static void WriteCost(Utf8JsonWriter json, long? nanoUsd, CostBasis basis)
    {
        if (nanoUsd is { } cost)
        {
            json.WriteNumber("cost_usd"u8, cost / NanoUsd);
            json.WriteString(
                "cost_basis"u8,
                basis switch
                {
                    CostBasis.Reported => "reported"u8,
                    CostBasis.Computed => "computed"u8,
                    CostBasis.Estimated => "estimated"u8,
                    _ => "unpriced"u8,
                }
            );
            return;
        }
        json.WriteNull("cost_usd"u8);
        json.WriteNull("cost_basis"u8);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    private static void WriteMilliseconds(Utf8JsonWriter json, string name, TimeSpan? time)
    {
        if (time is { } known)
            json.WriteNumber(name, Math.Round(known.TotalMilliseconds, 3));
        else
            json.WriteNull(name);
    }
}
