using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Dragoman.Server.Hosting;

/// <summary>Writes metrics in Prometheus' text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats, seen 2026-11-20).</summary>
internal sealed class PrometheusText : BaseExporter<Metric>
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _page = new();

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
            Write(metric);
        return ExportResult.Success;
    }

    /// <summary>What was written since it was last taken.</summary>
    public string Take()
    {
        var text = _page.ToString();
        _page.Clear();
        return text;
    }

    private void Write(Metric metric)
    {
        var name = NameOf(metric);
        var type = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.Histogram => "histogram",
            _ => "gauge",
        };
        if (metric.Description.Length > 0)
            _page
                .Append("# HELP ")
                .Append(name)
                .Append(' ')
                .Append(
                    metric
                        .Description.Replace("\\", "\\\\", StringComparison.Ordinal)
                        .Replace("\n", "\\n", StringComparison.Ordinal)
                )
                .Append('\n');
        _page.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            switch (metric.MetricType)
            {
                case MetricType.Histogram:
                    WriteHistogram(name, point);
                    break;
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    WriteSample(name, point.Tags, Text(point.GetSumLong()));
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    WriteSample(name, point.Tags, Text(point.GetSumDouble()));
                    break;
                case MetricType.LongGauge:
                    WriteSample(name, point.Tags, Text(point.GetGaugeLastValueLong()));
                    break;
                case MetricType.DoubleGauge:
                    WriteSample(name, point.Tags, Text(point.GetGaugeLastValueDouble()));
                    break;
            }
        }
    }

    private void WriteHistogram(string name, in MetricPoint point)
    {
        long below = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            WriteSample(name + "_bucket", point.Tags, Text(below), Text(bucket.ExplicitBound));
        }
        WriteSample(name + "_sum", point.Tags, Text(point.GetHistogramSum()));
        WriteSample(name + "_count", point.Tags, Text(point.GetHistogramCount()));
    }

    private void WriteSample(
        string name,
        ReadOnlyTagCollection tags,
        string value,
        string? upperBound = null
    )
    {
        _page.Append(name);
        var separator = '{';
        foreach (var (label, content) in tags)
        {
            WriteLabel(
                separator,
                Sanitized(label),
                Convert.ToString(content, CultureInfo.InvariantCulture) ?? ""
            );
            separator = ',';
        }
        if (upperBound is not null)
        {
            WriteLabel(separator, "le", upperBound);
            separator = ',';
        }
        if (separator == ',')
            _page.Append('}');
        _page.Append(' ').Append(value).Append('\n');
    }

    private void WriteLabel(char separator, string label, string content)
    {
        _page.Append(separator).Append(label).Append("=\"");
        foreach (var letter in content)
        {
            _ = letter switch
            {
                '\\' => _page.Append("\\\\"),
                '"' => _page.Append("\\\""),
                '\n' => _page.Append("\\n"),
                _ => _page.Append(letter),
            };
        }
        _page.Append('"');
    }

    /// <summary>The unit and, for counters, <c>total</c> at the end, as Prometheus' naming rules have it.</summary>
    private static string NameOf(Metric metric)
    {
        var name = Sanitized(metric.Name);
        name += metric.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "USD" => "_usd",
            _ => "",
        };
        return metric.MetricType is MetricType.LongSum or MetricType.DoubleSum
            ? name + "_total"
            : name;
    }

    private static string Sanitized(string name) =>
        string.Create(
            name.Length,
            name,
            static (letters, name) =>
            {
                for (var i = 0; i < name.Length; i++)
                    letters[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
            }
        );

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
