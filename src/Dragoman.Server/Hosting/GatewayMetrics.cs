using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dragoman.Canonical;
using Dragoman.Usage;

namespace Dragoman.Server.Hosting;

/// <summary>What is counted, and under which labels. Fed from finished usage records, so that the request's way pays for nothing else.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    public const string MeterName = "Dragoman";

    private const double NanoUsd = 1e9;

    private static readonly double[] Seconds =
    [
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        30,
        60,
        120,
        300,
    ];
    private static readonly double[] OverheadSeconds =
    [
        0.00005,
        0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.05,
        0.25,
        1,
    ];

    private readonly Meter _meter;
    private readonly BoundedLabels _routes;
    private readonly BoundedLabels _deployments = new(static _ => true);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Counter<long> _unpriced;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstContent;
    private readonly Histogram<double> _overhead;

    /// <param name="isConfigured">Whether a name was configured here, rather than invented by a client.</param>
    /// <param name="meterName">Another name sets it apart from others in the same process.</param>
    public GatewayMetrics(Func<string, bool> isConfigured, string meterName = MeterName)
    {
        _meter = new Meter(meterName);
        _routes = new BoundedLabels(isConfigured);
        _requests = _meter.CreateCounter<long>(
            "dragoman.requests",
            "{request}",
            "Exchanges answered."
        );
        _attempts = _meter.CreateCounter<long>(
            "dragoman.attempts",
            "{attempt}",
            "Tries at deployments, by outcome."
        );
        _tokens = _meter.CreateCounter<long>(
            "dragoman.tokens",
            "{token}",
            "Tokens, in disjoint kinds."
        );
        _cost = _meter.CreateCounter<double>("dragoman.cost", "USD", "Known cost in US dollars.");
        _unpriced = _meter.CreateCounter<long>(
            "dragoman.requests.unpriced",
            "{request}",
            "Exchanges a deployment answered at a cost nobody knows."
        );
        _duration = Histogram("dragoman.request.duration", "Whole exchanges.", Seconds);
        _firstContent = Histogram(
            "dragoman.request.first_content",
            "Streamed exchanges until the first content.",
            Seconds
        );
        _overhead = Histogram(
            "dragoman.request.overhead",
            "The gateway's own share of an exchange.",
            OverheadSeconds
        );
    }

    /// <summary>Adds a value that is read when somebody looks.</summary>
    public void Gauge(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    /// <summary>Adds values that are read when somebody looks, each with its labels.</summary>
    public void Gauge(
        string name,
        string unit,
        string description,
        Func<IEnumerable<Measurement<long>>> read
    ) => _meter.CreateObservableGauge(name, read, unit, description);

    public void Observe(UsageRecord record)
    {
        var deployment = record.Deployment is { } answered ? _deployments.Of(answered) : "none";
        var labels = new TagList
        {
            { "operation", record.Operation },
            { "deployment", deployment },
        };
        _duration.Record(record.Total.TotalSeconds, labels);
        if (record.FirstContent is { } first)
            _firstContent.Record(first.TotalSeconds, labels);
        _overhead.Record(record.Overhead.TotalSeconds);

        labels.Add("outcome", OutcomeWords.Of(record.Outcome));
        labels.Add("status", StatusClass(record.Status));
        labels.Add("route", record.Route is { } route ? _routes.Of(route) : "none");
        _requests.Add(1, labels);

        for (var i = 0; i < record.Attempts.Count; i++)
            _attempts.Add(
                1,
                new("deployment", _deployments.Of(record.Attempts[i].Deployment)),
                new("outcome", record.Attempts[i].Outcome)
            );
        if (record.CostNanoUsd is { } cost)
            _cost.Add(cost / NanoUsd, new KeyValuePair<string, object?>("deployment", deployment));
        else if (record.Deployment is not null)
            _unpriced.Add(1, new KeyValuePair<string, object?>("deployment", deployment));
        if (record.Usage is { } usage)
            Count(usage, deployment);
    }

    public void Dispose() => _meter.Dispose();

    private void Count(TokenUsage usage, string deployment)
    {
        Add("input", usage.Input);
        Add("cache_read", usage.CacheRead);
        Add("cache_write", usage.CacheWrite);
        Add("cache_write_1h", usage.CacheWrite1h);
        Add("output", usage.Output);
        Add("reasoning", usage.Reasoning);
        Add("audio_input", usage.AudioInput);
        Add("audio_output", usage.AudioOutput);
        Add("image_input", usage.ImageInput);
        Add("image_output", usage.ImageOutput);

        void Add(string kind, long? count)
        {
            if (count > 0)
                _tokens.Add(count.Value, new("deployment", deployment), new("kind", kind));
        }
    }

    private Histogram<double> Histogram(string name, string description, double[] bounds) =>
        _meter.CreateHistogram(
            name,
            "s",
            description,
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds }
        );

    private static string StatusClass(int status) =>
        (status / 100) switch
        {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            5 => "5xx",
            _ => "none",
        };
}
