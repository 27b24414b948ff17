using Dragoman.Providers;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dragoman.Server.Hosting;

/// <summary>Sends traces and metrics where the standard <c>OTEL_EXPORTER_OTLP_*</c> variables say; without them it does not exist.</summary>
internal sealed class OtlpExport : IDisposable
{
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private OtlpExport(bool traces, bool metrics, HouseDoor door)
    {
        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come after and win.
        var resource = ResourceBuilder
            .CreateDefault()
            .AddService("dragoman")
            .AddEnvironmentVariableDetector();
        if (traces)
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(ExchangeTraces.SourceName)
                .AddOtlpExporter(options => GoThrough(door, options))
                .Build();
        if (metrics)
            _metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(GatewayMetrics.MeterName, GenAIMetrics.MeterName)
                .AddOtlpExporter(options => GoThrough(door, options))
                .Build();
    }

    /// <summary>Null where no variable asks for it.</summary>
    public static OtlpExport? FromEnvironment(Func<string, string?> environment, HouseDoor door)
    {
        if (environment("OTEL_SDK_DISABLED") is "true")
            return null;
        var traces = IsWanted("TRACES");
        var metrics = IsWanted("METRICS");
        return traces || metrics ? new OtlpExport(traces, metrics, door) : null;

        bool IsWanted(string signal) =>
            environment($"OTEL_{signal}_EXPORTER") is not "none"
            && (
                environment("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 }
                || environment($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { Length: > 0 }
            );
    }

    /// <summary>The addresses that the variables name, and which variable names each.</summary>
    public static IEnumerable<(string Variable, Uri Address)> Endpoints(
        Func<string, string?> environment
    )
    {
        foreach (
            var variable in (string[])
                [
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
                ]
        )
            if (Uri.TryCreate(environment(variable), UriKind.Absolute, out var address))
                yield return (variable, address);
    }

    /// <summary>The exporter's own client, but for its connections.</summary>
    private static void GoThrough(HouseDoor door, OtlpExporterOptions options) =>
        options.HttpClientFactory = () =>
            new HttpClient(new HouseDoorHandler(door, static () => new SocketsHttpHandler()))
            {
                Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds),
            };

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
