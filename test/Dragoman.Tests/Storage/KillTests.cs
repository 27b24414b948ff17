using System.Globalization;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Storage;

public sealed class KillTests : IDisposable
{
    /// <summary>What the ledger promises.</summary>
    private const double StoredWithinMilliseconds = 100;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Process_KilledWhileAppending_KeepsEveryRecordOlderThanPromised()
    {
        var path = _folder.File("usage.db");
        var records = new List<(long Id, double At)>();
        using (var writer = KilledWriter.Start(path))
        {
            while (await writer.StandardOutput.ReadLineAsync() is { } line)
            {
                if (Parse(line) is not { } record)
                    continue;
                records.Add(record);
                // Long enough for several commits, and in the midst of the next ones.
                if (record.At > 700 && !writer.HasExited)
                    writer.Kill();
            }
            await writer.WaitForExitAsync();
        }

        using var database = SqliteDatabase.Open(new DatabaseLocation(path));
        using var store = new SqliteUsageStore(database);
        Scalar(database, "PRAGMA integrity_check").ShouldBe("ok");
        var stored = (await store.ListAsync(new UsageQuery { Limit = int.MaxValue }))
            .Select(record => record.Id.Value)
            .ToList();
        var due = records.Where(record => record.At < Deadline(records)).ToList();
        due.Count.ShouldBeGreaterThan(100);
        due.Select(record => record.Id).Except(stored).ShouldBeEmpty();
        stored.ShouldBeUnique();
        // Stored in order: what is missing is missing at the end.
        stored.Order().ShouldBe(Enumerable.Range(1, stored.Count).Select(id => (long)id));
    }

    /// <summary>
    /// The promise, counted back from the last sign of life. Where the machine let the appending thread stand still, it may have
    /// let the ledger's do so too: that time does not count.
    /// </summary>
    private static double Deadline(List<(long Id, double At)> records)
    {
        var stall = records.Zip(records.Skip(1), static (one, next) => next.At - one.At).Max();
        return records[^1].At - StoredWithinMilliseconds - stall;
    }

    private static (long Id, double At)? Parse(string line) =>
        line.Split(' ') is [var id, var at, "."]
            ? (
                long.Parse(id, CultureInfo.InvariantCulture),
                double.Parse(at, CultureInfo.InvariantCulture)
            )
            : null;

    private static object? Scalar(SqliteDatabase database, string sql)
    {
        using var command = database.Writer.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
