using Dragoman.Catalog;
using Dragoman.Providers;
using Dragoman.Usage;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>Everything that watches: the metrics and their page, and what is exported or logged only where somebody asked for it.</summary>
internal sealed class GatewayTelemetry : IDisposable
{
    private readonly LiveConfiguration _configuration;
    private readonly DeploymentGauges _deployments;
    private readonly GatewayMetrics _metrics;
    private readonly GenAIMetrics _genAIMetrics;
    private readonly OtlpExport? _export;
    private readonly RequestLog? _log;

    public GatewayTelemetry(
        ServerOptions options,
        LiveConfiguration configuration,
        DeploymentStates states,
        HouseDoor door,
        TimeProvider time,
        ILoggerFactory logs
    )
    {
        _configuration = configuration;
        _deployments = new DeploymentGauges(states, time);
        var conventions = new GenAINames(configuration.ProviderType);
        Page = new MetricsPage();
        _metrics = new GatewayMetrics(configuration.IsConfigured);
        _genAIMetrics = new GenAIMetrics(conventions);
        Traces = new ExchangeTraces(conventions);
        _export = OtlpExport.FromEnvironment(options.Environment, door);

        _log = options.LogRequests ? new RequestLog(logs.CreateLogger<RequestLog>()) : null;
    }

    public MetricsPage Page { get; }

    public ExchangeTraces Traces { get; }

    /// <summary>Watches each finished record from now on, and adds what is read when somebody looks.</summary>
    public void Watch(Func<int> inFlight, ObservedLedger ledger)
    {
        ledger.Watch(_metrics.Observe);
        if (_export is not null)
        {
            ledger.Watch(_genAIMetrics.Observe);
            ledger.Watch(Traces.Observe);
        }
        if (_log is not null)
            ledger.Watch(_log.Observe);
        _metrics.Gauge(
            "dragoman.exchanges.in_flight",
            "{exchange}",
            "Exchanges being answered.",
            () => inFlight()
        );
        _metrics.Gauge(
            "dragoman.ledger.queue_depth",
            "{record}",
            "Usage records not stored yet.",
            () => ledger.QueueDepth
        );
        _metrics.Gauge(
            "dragoman.config.version",
            "{version}",
            "Counts up with every reload.",
            () => _configuration.Snapshot().Version
        );
        _metrics.Gauge(
            "dragoman.deployment.state",
            "{state}",
            "1 while a deployment's breaker is open or half open, or it is cooling or missing.",
            _deployments.Read
        );
    }

    public void Dispose()
    {
        _export?.Dispose();
        Page.Dispose();
        _metrics.Dispose();
        _genAIMetrics.Dispose();
        Traces.Dispose();
    }
}
