using Dragoman.Exchanges;
using Dragoman.Native;
using Dragoman.Usage;

namespace Dragoman.Server.Native;

/// <summary>Reads the question that the parameters of <c>/api/llm/usage</c> ask.</summary>
internal static class UsageParameters
{
    private const int DefaultDays = 30;
    private const int MostRows = 100_000;

    public static readonly string[] Known =
    [
        "by",
        "period",
        "days",
        "from",
        "to",
        "workspace_id",
        "model",
        "provider",
        "execution_id",
        "task",
        "key",
        "limit",
    ];

    private static readonly string[] Periods = ["today", "week", "month"];

    /// <summary>The question, which holds only where <paramref name="parameters"/> has no error afterwards.</summary>
    public static UsageSummaryQuery Read(QueryParameters parameters, DateTimeOffset now)
    {
        var by = parameters.OneOf("by", UsageReport.Groupings);
        var (from, to) = Span(parameters, now);
        return new UsageSummaryQuery
        {
            By = by is null ? UsageGrouping.None : UsageReport.GroupingOf(by)!.Value,
            From = from,
            To = to,
            Workspace = parameters.Text("workspace_id"),
            Model = parameters.Text("model"),
            Provider = parameters.Text("provider"),
            Execution = parameters.Text("execution_id"),
            Task = TaskNames.Find(parameters.OneOf("task", TaskNames.Words)),
            Caller = parameters.Text("key"),
            Limit = parameters.Number("limit", 1, MostRows) ?? UsageSummaryQuery.DefaultLimit,
        };
    }

    private static (DateTimeOffset From, DateTimeOffset To) Span(
        QueryParameters parameters,
        DateTimeOffset now
    )
    {
        var period = parameters.OneOf("period", Periods);
        var days = parameters.Number("days", 1, UsagePeriods.MostDays);
        var (from, to) = (parameters.Time("from"), parameters.Time("to") ?? now);
        string[] said = [.. new[] { "period", "days", "from" }.Where(parameters.Has)];
        if (said.Length > 1)
            parameters.Wrong(
                said[1],
                $"'{said[1]}' cannot be said beside '{said[0]}': the time is one of period, days, or from with to."
            );
        if (parameters.Has("to") && !parameters.Has("from"))
            parameters.Wrong("to", "'to' needs a 'from'.");
        if (from >= to)
            parameters.Wrong(
                parameters.Has("to") ? "to" : "from",
                "'to', or now where it is left out, must be later than 'from'."
            );
        return period is not null
                ? (UsagePeriods.Start(Enum.Parse<UsagePeriod>(period, ignoreCase: true), now), now)
            : from is not null ? (from.Value, to)
            : (UsagePeriods.StartOfLast(days ?? DefaultDays, now), now);
    }
}
