using System.Runtime.InteropServices;
using Dragoman.Usage;

namespace Dragoman.TestKit;

/// <summary>Questions to a usage store drawn at random, and their answers by plain addition.</summary>
public static class UsageQuestions
{
    public static UsageSummaryQuery Next(Random random, UsageRecord[] records)
    {
        var by = (UsageGrouping)random.Next(10);
        var (from, to) = Span(random, records);
        // Filters are what some record has, so that most answers are not empty.
        var like = records[random.Next(records.Length)];
        var model = like.Deployment ?? "openai/gpt-4o";
        return new UsageSummaryQuery
        {
            By = by,
            From = from,
            To = to,
            Workspace = Sometimes(like.Workspace),
            Model = Sometimes(
                random.Next(2) == 0
                    ? model
                    : model[(model.IndexOf('/', StringComparison.Ordinal) + 1)..]
            ),
            Provider = Sometimes(model.Split('/')[0]),
            Execution = random.Next(8) == 0 ? like.Execution : null,
            Task = Sometimes(like.Task),
            Caller = random.Next(6) == 0 ? like.Caller : null,
            Limit = random.Next(4) == 0 ? random.Next(1, 20) : 1_000,
        };

        string? Sometimes(string? value) => random.Next(4) == 0 ? value : null;
    }

    public static (UsageSums Totals, Dictionary<string, UsageSums> Rows) Answer(
        IEnumerable<UsageRecord> records,
        UsageSummaryQuery query
    )
    {
        var totals = default(UsageSums);
        var rows = new Dictionary<string, UsageSums>(StringComparer.Ordinal);
        foreach (var record in records.Where(record => Matches(record, query)))
        {
            var sums = UsageSums.Of(record);
            totals.Add(sums);
            if (
                query.By is not UsageGrouping.None
                && (query.By is not UsageGrouping.Execution || record.Execution is not null)
            )
                CollectionsMarshal
                    .GetValueRefOrAddDefault(rows, NameOf(record, query.By) ?? "", out _)
                    .Add(sums);
        }
        return (totals, rows);
    }

    private static (DateTimeOffset From, DateTimeOffset To) Span(
        Random random,
        UsageRecord[] records
    )
    {
        var (first, last) = (records.Min(r => r.StartedAt), records.Max(r => r.StartedAt));
        var (one, other) = (Draw(), Draw());
        return one < other ? (one, other) : (other, one);

        DateTimeOffset Draw()
        {
            // Whole days, whole hours, the very microsecond of a record, or any time.
            var time =
                first
                - TimeSpan.FromDays(2)
                + (last - first + TimeSpan.FromDays(4)) * random.NextDouble();
            return random.Next(4) switch
            {
                0 => new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero),
                1 => new DateTimeOffset(time.UtcDateTime.Date.AddHours(time.Hour), TimeSpan.Zero),
                2 => records[random.Next(records.Length)].StartedAt,
                _ => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond)),
            };
        }
    }

    private static bool Matches(UsageRecord record, UsageSummaryQuery query) =>
        record.StartedAt >= query.From
        && record.StartedAt < query.To
        && (query.Workspace ?? record.Workspace) == record.Workspace
        && (query.Execution ?? record.Execution) == record.Execution
        && (query.Task ?? record.Task) == record.Task
        && (query.Caller ?? record.Caller) == record.Caller
        && (query.Provider is null || record.Deployment?.Split('/')[0] == query.Provider)
        && (
            query.Model is null
            || record.Deployment == query.Model
            || record.Deployment?.Split('/', 2)[1] == query.Model
        );

    private static string? NameOf(UsageRecord record, UsageGrouping by)
    {
        var time = record.StartedAt.UtcDateTime;
        return by switch
        {
            UsageGrouping.Model => record.Deployment,
            UsageGrouping.Provider => record.Deployment?.Split('/')[0],
            UsageGrouping.Hour => $"{time:yyyy-MM-ddTHH}:00:00Z",
            UsageGrouping.Day => $"{time:yyyy-MM-dd}",
            UsageGrouping.Month => $"{time:yyyy-MM}",
            UsageGrouping.Workspace => record.Workspace,
            UsageGrouping.Execution => record.Execution,
            UsageGrouping.Key => record.Caller,
            _ => record.Task,
        };
    }
}
