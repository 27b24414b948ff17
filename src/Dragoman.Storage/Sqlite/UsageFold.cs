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
        var sums = new Dictionary<RollupKey, UsageSums>(most);
        var (count, last) = Gather(most, names, sums);
        RollupKey[] keys = [.. sums.Keys];
        keys.AsSpan().Sort(RollupKey.InTableOrder);
        foreach (var key in keys)
            (key.Cut.OfExecutions ? _ofExecutions : _plain).Execute(key, names, sums[key]);
        Forget(last, transaction);
        transaction.Commit();
        return count;
    }

    private (int Count, long Last) Gather(
        int most,
        Utf8Names names,
        Dictionary<RollupKey, UsageSums> sums
    )
    {
        var (count, last) = (0, long.MinValue);
        var none = names.NumberOf([]);
        using var tail = new RawReader(_connection.Handle!, TailSql, (long)most);
        while (tail.Read())
        {
            count++;
            last = tail.Int64(UsageFacts.Count);
            var whole = new RollupKey
            {
                Deployment = Name(UsageDimensions.Deployment),
                Task = Name(UsageDimensions.Task),
                Workspace = Name(UsageDimensions.Workspace),
                Caller = Name(UsageDimensions.Caller),
                Execution = Name(UsageDimensions.Execution),
            };
            var call = UsageFacts.Sums(tail);
            var (hour, day) = UsageSpan.BucketsOf(tail.Int64(UsageFacts.StartedAt));
            foreach (var cut in RollupCut.All)
            {
                if (cut.OfExecutions && whole.Execution == none)
                    continue;
                var key = whole.Of(cut, none);
                Add(key with { Grain = RollupCut.Daily, Bucket = day }, call);
                if (cut.Hours)
                    Add(key with { Grain = RollupCut.Hourly, Bucket = hour }, call);
            }
        }
        return (count, last);

        int Name(UsageDimensions dimension) =>
            names.NumberOf(tail.Text(UsageFacts.ColumnOf(dimension)));

        void Add(RollupKey key, in UsageSums call) =>
            CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _).Add(call);
    }

    private void Forget(long last, SqliteTransaction transaction)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "DELETE FROM usage_tail WHERE id <= @last";
        command.Parameters.AddWithValue("@last", last);
        command.ExecuteNonQuery();
    }
}
