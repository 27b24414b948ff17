using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Dragoman.Server.Hosting;

/// <summary><c>/metrics</c>: collected when asked for.</summary>
internal sealed class MetricsPage : IDisposable
{
    private readonly Lock _collecting = new();
    private readonly PrometheusText _text = new();
    private readonly BaseExportingMetricReader _reader;
    private readonly MeterProvider _provider;

    public MetricsPage()
    {
        _reader = new BaseExportingMetricReader(_text);
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(GatewayMetrics.MeterName)
            .AddReader(_reader)
            .Build();
    }

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.Map("/metrics", WriteAsync);

    public void Dispose() => _provider.Dispose();

    private async Task WriteAsync(HttpContext context)
    {
        var page = Encoding.UTF8.GetBytes(Collect());
        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.ContentLength = page.Length;
        await context.Response.BodyWriter.WriteAsync(page, context.RequestAborted);
    }

    private string Collect()
    {
        lock (_collecting)
        {
            _reader.Collect();
            return _text.Take();
        }
    }
}
