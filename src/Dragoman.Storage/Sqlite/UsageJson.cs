using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Guardrails;

namespace Dragoman.Storage.Sqlite;

/// <summary>Writes a record's lists as compact JSON into a buffer that is used again for the next one. Absent members are left out.</summary>
internal sealed class UsageJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    public UsageJson() =>
        _json = new Utf8JsonWriter(
            _buffer,
            new JsonWriterOptions
            {
                // Nobody embeds these columns in HTML.
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                SkipValidation = true,
            }
        );

    public void Dispose() => _json.Dispose();

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> Attempts(IReadOnlyList<AttemptRecord> attempts)
    {
        Begin();
        for (var i = 0; i < attempts.Count; i++)
            Write(attempts[i]);
        return End();
    }

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> Skipped(IReadOnlyList<SkipRecord> skipped)
    {
        Begin();
        for (var i = 0; i < skipped.Count; i++)
        {
            _json.WriteStartObject();
            _json.WriteString("deployment"u8, skipped[i].Deployment);
            _json.WriteString("reason"u8, skipped[i].Reason);
            _json.WriteEndObject();
        }
        return End();
    }

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> Findings(IReadOnlyList<GuardrailFinding> findings)
    {
        Begin();
        for (var i = 0; i < findings.Count; i++)
        {
            _json.WriteStartObject();
            _json.WriteString("guardrail"u8, findings[i].Guardrail);
            _json.WriteString("kind"u8, findings[i].Kind);
            _json.WriteString("action"u8, Words.Of(findings[i].Action));
            _json.WriteString("side"u8, findings[i].Side);
            _json.WriteNumber("count"u8, findings[i].Count);
            _json.WriteEndObject();
        }
        return End();
    }

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> Texts(IReadOnlyList<string> texts)
    {
        Begin();
        for (var i = 0; i < texts.Count; i++)
            _json.WriteStringValue(texts[i]);
        return End();
    }

    private void Begin()
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartArray();
    }

    private ReadOnlySpan<byte> End()
    {
        _json.WriteEndArray();
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    private void Write(AttemptRecord attempt)
    {
        _json.WriteStartObject();
        _json.WriteString("deployment"u8, attempt.Deployment);
        _json.WriteString("outcome"u8, attempt.Outcome);
        Write("status"u8, attempt.Status);
        _json.WriteNumber("started_us"u8, Microseconds.Of(attempt.StartedAfter));
        _json.WriteNumber("duration_us"u8, Microseconds.Of(attempt.Duration));
        Write("first_content_us"u8, Microseconds.Of(attempt.FirstContent));
        Write("key"u8, attempt.Key);
        if (attempt.Error is { } error)
            _json.WriteString("error"u8, error);
        if (attempt.Usage is { } usage)
            Write(usage);
        Write("cost_nano_usd"u8, attempt.CostNanoUsd);
        if (attempt.CostBasis != CostBasis.Unpriced)
            _json.WriteString("cost_basis"u8, Words.Of(attempt.CostBasis));
        _json.WriteEndObject();
    }

    private void Write(TokenUsage usage)
    {
        _json.WriteStartObject("usage"u8);
        Write("input"u8, usage.Input);
        Write("cache_read"u8, usage.CacheRead);
        Write("cache_write"u8, usage.CacheWrite);
        Write("cache_write_1h"u8, usage.CacheWrite1h);
        Write("output"u8, usage.Output);
        Write("reasoning"u8, usage.Reasoning);
        Write("audio_input"u8, usage.AudioInput);
        Write("audio_output"u8, usage.AudioOutput);
        Write("image_input"u8, usage.ImageInput);
        Write("image_output"u8, usage.ImageOutput);
        Write("reported_total"u8, usage.ReportedTotal);
        if (usage.ReportedCostUsd is { } cost)
            _json.WriteNumber("reported_cost_usd"u8, cost);
        if (usage.Estimated)
            _json.WriteBoolean("estimated"u8, true);
        _json.WriteEndObject();
    }

    private void Write(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } known)
            _json.WriteNumber(name, known);
    }
}
