using System.Globalization;
using System.Text;
using Dragoman.Usage;
using SQLitePCL;

namespace Dragoman.Storage.Sqlite;

/// <summary>
/// Answers one question about the accounts within one read transaction: whole days and hours from the sums of the smallest cut that
/// serves, the rest from single records, and what was stored too lately to be in the sums from the tail.
/// </summary>
internal sealed class UsageSummaryReader(sqlite3 database, UsageSummaryQuery query)
{
    /// <summary>Past so many buckets, naming each of them to seek by costs more than it saves.</summary>
    private const long MostNamedBuckets = 2_000;

    private const string TailFrom = "usage_tail t CROSS JOIN usage u ON u.id = t.id";

    private readonly long _from = Microseconds.Of(query.From);
    private readonly long _to = Microseconds.Of(query.To);
    private List<string> _deployments = [];

    private bool OfDeployments => query.Model is not null || query.Provider is not null;

    public UsageSummary Read()
    {
        _deployments = Deployments();
        if (OfDeployments && _deployments.Count == 0)
            return UsageSummary.Of(query, default, []);
        if (query is { By: UsageGrouping.Execution, Execution: null })
            return Executions();
        var groups = Groups(query.By);
        return UsageSummary.Of(
            query,
            groups.Total(),
            query.By is UsageGrouping.None ? [] : groups.Rows(query.Limit)
        );
    }

    /// <summary>
    /// Of executions there may be as many as calls: they are ranked by two columns first, and the sums read of those that are shown.
    /// </summary>
    private UsageSummary Executions()
    {
        var cut = RollupCut.For(Needed(UsageDimensions.Execution));
        var spans = UsageSpan.Of(_from, _to, days: true, cut.Hours);
        var shown = new UsageGroups(UsageGrouping.Execution);
        ReadUnsummed(spans, UsageGrouping.Execution, shown);
        var ranking = new ExecutionRanking(shown);
        foreach (var span in spans)
        {
            if (span.Grain != 0)
                ReadRanks(cut, span, ranking);
        }
        var best = ranking.Best(query.Limit + 1);
        foreach (var span in spans)
        {
            if (span.Grain != 0 && best.Count > 0)
                ReadSums(cut, span, UsageGrouping.Execution, shown, best);
        }
        return UsageSummary.Of(query, Groups(UsageGrouping.None).Total(), shown.Rows(query.Limit));
    }

    private void ReadRanks(RollupCut cut, UsageSpan span, ExecutionRanking ranking)
    {
        var sql = new StringBuilder("SELECT execution, cost_nano_usd, calls");
        sql.Append(" FROM ").Append(cut.Table).Append(" WHERE cut = ? AND grain = ?");
        List<object> values = [(long)cut.Number, (long)span.Grain];
        WhereBuckets(sql, span, byExecution: false);
        WhereKey(sql, values, cut, byExecution: false);
        using var row = new RawReader(database, sql.ToString(), [.. values]);
        while (row.Read())
            ranking.Add(row.Text(0), row.Int64(1), row.Int64(2));
    }

    private UsageGroups Groups(UsageGrouping by)
    {
        var groups = new UsageGroups(by);
        var cut = RollupCut.For(Needed(groups.Dimension));
        var spans = UsageSpan.Of(_from, _to, days: by is not UsageGrouping.Hour, cut.Hours);
        foreach (var span in spans)
        {
            if (span.Grain != 0)
                ReadSums(cut, span, by, groups);
        }
        ReadUnsummed(spans, by, groups);
        return groups;
    }

    /// <summary>Single records: of the spans that are read so, and of the others those that still wait for the sums.</summary>
    private void ReadUnsummed(List<UsageSpan> spans, UsageGrouping by, UsageGroups groups)
    {
        var (summedFrom, summedTo) = (long.MaxValue, long.MinValue);
        foreach (var span in spans)
        {
            if (span.Grain == 0)
            {
                ReadRecords("usage u", span.From, span.To, by, groups);
                continue;
            }
            summedFrom = Math.Min(summedFrom, span.From);
            summedTo = Math.Max(summedTo, span.To);
        }
        if (summedFrom < summedTo)
            ReadRecords(TailFrom, summedFrom, summedTo, by, groups);
    }

    private UsageDimensions Needed(UsageDimensions grouping) =>
        grouping
        | (OfDeployments ? UsageDimensions.Deployment : 0)
        | (query.Task is null ? 0 : UsageDimensions.Task)
        | (query.Workspace is null ? 0 : UsageDimensions.Workspace)
        | (query is { Caller: null, Callers: null } ? 0 : UsageDimensions.Caller)
        | (query.Execution is null ? 0 : UsageDimensions.Execution);

    private void ReadSums(
        RollupCut cut,
        UsageSpan span,
        UsageGrouping by,
        UsageGroups groups,
        List<string>? executions = null
    )
    {
        var sql = new StringBuilder("SELECT bucket, ");
        var byExecution = query.Execution is not null || executions is not null;
        var grouped =
            groups.Dimension is UsageDimensions.None ? null : RollupCut.Column(groups.Dimension);
        sql.Append(grouped ?? "''").Append(", ").Append(RollupSums.Columns);
        sql.Append(" FROM ").Append(cut.Table);
        // An execution has few rows; the planner, who knows nothing of that, would take the table's key.
        if (byExecution)
            sql.Append(" INDEXED BY usage_rollup_by_execution");
        sql.Append(" WHERE cut = ? AND grain = ?");
        List<object> values = [(long)cut.Number, (long)span.Grain];
        WhereBuckets(sql, span, byExecution);
        WhereKey(sql, values, cut, byExecution);
        if (executions is not null)
            WhereIn(sql, values, "execution", executions);
        // Beside whole days, days and months are made up of hours.
        var hours = span.Grain == RollupCut.Hourly && by is not UsageGrouping.Hour ? 24 : 1;
        using var row = new RawReader(database, sql.ToString(), [.. values]);
        while (row.Read())
        {
            var sums = RollupSums.Read(row, 2);
            if (by.IsTime)
                groups.Add(row.Int64(0) / hours, sums);
            else
                groups.Add(row.Text(1), sums);
        }
    }

