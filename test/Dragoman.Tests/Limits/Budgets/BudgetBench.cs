using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Limits.Budgets;
using Dragoman.TestKit;

namespace Dragoman.Tests.Limits.Budgets;

/// <summary>A keeper with a clock that stands still, and claims on it: a token of an answer costs a nano-dollar, a prompt nothing.</summary>
internal sealed class BudgetBench
{
    public static readonly Deployment Deployment = new()
    {
        Name = "demo/swift",
        Provider = new Provider
        {
            Name = "demo",
            Type = new ProviderType { Name = "demo", Dialect = "openai" },
            Dialect = "openai",
            BaseUrl = new Uri("http://upstream.invalid/v1"),
            Keys = new KeyPool([]),
        },
        Model = "swift",
        State = new DeploymentState("demo/swift"),
    };

    private long _requests;

    public BudgetBench(IBudgetStore? store = null, TimeProvider? time = null)
    {
        Time = time ?? new ManualTime();
        Keeper = new BudgetKeeper(Time, store ?? new NoBudgetStore());
    }

    public TimeProvider Time { get; }
    public ManualTime Clock => (ManualTime)Time;
    public BudgetKeeper Keeper { get; }

    public BudgetAccount Account(
        long limit,
        string name = "b",
        string values = "",
        Func<Budget, Budget>? more = null
    )
    {
        var budget = new Budget { Name = name, AmountNanoUsd = limit };
        return Keeper.AccountOf(more?.Invoke(budget) ?? budget, values);
    }

    public BudgetClaim Claim(
        BudgetAccount[] accounts,
        long usual,
        long worst = 0,
        long least = 1,
        bool grows = false,
        string? chain = null
    ) =>
        new()
        {
            Accounts = accounts,
            Rates = new TokenRates(0, 1000),
            Sizes = AnswerSizes.Of(least, usual, worst == 0 ? usual : worst),
            Grows = grows,
            Chain = chain,
            Request = new RequestId(Interlocked.Increment(ref _requests)),
            Attempt = 0,
            Deployment = Deployment,
        };

    /// <summary>What is held where it is granted at once.</summary>
    public Reservation? Take(BudgetClaim claim) =>
        Keeper.TryReserve(claim, out _, out var held) == ClaimOutcome.Granted ? held : null;

    public void Settle(Reservation held, long spent)
    {
        Span<long> each = stackalloc long[held.Claim.Accounts.Length];
        each.Fill(spent);
        Keeper.Settle(held, each, isCounted: true);
    }

    public BudgetState State(BudgetAccount account) => Keeper.StateOf(account);
}
