using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Routing.Decisions;
using Dragoman.Usage;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>Reads a usage record back from the row it was stored in.</summary>
internal static class UsageRow
{
    public static UsageRecord Read(SqliteDataReader row) =>
        new()
        {
            Id = new RequestId(row.GetInt64(UsageColumns.Id)),
            StartedAt = Microseconds.Time(row.GetInt64(UsageColumns.StartedAt)),
            Caller = Text(row, UsageColumns.Caller),
            Dialect = row.GetString(UsageColumns.Dialect),
            Operation = row.GetString(UsageColumns.Operation),
            Route = Text(row, UsageColumns.Route),
            Deployment = Text(row, UsageColumns.Deployment),
            Streamed = row.GetBoolean(UsageColumns.Streamed),
            Outcome = Words.Outcome(row.GetString(UsageColumns.Outcome)),
            Status = row.GetInt32(UsageColumns.Status),
            ErrorCode = Text(row, UsageColumns.ErrorCode),
            Attempts = UsageJsonReading.Attempts(Text(row, UsageColumns.Attempts)),
            Skipped = UsageJsonReading.Skipped(Text(row, UsageColumns.Skipped)),
            Usage = Usage(row),
            CostNanoUsd = Number(row, UsageColumns.CostNanoUsd),
            CostBasis = Words.CostBasis(row.GetString(UsageColumns.CostBasis)),
            FirstContent = Microseconds.Span(Number(row, UsageColumns.FirstContent)),
            Total = Microseconds.Span(row.GetInt64(UsageColumns.Total)),
            Overhead = Microseconds.Span(row.GetInt64(UsageColumns.Overhead)),
            Changes = UsageJsonReading.Texts(Text(row, UsageColumns.Changes)),
            Guardrails = UsageJsonReading.Findings(Text(row, UsageColumns.Guardrails)),
            Reason = Text(row, UsageColumns.Reason),
            Workspace = Text(row, UsageColumns.Workspace),
            Execution = Text(row, UsageColumns.Execution),
            UserTier = Text(row, UsageColumns.UserTier),
            Tags = UsageJsonReading.Texts(Text(row, UsageColumns.Tags)),
            Task = Text(row, UsageColumns.Task),
            Chain = Text(row, UsageColumns.Chain),
            Profile = Text(row, UsageColumns.Profile) is { } profile
                ? RequestProfile.FromJson(profile)
                : null,
            Decision = Text(row, UsageColumns.Decision) is { } decision
                ? DecisionRecord.FromJson(decision)
                : null,
        };

    // The mark of estimation is set, one way or the other, wherever there was any usage at all.
    private static TokenUsage? Usage(SqliteDataReader row) =>
        row.IsDBNull(UsageColumns.UsageEstimated)
            ? null
            : new TokenUsage
            {
                Input = Number(row, UsageColumns.Input),
                CacheRead = Number(row, UsageColumns.CacheRead),
                CacheWrite = Number(row, UsageColumns.CacheWrite),
                CacheWrite1h = Number(row, UsageColumns.CacheWrite1h),
                Output = Number(row, UsageColumns.Output),
                Reasoning = Number(row, UsageColumns.Reasoning),
                AudioInput = Number(row, UsageColumns.AudioInput),
                AudioOutput = Number(row, UsageColumns.AudioOutput),
                ImageInput = Number(row, UsageColumns.ImageInput),
                ImageOutput = Number(row, UsageColumns.ImageOutput),
                ReportedTotal = Number(row, UsageColumns.ReportedTotal),
                ReportedCostUsd = Text(row, UsageColumns.ReportedCostUsd) is { } cost
                    ? decimal.Parse(cost, CultureInfo.InvariantCulture)
                    : null,
                Estimated = row.GetBoolean(UsageColumns.UsageEstimated),
            };

    private static string? Text(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetInt64(column);
}
