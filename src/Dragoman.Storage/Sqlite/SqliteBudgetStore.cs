using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dragoman.Exchanges;
using Dragoman.Limits.Budgets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dragoman.Storage.Sqlite;

/// <summary>
/// Keeps budgets in SQLite, behind: what is under way stands in a <see cref="BudgetJournal"/> beside the database, and what is settled is
/// added to the sums a batch at a time by a thread of its own. A slot bears its batch's number before that is committed, with the
/// number, and is freed after: so a start after a kill knows of each slot whether it has been added.
/// </summary>
internal sealed partial class SqliteBudgetStore : IBudgetStore, IDisposable
{
    private const int MostJournals = 8;

    /// <summary>Settled attempts wait so long for others to share their transaction.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private readonly SqliteDatabase _database;
    private readonly RecordedCost _recorded;
    private readonly ILogger _logger;

    // Guards what follows. Not a Lock: the writer sleeps on it with Monitor.Wait.
#pragma warning disable MA0158
    private readonly object _lock = new();
#pragma warning restore MA0158
    private readonly Stack<int> _free = [];
    private int[] _next = [];
    private List<Settled> _settled = [];
    private List<Settled> _batch = [];
    private readonly List<(BudgetSum Place, decimal Share)> _told = [];
    private BudgetJournal? _journal;
    private Thread? _writer;
    private long _number;
    private bool _isClosing;
    private bool _isFull;

    /// <param name="database">The database; its journal is a file beside it.</param>
    /// <param name="recorded">What attempts of an earlier process cost by their records.</param>
    /// <param name="logger">Where trouble is told.</param>
    public SqliteBudgetStore(
        SqliteDatabase database,
        RecordedCost recorded,
        ILogger<SqliteBudgetStore>? logger = null
    ) =>
        (_database, _recorded, _logger) = (
            database,
            recorded,
            logger ?? NullLogger<SqliteBudgetStore>.Instance
        );

    public IReadOnlyList<StoredPeriod> Open(DateTimeOffset now)
    {
        for (var i = 0; i < MostJournals; i++)
        {
            var path = PathOf(i);
            if (i > 0 && _journal is not null && !File.Exists(path))
                continue;
            if (BudgetJournal.TryOpen(path) is not { } journal)
                continue;
            Recover(journal);
            if (_journal is null)
            {
                _journal = journal;
                continue;
            }
            // A second process's that is no more.
            journal.Dispose();
            File.Delete(path);
        }
        if (_journal is { } own)
        {
            _next = new int[own.Count];
            for (var slot = own.Count - 1; slot >= 0; slot--)
                _free.Push(slot);
        }
        else
            Log.NoJournal(_logger, PathOf(0));
        _writer = new Thread(Run) { IsBackground = true, Name = "dragoman-budgets" };
        _writer.Start();
        lock (_database.WriterGate)
        {
            using var transaction = _database.Writer.BeginTransaction(deferred: false);
            BudgetSums.ForgetBefore(transaction, now - Kept);
            var live = BudgetSums.Live(transaction, now);
            transaction.Commit();
            return live;
        }
    }

    public int Reserve(Reservation reservation)
    {
        if (_journal is not { } journal)
            return -1;
        var (first, last) = (-1, -1);
        for (var account = 0; account < reservation.Claim.Accounts.Length; )
        {
            var slot = TakeSlot();
            if (slot < 0)
                return first;
            account = journal.WriteReserved(slot, reservation, account);
            _next[slot] = -1;
            if (first < 0)
                first = slot;
            else
                _next[last] = slot;
            last = slot;
        }
        return first;
    }

    public void Grow(Reservation reservation)
    {
        var account = 0;
        for (var slot = reservation.Slot; slot >= 0; slot = _next[slot])
        {
            var entry = _journal!.First(slot);
            for (var i = _journal.EntriesOf(slot); i > 0; i--, entry = entry.Next)
                entry.Reserved = reservation.In(account++);
        }
    }

