using System.Text.RegularExpressions;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Server.Hosting;
using Dragoman.Usage;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Hosting;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Page_Asked_IsPrometheusText()
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.GetAsync("/metrics");

        answer.Content.Headers.ContentType!.ToString().ShouldStartWith("text/plain; version=0.0.4");
        var page = await answer.Content.ReadAsStringAsync();
        foreach (var line in page.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Line().IsMatch(line).ShouldBeTrue(line);
        page.ShouldContain("# TYPE dragoman_ledger_queue_depth gauge\n");
    }

    [Fact]
    public void Record_Observed_ShowsInEveryMetric()
    {
        var page = PageAfter(Record("demo/swift", "demo/swift"));

        page.ShouldContain(
            "dragoman_requests_total{deployment=\"demo/swift\",operation=\"chat\",outcome=\"succeeded\",route=\"demo/swift\",status=\"2xx\"} 1\n"
        );
        page.ShouldContain(
            "dragoman_attempts_total{deployment=\"demo/swift\",outcome=\"success\"} 1\n"
        );
        page.ShouldContain("dragoman_tokens_total{deployment=\"demo/swift\",kind=\"input\"} 12\n");
        page.ShouldContain("dragoman_tokens_total{deployment=\"demo/swift\",kind=\"output\"} 5\n");
        page.ShouldContain("dragoman_cost_usd_total{deployment=\"demo/swift\"} 0.25\n");
        page.ShouldContain(
            "dragoman_request_duration_seconds_bucket{deployment=\"demo/swift\",operation=\"chat\",le=\"0.1\"} 0\n"
        );
        page.ShouldContain(
            "dragoman_request_duration_seconds_bucket{deployment=\"demo/swift\",operation=\"chat\",le=\"0.25\"} 1\n"
        );
        page.ShouldContain(
            "dragoman_request_duration_seconds_bucket{deployment=\"demo/swift\",operation=\"chat\",le=\"+Inf\"} 1\n"
        );
        page.ShouldContain("dragoman_request_first_content_seconds_count");
        page.ShouldContain("dragoman_request_overhead_seconds_count 1\n");
    }

    [Fact]
    public void Record_OfARouteNobodyConfigured_CountsAsOther()
    {
        var page = PageAfter(Record("demo/swift", "invented \"by\" a client\n"));

        page.ShouldContain("route=\"other\"");
        page.ShouldNotContain("invented");
    }

    [Fact]
    public void Deployments_PastTheBound_CountAsOther()
    {
        var labels = new BoundedLabels(static _ => true, capacity: 2);

        var seen = new[] { "a", "b", "c", "a" }.Select(labels.Of);

        seen.ShouldBe(["a", "b", "other", "a"]);
    }

    [Fact]
    public void Label_WithQuotesAndLineEnds_IsEscaped()
    {
        var page = PageAfter(Record("demo/\"odd\\one\"\nline", "demo/swift"));

        page.ShouldContain("deployment=\"demo/\\\"odd\\\\one\\\"\\nline\"");
    }

    private static string PageAfter(UsageRecord record)
    {
        // A meter of its own: the servers of other tests count under the usual name.
        var meter = Guid.NewGuid().ToString();
        using var metrics = new GatewayMetrics(static name => name == "demo/swift", meter);
        var text = new PrometheusText();
        var reader = new BaseExportingMetricReader(text);
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(meter)
            .AddReader(reader)
            .Build();
        metrics.Observe(record);
        reader.Collect();
        return text.Take();
    }

    private static UsageRecord Record(string deployment, string route) =>
        new()
        {
            Id = new RequestId(1),
            StartedAt = DateTimeOffset.UnixEpoch,
            Dialect = "openai",
            Operation = "chat",
            Outcome = ExchangeOutcome.Succeeded,
            Status = 200,
            Route = route,
            Deployment = deployment,
            Streamed = true,
            Attempts = [new AttemptRecord { Deployment = deployment, Outcome = "success" }],
            Usage = new TokenUsage { Input = 12, Output = 5 },
            CostNanoUsd = 250_000_000,
            CostBasis = CostBasis.Computed,
            FirstContent = TimeSpan.FromMilliseconds(40),
            Total = TimeSpan.FromMilliseconds(200),
            Overhead = TimeSpan.FromMicroseconds(80),
        };

    [GeneratedRegex(
        """^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{([a-z_0-9]+="([^"\\]|\\.)*",?)+\})? ([-+]?[0-9.E+-]+|\+Inf|NaN))$""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Line();
}
