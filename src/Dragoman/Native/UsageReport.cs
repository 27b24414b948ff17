using System.Text.Json.Serialization;
using Dragoman.Usage;

namespace Dragoman.Native;

/// <summary>The answer of <c>GET /api/llm/usage</c>: what calls cost, used and took, together and by group.</summary>
public sealed record UsageReport : UsageFigures
{
    public UsageReport() { }

    internal UsageReport(UsageSummary summary)
        : base(summary.Totals)
    {
        (From, To) = (summary.Query.From, summary.Query.To);
        GroupedBy = WordOf(summary.Query.By);
        Truncated = summary.Truncated;
        By = GroupedBy is null
            ? null
            :
            [
                .. summary.Rows.Select(row => new UsageReportRow(row.Sums)
                {
                    Grouping = GroupedBy,
                    Name = row.Name,
                }),
            ];
    }

    /// <summary>Calls that began at this time or later.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>Calls that began before this time.</summary>
    public DateTimeOffset To { get; init; }

    /// <summary>Hours, days and months are UTC's.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>What there is a row for each of; null where only totals were asked for.</summary>
    public string? GroupedBy { get; init; }

    /// <summary>There were more rows than <c>limit</c>: the cheapest are left out, of times the oldest.</summary>
    [JsonPropertyOrder(20)]
    public bool Truncated { get; init; }

    /// <summary>Dearest first, then by calls; times in their order, those without calls left out. Null where only totals were asked for.</summary>
    [JsonPropertyOrder(21)]
    public IReadOnlyList<UsageReportRow>? By { get; init; }

    /// <summary>The words for <c>by</c>.</summary>
    public static IReadOnlyList<string> Groupings { get; } =
    [.. Enum.GetValues<UsageGrouping>().Select(WordOf).OfType<string>()];

    /// <summary>The grouping that a word stands for; null where it stands for none.</summary>
    public static UsageGrouping? GroupingOf(string word) =>
        Groupings.Contains(word, StringComparer.Ordinal)
            ? Enum.Parse<UsageGrouping>(word, ignoreCase: true)
            : null;

    private static string? WordOf(UsageGrouping grouping) =>
        grouping switch
        {
            UsageGrouping.Model => "model",
            UsageGrouping.Provider => "provider",
            UsageGrouping.Hour => "hour",
            UsageGrouping.Day => "day",
            UsageGrouping.Month => "month",
            UsageGrouping.Workspace => "workspace",
            UsageGrouping.Execution => "execution",
            UsageGrouping.Key => "key",
            UsageGrouping.Task => "task",
            _ => null,
        };
}

/// <summary>One group of a report. In JSON its name stands under its grouping: <c>{"model": "openai/gpt-4o", …}</c>.</summary>
[JsonConverter(typeof(UsageReportRowConverter))]
public sealed record UsageReportRow : UsageFigures
{
    public UsageReportRow() { }

    internal UsageReportRow(in UsageSums sums)
        : base(sums) { }

    internal UsageReportRow(UsageFigures figures)
        : base(figures) { }

    /// <summary>What rows are made by, e.g. <c>model</c>.</summary>
    public required string Grouping { get; init; }

    /// <summary>What the calls share, e.g. <c>openai/gpt-4o</c>; null is "nobody said", and for models and providers "none answered".</summary>
    public required string? Name { get; init; }
}