    public void Settle(Reservation reservation, ReadOnlySpan<long> spent, bool isCounted)
    {
        var account = 0;
        for (var slot = reservation.Slot; slot >= 0; slot = _next[slot])
        {
            var entry = _journal!.First(slot);
            for (var i = _journal.EntriesOf(slot); i > 0; i--, entry = entry.Next)
                entry.Spent = spent[account++];
            _journal.WriteSettled(slot, isCounted);
        }
        lock (_lock)
        {
            _settled.Add(new Settled(reservation, spent.ToArray(), isCounted));
            if (_settled.Count == 1)
                Monitor.Pulse(_lock);
        }
    }

    public void Told(BudgetAccount account, BudgetPeriod period, decimal share)
    {
        lock (_lock)
        {
            _told.Add((PlaceOf(account, period), share));
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Stores what is settled, and ends.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosing = true;
            Monitor.Pulse(_lock);
        }
        _writer?.Join();
        _journal?.Dispose();
    }

    private string PathOf(int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_database.Path}-budgets{(number == 0 ? "" : $"-{number}")}"
        );

    private int TakeSlot()
    {
        lock (_lock)
        {
            if (_free.TryPop(out var slot))
                return slot;
            if (!_isFull)
                Log.JournalFull(_logger);
            _isFull = true;
            return -1;
        }
    }

    private void Run()
    {
        while (TakeBatch(out var told))
        {
            while (!TryStore(told))
            {
                lock (_lock)
                    if (_isClosing)
                        // The slots stay settled: the next start adds them.
                        return;
                Thread.Sleep(Retry);
            }
            FreeBatch();
        }
    }

    private bool TakeBatch(out List<(BudgetSum Place, decimal Share)> told)
    {
        lock (_lock)
        {
            while (_settled.Count == 0 && _told.Count == 0)
            {
                told = [];
                if (_isClosing)
                    return false;
                Monitor.Wait(_lock);
            }
            var since = Stopwatch.GetTimestamp();
            while (
                !_isClosing
                && Gathering - Stopwatch.GetElapsedTime(since) is var left
                && left > TimeSpan.Zero
            )
                Monitor.Wait(_lock, left);
            (_settled, _batch) = (_batch, _settled);
            told = [.. _told];
            _told.Clear();
            return true;
        }
    }

    private bool TryStore(List<(BudgetSum Place, decimal Share)> told)
    {
        var sums = new Dictionary<BudgetPeriod, BudgetSum>();
        foreach (var (reservation, spent, isCounted) in _batch)
            for (var i = 0; i < spent.Length; i++)
            {
                var period = reservation.Periods[i];
                if (!sums.TryGetValue(period, out var sum))
                    sum = PlaceOf(reservation.Claim.Accounts[i], period);
                sum.Spent += spent[i];
                sum.Calls += isCounted ? 1 : 0;
                sum.Overrun += Math.Max(0, spent[i] - reservation.In(i));
                sums[period] = sum;
            }
        try
        {
            lock (_database.WriterGate)
            {
                using var transaction = _database.Writer.BeginTransaction(deferred: false);
                if (_journal is { } journal)
                {
                    // Whether a commit that failed was made all the same stands in the table.
                    _number = BudgetSums.BatchOf(transaction, journal.Id) + 1;
                    if (_batch.Count > 0 && AlreadyStored(journal))
                        return true;
                    foreach (var settled in _batch)
                        for (var slot = settled.Held.Slot; slot >= 0; slot = _next[slot])
                            journal.Stamp(slot, _number);
                    BudgetSums.SetBatch(transaction, journal.Id, _number);
                }
                foreach (var sum in sums.Values)
                    BudgetSums.Add(transaction, sum);
                foreach (var (place, share) in told)
                    BudgetSums.Told(
                        transaction,
                        place,
                        share.ToString(CultureInfo.InvariantCulture)
                    );
                transaction.Commit();
            }
            return true;
        }
        catch (SqliteException e)
        {
            Log.NotStored(_logger, e);
            return false;
        }
    }

    /// <summary>This very batch was stamped and committed, though its commit seemed to fail.</summary>
    private bool AlreadyStored(BudgetJournal journal)
    {
        foreach (var settled in _batch)
            if (settled.Held.Slot >= 0)
                return journal.BatchOf(settled.Held.Slot) is > 0 and var stamp && stamp < _number;
        return false;
    }

    private void FreeBatch()
    {
        lock (_lock)
        {
            foreach (var settled in _batch)
                for (var slot = settled.Held.Slot; slot >= 0; slot = _next[slot])
                {
                    _journal!.Free(slot);
                    _free.Push(slot);
                }
            _isFull = _isFull && _free.Count == 0;
            _batch.Clear();
        }
    }

    /// <summary>
    /// Adds what a process left that is no more: what was settled and is not in the sums yet; and what was still under way, at what
    /// its record says it cost, else at all that was set aside for it, which is named as such.
    /// </summary>
    private void Recover(BudgetJournal journal)
    {
        var (orphans, settled) = (0, 0);
        lock (_database.WriterGate)
        {
            using var transaction = _database.Writer.BeginTransaction(deferred: false);
            var stored = BudgetSums.BatchOf(transaction, journal.Id);
            for (var slot = 0; slot < journal.Count; slot++)
            {
                var state = journal.StateOf(slot);
                if (
                    state == BudgetJournal.State.Free
                    || journal.BatchOf(slot) is > 0 and var batch && batch <= stored
                )
                    continue;
                var isOrphan = state == BudgetJournal.State.Reserved;
                (orphans, settled) = isOrphan ? (orphans + 1, settled) : (orphans, settled + 1);
                var known = isOrphan
                    ? _recorded(new RequestId(journal.RequestOf(slot)), journal.AttemptOf(slot))
                    : null;
                var entry = journal.First(slot);
                for (var i = journal.EntriesOf(slot); i > 0; i--, entry = entry.Next)
                    BudgetSums.Add(transaction, SumOf(journal, slot, entry, isOrphan, known));
                journal.Stamp(slot, stored + 1);
            }
            BudgetSums.SetBatch(transaction, journal.Id, stored + 1);
            transaction.Commit();
        }
        for (var slot = 0; slot < journal.Count; slot++)
            if (journal.StateOf(slot) != BudgetJournal.State.Free)
                journal.Free(slot);
        if (orphans + settled > 0)
            Log.Recovered(_logger, settled, orphans);
    }

    private static BudgetSum SumOf(
        BudgetJournal journal,
        int slot,
        BudgetJournal.Entry entry,
        bool isOrphan,
        long? known
    )
    {
        var key = Encoding.UTF8.GetString(entry.Key);
        var line = key.IndexOf('\n', StringComparison.Ordinal);
        var spent = isOrphan ? known ?? entry.Reserved : entry.Spent;
        return new BudgetSum(
            key[..line],
            key[(line + 1)..],
            new DateTimeOffset(entry.StartTicks, TimeSpan.Zero),
            new DateTimeOffset(entry.ExpiresTicks, TimeSpan.Zero)
        )
        {
            Spent = spent,
            Calls = isOrphan || journal.IsCounted(slot) ? 1 : 0,
            Overrun = Math.Max(0, spent - entry.Reserved),
            Orphaned = isOrphan && known is null ? spent : 0,
        };
    }

    private static BudgetSum PlaceOf(BudgetAccount account, BudgetPeriod period) =>
        new(account.Budget.Name, account.Values, period.Start, period.Expires);

    private readonly record struct Settled(Reservation Held, long[] Spent, bool IsCounted);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Budgets: the process before this one was ended from outside. {Settled} attempts that it had settled were added, and {Orphans} that were under way were counted, at what their records say or at what was set aside for them."
        )]
        public static partial void Recovered(ILogger logger, int settled, int orphans);

        [LoggerMessage(
            LogLevel.Error,
            "Budgets: sums cannot be stored; they are kept in the journal and tried again."
        )]
        public static partial void NotStored(ILogger logger, Exception exception);

        [LoggerMessage(
            LogLevel.Error,
            "Budgets: the journal is full. Attempts go on; those under way would not be counted after a kill of the process."
        )]
        public static partial void JournalFull(ILogger logger);

        [LoggerMessage(
            LogLevel.Error,
            "Budgets: no journal can be opened beside {Path}. Attempts under way would not be counted after a kill of the process."
        )]
        public static partial void NoJournal(ILogger logger, string path);
    }
}
