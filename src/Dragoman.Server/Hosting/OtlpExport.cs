using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dragoman.Server.Hosting;

/// <summary>Sends traces and metrics where the standard <c>OTEL_EXPORTER_OTLP_*</c> variables say; without them it does not exist.</summary>
internal sealed class OtlpExport : IDisposable
{
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private OtlpExport(bool traces, bool metrics)
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
                .AddOtlpExporter()
                .Build();
        if (metrics)
            _metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(GatewayMetrics.MeterName, GenAIMetrics.MeterName)
                .AddOtlpExporter()
                .Build();
    }

    /// <summary>Null where no variable asks for it.</summary>
    public static OtlpExport? FromEnvironment(Func<string, string?> environment)
    {
        if (environment("OTEL_SDK_DISABLED") is "true")
            return null;
        var traces = IsWanted("TRACES");
        var metrics = IsWanted("METRICS");
        return traces || metrics ? new OtlpExport(traces, metrics) : null;

        bool IsWanted(string signal) =>
            environment($"OTEL_{signal}_EXPORTER") is not "none"
            && (
                environment("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 }
                || environment($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { Length: > 0 }
            );
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
