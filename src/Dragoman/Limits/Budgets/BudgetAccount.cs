using System.Runtime.InteropServices;
using System.Text;

namespace Dragoman.Limits.Budgets;

/// <summary>
/// What is spent and set aside of one budget by one combination of values in its scope. Kept over reloads; guarded by its
/// <see cref="BudgetKeeper"/>'s lock, all of it.
/// </summary>
internal sealed class BudgetAccount
{
    private readonly List<BudgetPeriod> _live = [];
    private readonly List<(decimal Share, DateTimeOffset At)> _fired = [];

    /// <param name="budget">Whose it is.</param>
    /// <param name="values">The combination, e.g. <c>team=research</c>; empty where everything counts together.</param>
    public BudgetAccount(Budget budget, string values)
    {
        (Budget, Values) = (budget, values);
        Key = Encoding.UTF8.GetBytes(budget.Name + "\n" + values);
    }

    /// <summary>As the newest configuration has it.</summary>
    public Budget Budget { get; private set; }
    public string Values { get; }

    /// <summary>What names it in the journal: both names in UTF-8.</summary>
    public byte[] Key { get; }

    /// <summary>Nano-dollars spent in the window.</summary>
    public long Spent { get; private set; }

    /// <summary>Nano-dollars set aside for attempts under way.</summary>
    public long Reserved { get; private set; }

    /// <summary>What of <see cref="Reserved"/> is held by streams that themselves wait for more.</summary>
    public long Stalled { get; set; }

    /// <summary>Calls that wait for its money: nobody overtakes them.</summary>
    public int Waiting { get; set; }

    /// <summary>The round of granting in which an earlier call was found waiting.</summary>
    public long BlockedIn { get; set; }

    public IReadOnlyList<BudgetPeriod> Live => _live;

    /// <summary>The period that now belongs to. What has left the window counts no more.</summary>
    public BudgetPeriod Roll(DateTimeOffset now)
    {
        for (var i = _live.Count - 1; i >= 0; i--)
            if (_live[i].Expires <= now)
            {
                Spent -= _live[i].Spent;
                Reserved -= _live[i].Reserved;
                _live[i].HasLeft = true;
                _live.RemoveAt(i);
            }
        if (_live.Count > 0 && _live[^1] is var last && now < last.Ends)
            return last;
        var (start, expires) = Budget.Window.PeriodAt(now);
        // The clock was set back, or the window was changed: what was spent before counts on.
        foreach (var period in _live)
            if (period.Start == start)
                return period;
        var fresh = new BudgetPeriod(start, expires, EndOf(expires));
        _live.Add(fresh);
        return fresh;
    }

    /// <summary>The configuration has changed. With another window it begins anew; with another amount what was spent stays spent.</summary>
    public void Adopt(Budget newest)
    {
        var isSameWindow = newest.Window == Budget.Window;
        Budget = newest;
        if (isSameWindow)
            return;
        foreach (var period in _live)
            period.HasLeft = true;
        _live.Clear();
        _fired.Clear();
        (Spent, Reserved) = (0, 0);
    }

    /// <summary>Takes over what an earlier process left, unless it is of another window.</summary>
    public void Restore(StoredPeriod stored)
    {
        if (Budget.Window.PeriodAt(stored.Start) != (stored.Start, stored.Expires))
            return;
        var period = new BudgetPeriod(stored.Start, stored.Expires, EndOf(stored.Expires))
        {
            Spent = stored.SpentNanoUsd,
            Calls = stored.Calls,
            Overrun = stored.OverrunNanoUsd,
            Orphaned = stored.OrphanedNanoUsd,
        };
        period.Told.AddRange(stored.Told);
        _live.Add(period);
        _live.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        Spent += period.Spent;
        foreach (var share in period.Told)
            _fired.Add((share, period.Start));
    }

    public void Reserve(BudgetPeriod period, long nanoUsd)
    {
        period.Reserved += nanoUsd;
        if (!period.HasLeft)
            Reserved += nanoUsd;
    }

