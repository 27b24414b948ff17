using System.Diagnostics;
using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Usage;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Hosting;

/// <summary>
/// One server span for each exchange and one client span for each attempt, made from the finished record: while nobody exports
/// traces, the request's way pays nothing. Names after OpenTelemetry's gen_ai conventions 1.41 (opentelemetry.io/docs/specs/semconv/gen-ai,
/// seen 2026-11-20).
/// </summary>
internal sealed class ExchangeTraces(GenAINames names) : IDisposable
{
    public const string SourceName = "Dragoman";

    private readonly ActivitySource _source = new(SourceName);
    private readonly AsyncLocal<ActivityContext> _parent = new();

    /// <summary>Remembers the caller's trace for the span that is made when its exchange ends.</summary>
    public void Begin(HttpRequest request)
    {
        if (
            _source.HasListeners()
            && ActivityContext.TryParse(
                request.Headers.TraceParent,
                request.Headers.TraceState,
                isRemote: true,
                out var parent
            )
        )
            _parent.Value = parent;
    }

    public void Observe(UsageRecord record)
    {
        if (!_source.HasListeners())
            return;
        using var exchange = _source.StartActivity(
            $"{record.Operation} {record.Route}",
            ActivityKind.Server,
            _parent.Value,
            startTime: record.StartedAt
        );
        if (exchange is null)
            return;
        Describe(exchange, record);
        foreach (var attempt in record.Attempts)
            Trace(record, attempt);
        exchange.SetEndTime((record.StartedAt + record.Total).UtcDateTime);
    }

    public void Dispose() => _source.Dispose();

    private static void Describe(Activity span, UsageRecord record)
    {
        span.SetTag("gen_ai.operation.name", record.Operation)
            .SetTag("gen_ai.request.model", record.Route)
            .SetTag(
                "gen_ai.response.model",
                record.Deployment is { } answered ? GenAINames.ModelOf(answered) : null
            )
            .SetTag("http.response.status_code", record.Status)
            .SetTag("dragoman.request.id", record.Id.ToString(null, null))
            .SetTag("dragoman.deployment", record.Deployment)
            .SetTag("dragoman.outcome", OutcomeWords.Of(record.Outcome))
            .SetTag("dragoman.attempts", record.Attempts.Count)
            .SetTag("dragoman.cost.usd", record.CostNanoUsd / 1e9)
            .SetTag("dragoman.overhead", record.Overhead.TotalSeconds);
        Describe(span, record.Usage, record.FirstContent);
        if (record.Outcome != ExchangeOutcome.Succeeded)
            Fail(span, record.ErrorCode ?? OutcomeWords.Of(record.Outcome));
    }

    private void Trace(UsageRecord record, AttemptRecord attempt)
    {
        var model = GenAINames.ModelOf(attempt.Deployment);
        var start = record.StartedAt + attempt.StartedAfter;
        using var span = _source.StartActivity(
            $"{record.Operation} {model}",
            ActivityKind.Client,
            default(ActivityContext),
            startTime: start
        );
        if (span is null)
            return;
        span.SetTag("gen_ai.operation.name", record.Operation)
            .SetTag("gen_ai.provider.name", names.ProviderOf(attempt.Deployment))
            .SetTag("gen_ai.request.model", model)
            .SetTag("http.response.status_code", attempt.Status)
            .SetTag("dragoman.outcome", attempt.Outcome);
        Describe(span, attempt.Usage, attempt.FirstContent);
        if (attempt.Outcome != "success")
            Fail(span, attempt.Outcome);
        span.SetEndTime((start + attempt.Duration).UtcDateTime);
    }

    private static void Describe(Activity span, TokenUsage? usage, TimeSpan? firstContent)
    {
        span.SetTag("gen_ai.response.time_to_first_chunk", firstContent?.TotalSeconds);
        if (usage is null)
            return;
        span.SetTag("gen_ai.usage.input_tokens", usage.TotalInput)
            .SetTag("gen_ai.usage.output_tokens", usage.TotalOutput)
            .SetTag("gen_ai.usage.cache_read.input_tokens", usage.CacheRead)
            .SetTag("gen_ai.usage.cache_creation.input_tokens", usage.CacheWrite)
            .SetTag("gen_ai.usage.reasoning.output_tokens", usage.Reasoning);
    }

    private static void Fail(Activity span, string type)
    {
        span.SetStatus(ActivityStatusCode.Error);
        span.SetTag("error.type", type);
    }
}
