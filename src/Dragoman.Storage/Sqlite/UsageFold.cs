using System.Runtime.InteropServices;
using Dragoman.Usage;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>
/// Adds the records of <c>usage_tail</c> to the sums of every cut and takes them off the tail, in one transaction: a record is in
/// the tail or in the sums, never in both or neither, whenever the process ends.
/// </summary>
internal sealed class UsageFold : IDisposable
{
    private const string TailSql = $"""
        SELECT {UsageFacts.Columns}, t.id FROM usage_tail t CROSS JOIN usage u ON u.id = t.id ORDER BY t.id LIMIT ?
        """;

    private readonly SqliteConnection _connection;
    private readonly RollupUpsert _plain;
    private readonly RollupUpsert _ofExecutions;

    // Kept from one time to the next: they are some megabytes.
    private readonly Dictionary<RollupKey, UsageSums> _whole = [];
    private readonly Dictionary<RollupKey, UsageSums> _sums = [];

    public UsageFold(SqliteConnection connection)
    {
        _connection = connection;
        _plain = new RollupUpsert(
            connection.Handle!,
            RollupCut.All.First(cut => !cut.OfExecutions)
        );
        _ofExecutions = new RollupUpsert(
            connection.Handle!,
            RollupCut.All.First(cut => cut.OfExecutions)
        );
    }

    public void Dispose()
    {
        _plain.Dispose();
        _ofExecutions.Dispose();
    }

    /// <summary>Records that are in no sum yet.</summary>
    public int TailLength()
    {
        using var reader = new RawReader(_connection.Handle!, "SELECT COUNT(*) FROM usage_tail");
        reader.Read();
        return (int)reader.Int64(0);
    }

    /// <summary>Folds the first <paramref name="most"/> of the tail; tells how many there were.</summary>
    public int Run(int most)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        var names = new Utf8Names();
        var (count, last) = Gather(most, names);
        RollupKey[] keys = [.. _sums.Keys];
        keys.AsSpan().Sort(RollupKey.InTableOrder(names));
        foreach (var key in keys)
            (key.Cut!.OfExecutions ? _ofExecutions : _plain).Execute(key, names, _sums[key]);
        Forget(last, transaction);
        transaction.Commit();
        return count;
    }

    /// <summary>Calls of one hour that nothing tells apart are added up first: there are far fewer of them to add to every cut.</summary>
    private (int Count, long Last) Gather(int most, Utf8Names names)
    {
        var (count, last) = (0, long.MinValue);
        var none = names.NumberOf([]);
        _whole.Clear();
        _sums.Clear();
        using (var tail = new RawReader(_connection.Handle!, TailSql, (long)most))
        {
            for (; tail.Read(); count++)
            {
                last = tail.Int64(UsageFacts.Count);
                var key = new RollupKey
                {
                    Bucket = UsageSpan.BucketsOf(tail.Int64(UsageFacts.StartedAt)).Hour,
                    Deployment = Name(tail, UsageDimensions.Deployment),
                    Task = Name(tail, UsageDimensions.Task),
                    Workspace = Name(tail, UsageDimensions.Workspace),
                    Caller = Name(tail, UsageDimensions.Caller),
                    Execution = Name(tail, UsageDimensions.Execution),
                };
                Add(_whole, key, UsageFacts.Sums(tail));
            }
        }
        foreach (var (key, calls) in _whole)
        {
            foreach (var cut in RollupCut.All)
            {
                if (cut.OfExecutions && key.Execution == none)
                    continue;
                var row = key.Of(cut, none);
                if (cut.Hours)
                    Add(_sums, row with { Grain = RollupCut.Hourly }, calls);
                row = row with { Grain = RollupCut.Daily, Bucket = row.Bucket / 24 };
                Add(_sums, row, calls);
            }
        }
        return (count, last);

        int Name(RawReader tail, UsageDimensions dimension) =>
            names.NumberOf(tail.Text(UsageFacts.ColumnOf(dimension)));
    }

    private static void Add(
        Dictionary<RollupKey, UsageSums> sums,
        in RollupKey key,
        in UsageSums calls
    ) => CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _).Add(calls);

    private void Forget(long last, SqliteTransaction transaction)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "DELETE FROM usage_tail WHERE id <= @last";
        command.Parameters.AddWithValue("@last", last);
        command.ExecuteNonQuery();
    }
}