    /// <summary>With a filter, buckets are named one by one, so that what follows them in the key can be sought too.</summary>
    private void WhereBuckets(StringBuilder sql, UsageSpan span, bool byExecution)
    {
        if (
            Needed(UsageDimensions.None) is UsageDimensions.None
            || byExecution
            || span.Last - span.First > MostNamedBuckets
        )
        {
            sql.Append(
                CultureInfo.InvariantCulture,
                $" AND bucket >= {span.First} AND bucket < {span.Last}"
            );
            return;
        }
        sql.Append(" AND bucket IN (").Append(span.First);
        for (var bucket = span.First + 1; bucket < span.Last; bucket++)
            sql.Append(',').Append(bucket);
        sql.Append(')');
    }

    private void WhereKey(StringBuilder sql, List<object> values, RollupCut cut, bool byExecution)
    {
        foreach (var dimension in cut.Key)
        {
            var column = RollupCut.Column(dimension);
            if (!cut.Dimensions.HasFlag(dimension))
            {
                // Of the key's columns those that are not told apart are empty; saying so lets the next one be sought.
                if (!byExecution)
                    sql.Append(" AND ").Append(column).Append(" = ''");
            }
            else if (dimension is UsageDimensions.Deployment)
            {
                // Without a filter of their own, deployments are named only to reach the column behind them.
                if (OfDeployments || (cut.OfExecutions && !byExecution))
                    WhereIn(sql, values, column, _deployments);
            }
            else
                Filter(sql, values, column, dimension);
        }
    }

    private void ReadRecords(
        string source,
        long from,
        long to,
        UsageGrouping by,
        UsageGroups groups
    )
    {
        var sql = new StringBuilder("SELECT ").Append(UsageFacts.Columns);
        sql.Append(" FROM ").Append(source);
        sql.Append(" WHERE u.started_at_us >= ? AND u.started_at_us < ?");
        List<object> values = [from, to];
        if (OfDeployments)
            WhereIn(sql, values, "u.deployment", _deployments);
        foreach (var dimension in Filtered)
            Filter(sql, values, "u." + RollupCut.Column(dimension), dimension);
        if (by is UsageGrouping.Execution)
            sql.Append(" AND u.execution <> ''");
        var name =
            groups.Dimension is UsageDimensions.None ? -1 : UsageFacts.ColumnOf(groups.Dimension);
        using var row = new RawReader(database, sql.ToString(), [.. values]);
        while (row.Read())
        {
            var sums = UsageFacts.Sums(row);
            if (!by.IsTime)
            {
                groups.Add(name < 0 ? default : row.Text(name), sums);
                continue;
            }
            var (hour, day) = UsageSpan.BucketsOf(row.Int64(UsageFacts.StartedAt));
            groups.Add(by is UsageGrouping.Hour ? hour : day, sums);
        }
    }

    private static readonly UsageDimensions[] Filtered =
    [
        UsageDimensions.Task,
        UsageDimensions.Workspace,
        UsageDimensions.Caller,
        UsageDimensions.Execution,
    ];

    private void Filter(
        StringBuilder sql,
        List<object> values,
        string column,
        UsageDimensions dimension
    )
    {
        if (FilterOf(dimension) is { } filter)
            WhereIs(sql, values, column, filter);
        if (dimension is UsageDimensions.Caller && query.Callers is { } callers)
        {
            sql.Append(" AND ").Append(CallersWithin.Condition(column, "?"));
            values.Add(CallersWithin.Value(callers));
        }
    }

    private string? FilterOf(UsageDimensions dimension) =>
        dimension switch
        {
            UsageDimensions.Task => query.Task,
            UsageDimensions.Workspace => query.Workspace,
            UsageDimensions.Caller => query.Caller,
            UsageDimensions.Execution => query.Execution,
            _ => null,
        };

    /// <summary>
    /// Those that answered in the time that is asked for and pass the filter. Every record is in a day's sums or in the tail, so
    /// that none is missed.
    /// </summary>
    private List<string> Deployments()
    {
        var (_, first) = UsageSpan.BucketsOf(_from);
        var (_, last) = UsageSpan.BucketsOf(_to);
        using var row = new RawReader(
            database,
            $"""
            SELECT deployment FROM usage_rollup WHERE cut = {RollupCut.Deployments} AND grain = {RollupCut.Daily} AND bucket >= ? AND bucket <= ?
            UNION SELECT COALESCE(u.deployment, '') FROM {TailFrom}
            """,
            first,
            last
        );
        var found = new List<string>();
        while (row.Read())
        {
            var deployment = Encoding.UTF8.GetString(row.Text(0));
            if (
                !OfDeployments
                || (
                    deployment.Length > 0
                    && UsageGroupNames.Matches(deployment, query.Provider, query.Model)
                )
            )
                found.Add(deployment);
        }
        return found;
    }

    private static void WhereIs(StringBuilder sql, List<object> values, string column, string value)
    {
        sql.Append(" AND ").Append(column).Append(" = ?");
        values.Add(value);
    }

    private static void WhereIn(
        StringBuilder sql,
        List<object> values,
        string column,
        List<string> names
    )
    {
        sql.Append(" AND ").Append(column).Append(" IN (");
        sql.AppendJoin(',', Enumerable.Repeat('?', names.Count)).Append(')');
        values.AddRange(names);
    }
}