    /// <summary>Gives back what was set aside and counts what was spent of it.</summary>
    public void Settle(BudgetPeriod period, long reserved, long spent)
    {
        period.Reserved -= reserved;
        period.Spent += spent;
        if (spent > reserved)
            period.Overrun += spent - reserved;
        if (period.HasLeft)
            return;
        Reserved -= reserved;
        Spent += spent;
    }

    /// <summary>The highest share of the limit that was passed and not told yet in this window; null where there is none.</summary>
    /// <param name="now">When.</param>
    /// <param name="isRefused">A call was refused, so that the whole limit counts as reached.</param>
    public decimal? Passed(DateTimeOffset now, bool isRefused)
    {
        if (Budget.Alerts.Count == 0)
            return null;
        var limit = Budget.LimitAt(now);
        decimal? highest = null;
        for (var i = 0; i < Budget.Alerts.Count; i++)
        {
            var share = Budget.Alerts[i];
            if ((Spent >= limit * share || (isRefused && share == 1)) && !HasTold(share, now))
            {
                Tell(share, now);
                highest = share;
            }
        }
        return highest;
    }

    /// <summary>When money is free again: the end of the window, or where it rolls the first that leaves it; null is never.</summary>
    public DateTimeOffset? FreesAt(DateTimeOffset now)
    {
        if (Budget.Window.Cycle == BudgetCycle.Total)
            return null;
        DateTimeOffset? first = null;
        foreach (var period in CollectionsMarshal.AsSpan(_live))
            if (
                period.Expires > now
                && (period.Spent > 0 || Budget.Window.Cycle != BudgetCycle.Rolling)
                && !(first < period.Expires)
            )
                first = period.Expires;
        return first;
    }

    private DateTimeOffset EndOf(DateTimeOffset expires) =>
        Budget.Window.Cycle == BudgetCycle.Rolling ? expires - Budget.Window.Span : expires;

    private bool HasTold(decimal share, DateTimeOffset now)
    {
        foreach (var (told, at) in CollectionsMarshal.AsSpan(_fired))
            // Who was told of four fifths is not told of half.
            if (told >= share && IsInWindow(at, now))
                return true;
        return false;
    }

    private void Tell(decimal share, DateTimeOffset now)
    {
        _fired.RemoveAll(fired => fired.Share <= share);
        _fired.Add((share, now));
        if (_live.Count > 0)
            _live[^1].Told.Add(share);
    }

    private bool IsInWindow(DateTimeOffset at, DateTimeOffset now) =>
        Budget.Window.Cycle switch
        {
            BudgetCycle.Total => true,
            BudgetCycle.Rolling => at > now - Budget.Window.Span,
            _ => at >= Budget.Window.PeriodAt(now).Start,
        };
}

/// <summary>One stretch of an account's time.</summary>
internal sealed class BudgetPeriod(
    DateTimeOffset start,
    DateTimeOffset expires,
    DateTimeOffset ends
)
{
    public DateTimeOffset Start { get; } = start;

    /// <summary>From then on it counts no more.</summary>
    public DateTimeOffset Expires { get; } = expires;

    /// <summary>From then on new attempts belong to the next one.</summary>
    public DateTimeOffset Ends { get; } = ends;
    public long Spent { get; set; }
    public long Reserved { get; set; }

    /// <summary>Attempts that were settled.</summary>
    public long Calls { get; set; }

    /// <summary>What attempts cost beyond what was set aside for them.</summary>
    public long Overrun { get; set; }

    /// <summary>What is counted for attempts of a process that was killed, whose true cost nobody knows.</summary>
    public long Orphaned { get; set; }

    /// <summary>Shares of the limit that were told.</summary>
    public List<decimal> Told { get; } = [];

    /// <summary>It has expired: what is still under way in it concerns nobody any more.</summary>
    public bool HasLeft { get; set; }
}
