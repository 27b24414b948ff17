using System.Globalization;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Usage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dragoman.Storage.Sqlite;

/// <summary>
/// The statement that stores one usage record, prepared once. It binds by SQLite's own calls: its processor time is part of every
/// request's, and ADO.NET parameters take twice as long and 4 kB of garbage per record (measured with LedgerBenchmarks).
/// </summary>
internal sealed class UsageInsert : IDisposable
{
    // ON CONFLICT rather than OR IGNORE: the latter would also swallow a missing value.
    private const string Sql = $"""
        INSERT INTO usage ({UsageColumns.All})
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        ON CONFLICT (id) DO NOTHING
        """;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly sqlite3_stmt _tail;
    private readonly nint _pointer;
    private readonly nint _tailPointer;
    private readonly UsageJson _json = new();
    private byte[] _utf8 = new byte[512];

    public UsageInsert(SqliteConnection connection)
    {
        _database = connection.Handle!;
        _statement = Prepare(Sql);
        _tail = Prepare("INSERT INTO usage_tail (id) VALUES (?)");
        _pointer = _statement.DangerousGetHandle();
        _tailPointer = _tail.DangerousGetHandle();
    }

    public void Dispose()
    {
        _statement.Dispose();
        _tail.Dispose();
        _json.Dispose();
    }

    /// <summary>Stores the record and notes it in the tail for the sums; false where it was there already.</summary>
    public bool Execute(UsageRecord record)
    {
        // Not behind the step: one that fails is tried again with other records, whose nulls would take this one's values.
        raw.sqlite3_clear_bindings(_statement);
        Bind(record);
        Step(_pointer);
        if (raw.sqlite3_changes(_database) == 0)
            return false;
        Check(SqliteCalls.Bind(_tailPointer, 1, record.Id.Value));
        Step(_tailPointer);
        return true;
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(
            raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement)
        );
        return statement;
    }

    private void Step(nint statement)
    {
        var result = SqliteCalls.Step(statement);
        SqliteCalls.Reset(statement);
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, _database);
    }

    private void Bind(UsageRecord record)
    {
        Bind(UsageColumns.Id, record.Id.Value);
        Bind(UsageColumns.StartedAt, Microseconds.Of(record.StartedAt));
        Bind(UsageColumns.Caller, record.Caller);
        Bind(UsageColumns.Dialect, record.Dialect);
        Bind(UsageColumns.Operation, record.Operation);
        Bind(UsageColumns.Route, record.Route);
        Bind(UsageColumns.Deployment, record.Deployment);
        Bind(UsageColumns.Streamed, record.Streamed ? 1 : 0);
        Bind(UsageColumns.Outcome, Words.Of(record.Outcome));
        Bind(UsageColumns.Status, record.Status);
        Bind(UsageColumns.ErrorCode, record.ErrorCode);
        if (record.Usage is { } usage)
            Bind(usage);
        Bind(UsageColumns.CostNanoUsd, record.CostNanoUsd);
        Bind(UsageColumns.CostBasis, Words.Of(record.CostBasis));
        Bind(UsageColumns.FirstContent, Microseconds.Of(record.FirstContent));
        Bind(UsageColumns.Total, Microseconds.Of(record.Total));
        Bind(UsageColumns.Overhead, Microseconds.Of(record.Overhead));
        if (record.Attempts.Count > 0)
            Bind(UsageColumns.Attempts, _json.Attempts(record.Attempts));
        if (record.Skipped.Count > 0)
            Bind(UsageColumns.Skipped, _json.Skipped(record.Skipped));
        if (record.Changes.Count > 0)
            Bind(UsageColumns.Changes, _json.Texts(record.Changes));
        Bind(UsageColumns.Reason, record.Reason);
        Bind(UsageColumns.Workspace, record.Workspace);
        Bind(UsageColumns.Execution, record.Execution);
        Bind(UsageColumns.UserTier, record.UserTier);
        if (record.Tags.Count > 0)
            Bind(UsageColumns.Tags, _json.Texts(record.Tags));
        Bind(UsageColumns.Task, record.Task);
        Bind(UsageColumns.Chain, record.Chain);
        if (record.Profile is { } profile)
            Bind(UsageColumns.Profile, profile.ToJson());
        if (record.Decision is { } decision)
            Bind(UsageColumns.Decision, decision.ToJson());
        if (record.Guardrails.Count > 0)
            Bind(UsageColumns.Guardrails, _json.Findings(record.Guardrails));
    }

    private void Bind(TokenUsage usage)
    {
        Bind(UsageColumns.Input, usage.Input);
        Bind(UsageColumns.CacheRead, usage.CacheRead);
        Bind(UsageColumns.CacheWrite, usage.CacheWrite);
        Bind(UsageColumns.CacheWrite1h, usage.CacheWrite1h);
        Bind(UsageColumns.Output, usage.Output);
        Bind(UsageColumns.Reasoning, usage.Reasoning);
        Bind(UsageColumns.AudioInput, usage.AudioInput);
        Bind(UsageColumns.AudioOutput, usage.AudioOutput);
        Bind(UsageColumns.ImageInput, usage.ImageInput);
        Bind(UsageColumns.ImageOutput, usage.ImageOutput);
        Bind(UsageColumns.ReportedTotal, usage.ReportedTotal);
        Bind(
            UsageColumns.ReportedCostUsd,
            usage.ReportedCostUsd?.ToString(CultureInfo.InvariantCulture)
        );
        Bind(UsageColumns.UsageEstimated, usage.Estimated ? 1 : 0);
    }

    // Columns are numbered from 0 as they are read, parameters from 1. What is not bound is NULL.
    private void Bind(int column, long? value)
    {
        if (value is { } known)
            Check(SqliteCalls.Bind(_pointer, column + 1, known));
    }

    private void Bind(int column, string? value)
    {
        if (value is null)
            return;
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_utf8.Length < most)
            _utf8 = new byte[most];
        Bind(column, _utf8.AsSpan(0, Encoding.UTF8.GetBytes(value, _utf8)));
    }

    private void Bind(int column, ReadOnlySpan<byte> utf8) =>
        Check(SqliteCalls.Bind(_pointer, column + 1, utf8));

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(result, _database);
    }
}
