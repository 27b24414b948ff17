using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dragoman.Exchanges;
using Dragoman.Usage;

namespace Dragoman.Server.Hosting;

/// <summary>
/// OpenTelemetry's own gen_ai metrics (conventions 1.41, opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics, seen
/// 2026-11-20), recorded only while they are exported.
/// </summary>
internal sealed class GenAIMetrics : IDisposable
{
    public const string MeterName = "Dragoman.GenAI";

    private static readonly double[] Seconds =
    [
        0.01,
        0.02,
        0.04,
        0.08,
        0.16,
        0.32,
        0.64,
        1.28,
        2.56,
        5.12,
        10.24,
        20.48,
        40.96,
        81.92,
    ];
    private static readonly long[] Tokens =
    [
        1,
        4,
        16,
        64,
        256,
        1024,
        4096,
        16384,
        65536,
        262144,
        1048576,
        4194304,
        16777216,
        67108864,
    ];

    private readonly Meter _meter = new(MeterName);
    private readonly GenAINames _names;
    private readonly BoundedLabels _models = new(static _ => true);
    private readonly Histogram<double> _clientDuration;
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _serverDuration;
    private readonly Histogram<double> _firstToken;

    public GenAIMetrics(GenAINames names)
    {
        _names = names;
        _clientDuration = Histogram(
            "gen_ai.client.operation.duration",
            "GenAI operation duration."
        );
        _serverDuration = Histogram(
            "gen_ai.server.request.duration",
            "Generative AI server request duration."
        );
        _firstToken = Histogram(
            "gen_ai.server.time_to_first_token",
            "Time to generate first token."
        );
        _tokens = _meter.CreateHistogram(
            "gen_ai.client.token.usage",
            "{token}",
            "Number of input and output tokens used.",
            tags: null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = Tokens }
        );
    }

    public void Observe(UsageRecord record)
    {
        if (!_clientDuration.Enabled)
            return;
        foreach (var attempt in record.Attempts)
            Observe(record.Operation, attempt);
        if (record.Deployment is not { } deployment)
            return;
        var labels = Labels(record.Operation, deployment);
        if (record.FirstContent is { } first)
            _firstToken.Record(first.TotalSeconds, labels);
        if (record.Outcome != ExchangeOutcome.Succeeded)
            labels.Add("error.type", record.ErrorCode ?? "_OTHER");
        _serverDuration.Record(record.Total.TotalSeconds, labels);
    }

    public void Dispose() => _meter.Dispose();

    private void Observe(string operation, AttemptRecord attempt)
    {
        var labels = Labels(operation, attempt.Deployment);
        Count("input", attempt.Usage?.TotalInput, labels);
        Count("output", attempt.Usage?.TotalOutput, labels);
        if (attempt.Outcome != "success")
            labels.Add("error.type", attempt.Outcome);
        _clientDuration.Record(attempt.Duration.TotalSeconds, labels);
    }

    private void Count(string type, long? count, TagList labels)
    {
        if (count is not { } known)
            return;
        labels.Add("gen_ai.token.type", type);
        _tokens.Record(known, labels);
    }

    private TagList Labels(string operation, string deployment) =>
        new()
        {
            { "gen_ai.operation.name", operation },
            { "gen_ai.provider.name", _names.ProviderOf(deployment) },
            { "gen_ai.request.model", _models.Of(GenAINames.ModelOf(deployment)) },
        };

    private Histogram<double> Histogram(string name, string description) =>
        _meter.CreateHistogram(
            name,
            "s",
            description,
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds }
        );
}
