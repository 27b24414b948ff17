namespace Dragoman.Limits.Budgets;

/// <summary>Money that is set aside for one attempt in all its accounts at once. Guarded by its <see cref="BudgetKeeper"/>'s lock.</summary>
internal sealed class Reservation(BudgetClaim claim, BudgetPeriod[] periods)
{
    public BudgetClaim Claim => claim;

    /// <summary>The account's period that each part belongs to.</summary>
    public BudgetPeriod[] Periods => periods;

    /// <summary>Tokens of answer that it is enough for.</summary>
    public long Tokens { get; set; }

    /// <summary>The longest answer that may be asked for, in tokens of all choices together; null is as long as it likes.</summary>
    public long? Bound { get; set; }

    /// <summary>The budget that bounds it.</summary>
    public Budget? BoundBy { get; set; }

    /// <summary>Where the store keeps it; less than none where it does not.</summary>
    public int Slot { get; set; } = -1;
    public bool IsSettled { get; set; }

    /// <summary>Nano-dollars set aside in an account.</summary>
    public long In(int account) => claim.RatesFor(account).At(Tokens);
}
