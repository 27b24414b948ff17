using Dragoman.Usage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dragoman.Storage.Sqlite;

/// <summary>The statement that adds sums to a row of a rollup table, making it where it is absent; prepared once.</summary>
internal sealed class RollupUpsert : IDisposable
{
    private static readonly string[] SumColumns = RollupSums.Columns.Split(", ");

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _pointer;
    private readonly IReadOnlyList<UsageDimensions> _key;

    /// <param name="database">An open database.</param>
    /// <param name="cut">A cut of the table that is added to.</param>
    public RollupUpsert(sqlite3 database, RollupCut cut)
    {
        _database = database;
        _key = cut.Key;
        string[] key = ["cut", "grain", "bucket", .. _key.Select(RollupCut.Column)];
        var sql = $"""
            INSERT INTO {cut.Table} ({string.Join(", ", key)}, {RollupSums.Columns})
            VALUES ({string.Join(',', Enumerable.Repeat('?', key.Length + SumColumns.Length))})
            ON CONFLICT ({string.Join(", ", key)}) DO UPDATE SET
            {string.Join(
                ", ",
                SumColumns.Select(sum => $"{sum} = {cut.Table}.{sum} + excluded.{sum}")
            )}
            """;
        Check(
            raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement)
        );
        _pointer = _statement.DangerousGetHandle();
    }

    public void Dispose() => _statement.Dispose();

    public void Execute(in RollupKey key, Utf8Names names, in UsageSums sums)
    {
        Bind(1, key.Cut!.Number);
        Bind(2, key.Grain);
        Bind(3, key.Bucket);
        var place = 4;
        for (var i = 0; i < _key.Count; i++)
            Check(SqliteCalls.Bind(_pointer, place++, names[key.NameOf(_key[i])]));
        Bind(place++, sums.Calls);
        Bind(place++, sums.Succeeded);
        Bind(place++, sums.Failed);
        Bind(place++, sums.CostNanoUsd);
        Bind(place++, sums.Priced);
        Bind(place++, sums.Unpriced);
        Bind(place++, sums.Counted);
        Bind(place++, sums.Uncounted);
        Bind(place++, sums.Input);
        Bind(place++, sums.CacheRead);
        Bind(place++, sums.CacheWrite);
        Bind(place++, sums.Output);
        Bind(place++, sums.Reasoning);
        Bind(place++, sums.Media);
        Bind(place, sums.TotalMicroseconds);
        var result = SqliteCalls.Step(_pointer);
        SqliteCalls.Reset(_pointer);
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, _database);
    }

    private void Bind(int place, long value) => Check(SqliteCalls.Bind(_pointer, place, value));

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(result, _database);
    }
}

/// <summary>The columns of a rollup table's sums, and their reading.</summary>
internal static class RollupSums
{
    public const string Columns =
        "calls, succeeded, failed, cost_nano_usd, priced, unpriced, counted, uncounted, input, cache_read, cache_write, output, reasoning, media, total_us";

    /// <param name="row">The row.</param>
    /// <param name="first">Where in it the sums begin.</param>
    public static UsageSums Read(RawReader row, int first) =>
        new()
        {
            Calls = row.Int64(first),
            Succeeded = row.Int64(first + 1),
            Failed = row.Int64(first + 2),
            CostNanoUsd = row.Int64(first + 3),
            Priced = row.Int64(first + 4),
            Unpriced = row.Int64(first + 5),
            Counted = row.Int64(first + 6),
            Uncounted = row.Int64(first + 7),
            Input = row.Int64(first + 8),
            CacheRead = row.Int64(first + 9),
            CacheWrite = row.Int64(first + 10),
            Output = row.Int64(first + 11),
            Reasoning = row.Int64(first + 12),
            Media = row.Int64(first + 13),
            TotalMicroseconds = row.Int64(first + 14),
        };
}
