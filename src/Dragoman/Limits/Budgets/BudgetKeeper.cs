namespace Dragoman.Limits.Budgets;

/// <summary>
/// Keeps the accounts of all budgets: one lock around whole nano-dollars, so that an attempt's money is set aside in all its
/// accounts at once or in none, and <c>spent + reserved ≤ limit</c> holds in each whenever money is set aside. It outlives reloads.
/// </summary>
internal sealed partial class BudgetKeeper(TimeProvider time, IBudgetStore store)
{
    /// <summary>Accounts in memory at most: names that clients invent cannot grow it without end.</summary>
    private const int MostAccounts = 200_000;

    private const string Others = "(others)";

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Budget, string Values), BudgetAccount> _accounts = [];
    private bool _isOpen;

    /// <summary>Told of every share that is passed, outside the lock; once for each in a window.</summary>
    public event Action<BudgetAlert>? Passed;

    /// <summary>Takes these budgets for those that count from now on, and what the store has of them at the first call.</summary>
    public void Use(BudgetBook book)
    {
        lock (_gate)
        {
            if (!_isOpen)
            {
                if (book.IsEmpty)
                    return;
                _isOpen = true;
                foreach (var stored in store.Open(time.GetUtcNow()))
                    if (book.Find(stored.Budget) is { } budget)
                        Restore(budget, stored);
            }
            foreach (var account in _accounts.Values)
                if (book.Find(account.Budget.Name) is { } newest)
                    account.Adopt(newest);
            // Another limit, or none: who waits may have what it needs.
            Grant(time.GetUtcNow());
        }
    }

    /// <summary>The account of a combination of values, made where it is new; past the bound all new ones share one.</summary>
    public BudgetAccount AccountOf(Budget budget, string values)
    {
        lock (_gate)
        {
            if (_accounts.TryGetValue((budget.Name, values), out var known))
                return known;
            if (_accounts.Count >= MostAccounts && values != Others)
                return AccountOf(budget, Others);
            return _accounts[(budget.Name, values)] = new BudgetAccount(budget, values);
        }
    }

    /// <summary>Sets money aside, where no earlier call waits for it.</summary>
    /// <param name="claim">What is asked.</param>
    /// <param name="against">The account that stands against it; null where it is granted.</param>
    /// <param name="reservation">What is held; null where it is not granted.</param>
    public ClaimOutcome TryReserve(
        BudgetClaim claim,
        out BudgetAccount? against,
        out Reservation? reservation
    )
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            reservation = null;
            var outcome = Judge(claim, now, takesLeast: false, out var terms);
            against = terms.Against;
            if (outcome != ClaimOutcome.Granted)
                return outcome;
            foreach (var account in claim.Accounts)
                if (account.Waiting > 0)
                {
                    against = account;
                    return ClaimOutcome.MustWait;
                }
            against = null;
            reservation = Take(claim, terms, now);
            return outcome;
        }
    }

    /// <summary>Counts what the attempt cost and gives the rest back, in all accounts at once.</summary>
    /// <param name="reservation">What was held.</param>
    /// <param name="spent">Nano-dollars, by account.</param>
    /// <param name="isCounted">It was a call, not one that was never made.</param>
    public void Settle(Reservation reservation, ReadOnlySpan<long> spent, bool isCounted)
    {
        List<BudgetAlert>? alerts = null;
        lock (_gate)
        {
            if (reservation.IsSettled)
                return;
            reservation.IsSettled = true;
            var now = time.GetUtcNow();
            var accounts = reservation.Claim.Accounts;
            for (var i = 0; i < accounts.Length; i++)
            {
                var (account, period) = (accounts[i], reservation.Periods[i]);
                account.Roll(now);
                account.Settle(period, reservation.In(i), spent[i]);
                if (isCounted)
                    period.Calls++;
                Told(account, now, isRefused: false, ref alerts);
            }
            store.Settle(reservation, spent, isCounted);
            Grant(now);
        }
        Tell(alerts);
    }

    /// <summary>Notes that a call was refused because of this account: its limit counts as reached.</summary>
    public void NoteRefusal(BudgetAccount account)
    {
        List<BudgetAlert>? alerts = null;
        lock (_gate)
            Told(account, time.GetUtcNow(), isRefused: true, ref alerts);
        Tell(alerts);
    }

    /// <summary>How all accounts that were touched stand now.</summary>
    /// <param name="budget">Those of this budget; null is all.</param>
    public IReadOnlyList<BudgetState> States(string? budget = null)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var states = new List<BudgetState>();
            foreach (var account in _accounts.Values)
                if (budget is null || account.Budget.Name == budget)
                    states.Add(StateOf(account, now));
            states.Sort(
                static (a, b) => (a.Budget.Name, a.Values).CompareTo((b.Budget.Name, b.Values))
            );
            return states;
        }
    }

    public BudgetState StateOf(BudgetAccount account)
    {
        lock (_gate)
            return StateOf(account, time.GetUtcNow());
    }

    private static BudgetState StateOf(BudgetAccount account, DateTimeOffset now)
    {
        var current = account.Roll(now);
        var (calls, overrun, orphaned) = (0L, 0L, 0L);
        foreach (var period in account.Live)
        {
            calls += period.Calls;
            overrun += period.Overrun;
            orphaned += period.Orphaned;
        }
        return new BudgetState(account.Budget, account.Values)
        {
            LimitNanoUsd = account.Budget.LimitAt(now),
            SpentNanoUsd = account.Spent,
            ReservedNanoUsd = account.Reserved,
            Calls = calls,
            OverrunNanoUsd = overrun,
            OrphanedNanoUsd = orphaned,
            Waiting = account.Waiting,
            Since = account.Live.Count > 0 ? account.Live[0].Start : current.Start,
            FreesAt = account.FreesAt(now),
        };
    }

    /// <summary>Whether the claim can be granted now, and on which terms.</summary>
    /// <param name="claim">What is asked.</param>
    /// <param name="now">When.</param>
    /// <param name="takesLeast">It has waited long enough: a short answer is better than none.</param>
    /// <param name="terms">What it gets, or who stands against it.</param>
    private static ClaimOutcome Judge(
        BudgetClaim claim,
        DateTimeOffset now,
        bool takesLeast,
        out Terms terms
    )
    {
        terms = new Terms { Affordable = long.MaxValue, Comfortable = long.MaxValue };
        var (ifAllCameBack, spender) = (long.MaxValue, claim.Accounts[0]);
        for (var i = 0; i < claim.Accounts.Length; i++)
        {
            var account = claim.Accounts[i];
            account.Roll(now);
            var rates = claim.RatesFor(i);
            if (rates.IsFree)
                continue;
            var free = account.Budget.LimitAt(now, claim.Chain) - account.Spent;
            var available = free - account.Reserved;
            var affordable = rates.Affordable(available);
            if (affordable < terms.Affordable)
                (terms.Affordable, terms.Against) = (affordable, account);
            terms.Comfortable = Math.Min(
                terms.Comfortable,
                rates.Affordable(available / ComfortableShare)
            );
            if (rates.Affordable(free) is var could && could < ifAllCameBack)
                (ifAllCameBack, spender) = (could, account);
        }
        var sizes = claim.Sizes;
        if (ifAllCameBack < sizes.Least)
        {
            terms.Against = spender;
            return ClaimOutcome.Refused;
        }
        // What calls under way give back may be enough for a whole answer; a short one is for those who cannot wait longer.
        if (
            terms.Affordable < sizes.Least
            || (!takesLeast && terms.Affordable < sizes.Usual && ifAllCameBack >= sizes.Usual)
        )
            return ClaimOutcome.MustWait;
        return ClaimOutcome.Granted;
    }

    /// <summary>An answer that cannot be watched may take a quarter of what is left without being bounded.</summary>
    private const int ComfortableShare = 4;

    private Reservation Take(BudgetClaim claim, in Terms terms, DateTimeOffset now)
    {
        var sizes = claim.Sizes;
        var usual = Math.Min(sizes.Usual, terms.Affordable);
        var tokens =
            claim.Grows && terms.Comfortable < sizes.Worst
                ? usual
                : Math.Clamp(
                    terms.Comfortable,
                    usual,
                    Math.Max(usual, Math.Min(sizes.Worst, terms.Affordable))
                );
        var most = claim.Grows ? terms.Affordable : tokens;
        var periods = new BudgetPeriod[claim.Accounts.Length];
        var reservation = new Reservation(claim, periods)
        {
            Tokens = tokens,
            Bound = most < sizes.Worst ? most : null,
            BoundBy = most < sizes.Worst ? terms.Against?.Budget : null,
        };
        for (var i = 0; i < periods.Length; i++)
        {
            var account = claim.Accounts[i];
            periods[i] = account.Roll(now);
            account.Reserve(periods[i], reservation.In(i));
        }
        reservation.Slot = store.Reserve(reservation);
        return reservation;
    }

    private void Restore(Budget budget, StoredPeriod stored)
    {
        if (!_accounts.TryGetValue((stored.Budget, stored.Values), out var account))
            account = _accounts[(stored.Budget, stored.Values)] = new BudgetAccount(
                budget,
                stored.Values
            );
        account.Restore(stored);
    }

    private void Told(
        BudgetAccount account,
        DateTimeOffset now,
        bool isRefused,
        ref List<BudgetAlert>? alerts
    )
    {
        if (account.Passed(now, isRefused) is not { } share)
            return;
        store.Told(account, account.Live[^1], share);
        (alerts ??= []).Add(new BudgetAlert(StateOf(account, now), share, now));
    }

    private void Tell(List<BudgetAlert>? alerts)
    {
        foreach (var alert in alerts ?? [])
            Passed?.Invoke(alert);
    }

    /// <summary>What a claim can have.</summary>
    private record struct Terms
    {
        /// <summary>Tokens of answer that all that is left would be enough for.</summary>
        public long Affordable;

        /// <summary>The same for a quarter of what is left.</summary>
        public long Comfortable;

        /// <summary>The account that leaves the least.</summary>
        public BudgetAccount? Against;
    }
}
