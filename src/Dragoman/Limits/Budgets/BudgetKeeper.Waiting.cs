namespace Dragoman.Limits.Budgets;

/// <content>Calls that wait for what others will give back: first come, first served, streams under way before all.</content>
internal sealed partial class BudgetKeeper
{
    private readonly LinkedList<Waiter> _waiting = [];
    private readonly LinkedList<Waiter> _growing = [];
    private long _round;

    /// <summary>Calls and streams that wait now.</summary>
    public int InLine
    {
        get
        {
            lock (_gate)
                return _waiting.Count + _growing.Count;
        }
    }

    /// <summary>Waits in line until the claim is granted or refused, or the time is over; then takes a short answer where one can be had.</summary>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async ValueTask<(ClaimOutcome Outcome, Reservation? Held)> WaitAsync(
        BudgetClaim claim,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var waiter = new Waiter { Claim = claim };
        lock (_gate)
        {
            Line(_waiting, waiter);
            Grant(time.GetUtcNow());
        }
        if (!await TurnAsync(waiter, patience, cancellationToken))
        {
            lock (_gate)
            {
                if (!waiter.Turn.Task.IsCompleted)
                {
                    Leave(_waiting, waiter);
                    var now = time.GetUtcNow();
                    var outcome = Judge(claim, now, takesLeast: true, out var terms);
                    if (outcome == ClaimOutcome.Granted)
                        waiter.Held = Take(claim, terms, now);
                    waiter.Turn.SetResult(outcome);
                    // Who stood behind it may go on.
                    Grant(now);
                }
            }
        }
        if (cancellationToken.IsCancellationRequested)
        {
            if (waiter.Held is { } held)
                Settle(held, stackalloc long[claim.Accounts.Length], isCounted: false);
            throw new OperationCanceledException(cancellationToken);
        }
        return (await waiter.Turn.Task, waiter.Held);
    }

    /// <summary>Sets more aside for a stream under way. False where there is none to be had, nor will be.</summary>
    /// <param name="reservation">What it holds.</param>
    /// <param name="needed">Tokens of answer without which it cannot go on.</param>
    /// <param name="wanted">What is enough for a while.</param>
    /// <param name="patience">How long it waits for what others give back.</param>
    /// <param name="cancellationToken">The client went away: it need not go on.</param>
    public async ValueTask<bool> GrowAsync(
        Reservation reservation,
        long needed,
        long wanted,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var waiter = new Waiter
        {
            Claim = reservation.Claim,
            Grown = reservation,
            Needed = needed,
            Wanted = wanted,
        };
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (TryGrow(waiter, now))
                return true;
            Stall(waiter, isStalled: true);
            Line(_growing, waiter);
            Grant(now);
        }
        if (!await TurnAsync(waiter, patience, cancellationToken))
        {
            lock (_gate)
                if (!waiter.Turn.Task.IsCompleted)
                    GiveUp(waiter);
        }
        return await waiter.Turn.Task == ClaimOutcome.Granted;
    }

    /// <summary>False where the time was over before it was anybody's turn.</summary>
    private async ValueTask<bool> TurnAsync(
        Waiter waiter,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        if (waiter.Turn.Task.IsCompleted)
            return true;
        if (patience <= TimeSpan.Zero)
            return false;
        try
        {
            await waiter.Turn.Task.WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Gives what has come free to those who wait. Called under the lock, after everything that may free money.</summary>
    private void Grant(DateTimeOffset now)
    {
        if (_growing.Count == 0 && _waiting.Count == 0)
            return;
        _round++;
        for (var node = _growing.First; node is not null; )
        {
            var (waiter, next) = (node.Value, node.Next);
            Stall(waiter, isStalled: false);
            if (TryGrow(waiter, now))
            {
                Leave(_growing, waiter);
                waiter.Turn.TrySetResult(ClaimOutcome.Granted);
            }
            else
            {
                Stall(waiter, isStalled: true);
                Block(waiter.Claim);
            }
            node = next;
        }
        FailOneOfStalled(now);
        for (var node = _waiting.First; node is not null; )
        {
            var (waiter, next) = (node.Value, node.Next);
            if (waiter.Claim.Renewed is { } renewed)
                waiter.Claim.Sizes = renewed();
            var outcome = Judge(waiter.Claim, now, takesLeast: false, out var terms);
            if (outcome == ClaimOutcome.Granted && IsBlocked(waiter.Claim))
                outcome = ClaimOutcome.MustWait;
            if (outcome == ClaimOutcome.MustWait)
            {
                Block(waiter.Claim);
            }
            else
            {
                Leave(_waiting, waiter);
                if (outcome == ClaimOutcome.Granted)
                    waiter.Held = Take(waiter.Claim, terms, now);
                waiter.Turn.TrySetResult(outcome);
            }
            node = next;
        }
    }

    private bool TryGrow(Waiter waiter, DateTimeOffset now)
    {
        var (claim, reservation) = (waiter.Claim, waiter.Grown!);
        var affordable = long.MaxValue;
        for (var i = 0; i < claim.Accounts.Length; i++)
        {
            var (account, rates) = (claim.Accounts[i], claim.RatesFor(i));
            account.Roll(now);
            if (rates.IsFree || reservation.Periods[i].HasLeft)
                continue;
            affordable = Math.Min(
                affordable,
                rates.Affordable(
                    account.Budget.LimitAt(now, claim.Chain)
                        - account.Spent
                        - account.Reserved
                        + reservation.In(i)
                )
            );
        }
        if (affordable < waiter.Needed)
            return false;
        var tokens = Math.Min(affordable, waiter.Wanted);
        for (var i = 0; i < claim.Accounts.Length; i++)
            claim
                .Accounts[i]
                .Reserve(reservation.Periods[i], claim.RatesFor(i).At(tokens) - reservation.In(i));
        reservation.Tokens = tokens;
        store.Grow(reservation);
        return true;
    }

    /// <summary>
    /// Where all that is set aside is held by streams that wait for more, nobody will ever give any back: the last to come ends, and
    /// what it did not use is there for the others.
    /// </summary>
    private void FailOneOfStalled(DateTimeOffset now)
    {
        for (var node = _growing.Last; node is not null; node = node.Previous)
        {
            var waiter = node.Value;
            for (var i = 0; i < waiter.Claim.Accounts.Length; i++)
            {
                var account = waiter.Claim.Accounts[i];
                var rates = waiter.Claim.RatesFor(i);
                var left =
                    account.Budget.LimitAt(now, waiter.Claim.Chain)
                    - account.Spent
                    - account.Reserved;
                if (
                    !rates.IsFree
                    && account.Reserved <= account.Stalled
                    && rates.At(waiter.Needed) - waiter.Grown!.In(i) > left
                )
                {
                    GiveUp(waiter);
                    return;
                }
            }
        }
    }

    private void GiveUp(Waiter waiter)
    {
        Stall(waiter, isStalled: false);
        Leave(_growing, waiter);
        waiter.Turn.TrySetResult(ClaimOutcome.Refused);
    }

    private static void Stall(Waiter waiter, bool isStalled)
    {
        var reservation = waiter.Grown!;
        for (var i = 0; i < waiter.Claim.Accounts.Length; i++)
            waiter.Claim.Accounts[i].Stalled += isStalled ? reservation.In(i) : -reservation.In(i);
    }

    private static void Line(LinkedList<Waiter> line, Waiter waiter)
    {
        line.AddLast(waiter.Node);
        foreach (var account in waiter.Claim.Accounts)
            account.Waiting++;
    }

    private static void Leave(LinkedList<Waiter> line, Waiter waiter)
    {
        line.Remove(waiter.Node);
        foreach (var account in waiter.Claim.Accounts)
            account.Waiting--;
    }

    private void Block(BudgetClaim claim)
    {
        foreach (var account in claim.Accounts)
            account.BlockedIn = _round;
    }

    private bool IsBlocked(BudgetClaim claim)
    {
        foreach (var account in claim.Accounts)
            if (account.BlockedIn == _round)
                return true;
        return false;
    }

    /// <summary>Somebody in line.</summary>
    private sealed class Waiter
    {
        public Waiter() => Node = new LinkedListNode<Waiter>(this);

        public LinkedListNode<Waiter> Node { get; }
        public required BudgetClaim Claim { get; init; }

        /// <summary>What a stream under way holds; null of a call that has not begun.</summary>
        public Reservation? Grown { get; init; }
        public long Needed { get; init; }
        public long Wanted { get; init; }

        /// <summary>What it got.</summary>
        public Reservation? Held { get; set; }

        public TaskCompletionSource<ClaimOutcome> Turn { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
