using System.Text.Json.Serialization;
using Dragoman.Usage;

namespace Dragoman.Native;

/// <summary>The answer of <c>GET /api/llm/stats</c>: what the gateway did since it started and over the last hour (to five minutes).</summary>
public sealed record StatsReport
{
    public StatsReport() { }

    /// <param name="stats">What was counted.</param>
    /// <param name="by">What there is a row for each of.</param>
    /// <param name="provider">With <see cref="StatsGrouping.Model"/>: only this provider's; null is all.</param>
    public StatsReport(GatewayStats stats, StatsGrouping by, string? provider = null)
    {
        (StartedAt, At) = (stats.StartedAt, stats.Now);
        var (all, hour) = stats.Read();
        SinceStart = new StatsFigures(all);
        LastHour = new StatsFigures(hour);
        if (by is StatsGrouping.None)
            return;
        By =
        [
            .. stats
                .Read(by)
                .Where(row =>
                    provider is null
                    || row.Name.StartsWith(provider + "/", StringComparison.Ordinal)
                )
                .Select(row => new StatsReportRow
                {
                    Model = by is StatsGrouping.Model ? row.Name : null,
                    Provider = by is StatsGrouping.Provider ? row.Name : null,
                    Chain = by is StatsGrouping.Chain ? row.Name : null,
                    SinceStart = new StatsFigures(row.SinceStart),
                    LastHour = new StatsFigures(row.LastHour),
                }),
        ];
    }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When the figures were read.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Whole calls, from arrival to the last byte.</summary>
    public StatsFigures SinceStart { get; init; } = new();
    public StatsFigures LastHour { get; init; } = new();

    /// <summary>Busiest first. By model and provider each attempt counts, by chain each call. Null where nothing was to be told apart.</summary>
    public IReadOnlyList<StatsReportRow>? By { get; init; }
}

/// <summary>One model's, provider's or chain's figures, named by which of the three it is.</summary>
public sealed record StatsReportRow
{
    /// <summary><c>provider/model</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Provider { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Chain { get; init; }
    public StatsFigures SinceStart { get; init; } = new();
    public StatsFigures LastHour { get; init; } = new();
}

/// <summary>Figures over some time.</summary>
public sealed record StatsFigures
{
    private const decimal NanoUsd = 1_000_000_000m;

    public StatsFigures() { }

    internal StatsFigures(StatsWindow window)
    {
        Calls = window.Calls;
        Successes = window.Successes;
        Failures = window.Failures;
        Timeouts = window.Timeouts;
        AverageLatencyMs = Average(window.Latency);
        P50LatencyMs = Rounded(window.Latency.Percentile(0.50));
        P95LatencyMs = Rounded(window.Latency.Percentile(0.95));
        P99LatencyMs = Rounded(window.Latency.Percentile(0.99));
        AverageFirstTokenMs = Average(window.FirstContent);
        P50FirstTokenMs = Rounded(window.FirstContent.Percentile(0.50));
        P95FirstTokenMs = Rounded(window.FirstContent.Percentile(0.95));
        TotalTokens = window.Tokens;
        TotalCost = window is { Priced: 0, Unpriced: > 0 } ? null : window.CostNanoUsd / NanoUsd;
        UnpricedCalls = window.Unpriced;
        Rescues = window.Rescues;
        AddedLatencyMs =
            window.Rescues == 0 ? null : Rounded(window.AddedLatencyMs / window.Rescues);
        AddedCost = window.RescuesPriced == 0 ? null : window.AddedCostUsd;
        UnpricedRescues = window.Rescues - window.RescuesPriced;
    }

    public long Calls { get; init; }
    public long Successes { get; init; }

    /// <summary>All that neither succeeded nor was left by its client.</summary>
    public long Failures { get; init; }

    /// <summary>Those of the failures in which a provider stayed silent too long.</summary>
    public long Timeouts { get; init; }
    public double? AverageLatencyMs { get; init; }

    /// <summary>Percentiles are right to about 5 %.</summary>
    public double? P50LatencyMs { get; init; }
    public double? P95LatencyMs { get; init; }
    public double? P99LatencyMs { get; init; }

    /// <summary>Streamed calls only: until the first text, reasoning or tool delta.</summary>
    public double? AverageFirstTokenMs { get; init; }
    public double? P50FirstTokenMs { get; init; }
    public double? P95FirstTokenMs { get; init; }
    public long TotalTokens { get; init; }

    /// <summary>US dollars of what is priced; null where nothing was.</summary>
    public decimal? TotalCost { get; init; }
    public long UnpricedCalls { get; init; }

    /// <summary>Calls whose first attempt failed and that a later one answered; counted for calls and chains only.</summary>
    public long Rescues { get; init; }

    /// <summary>Time before the answering attempt began, on average of the rescues.</summary>
    public double? AddedLatencyMs { get; init; }

    /// <summary>US dollars that rescues cost more than the first member would have; below zero where they were cheaper, null where it is known of none.</summary>
    public decimal? AddedCost { get; init; }

    /// <summary>Rescues that <see cref="AddedCost"/> is without.</summary>
    public long UnpricedRescues { get; init; }

    private static double? Average(LatencyHistogram times) =>
        times.Count == 0 ? null : Rounded(times.SumMs / times.Count);

    private static double? Rounded(double? ms) => ms is { } known ? Math.Round(known, 3) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatsReport))]
internal sealed partial class StatsJson : JsonSerializerContext;
