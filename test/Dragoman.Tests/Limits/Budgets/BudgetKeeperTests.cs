using Dragoman.Limits.Budgets;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Limits.Budgets;

public sealed class BudgetKeeperTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(10);

    private readonly BudgetBench _bench = new();

    [Fact]
    public void Reserve_OverSeveralAccounts_IsAllOrNothing()
    {
        var (wide, narrow) = (_bench.Account(100, "wide"), _bench.Account(10, "narrow"));

        _bench.Take(_bench.Claim([wide, narrow], usual: 20, least: 20)).ShouldBeNull();

        _bench.State(wide).ReservedNanoUsd.ShouldBe(0);
        _bench.Take(_bench.Claim([wide, narrow], usual: 8)).ShouldNotBeNull();
        _bench.State(wide).ReservedNanoUsd.ShouldBe(8);
        _bench.State(narrow).ReservedNanoUsd.ShouldBe(8);
    }

    [Fact]
    public void Settle_ForLess_GivesTheRestBack()
    {
        var account = _bench.Account(100);
        var held = _bench.Take(_bench.Claim([account], usual: 60))!;

        _bench.Settle(held, 25);

        var state = _bench.State(account);
        (state.SpentNanoUsd, state.ReservedNanoUsd, state.LeftNanoUsd).ShouldBe((25, 0, 75));
        (state.Calls, state.OverrunNanoUsd).ShouldBe((1, 0));
    }

    [Fact]
    public void Settle_Twice_CountsOnce()
    {
        var account = _bench.Account(100);
        var held = _bench.Take(_bench.Claim([account], usual: 60))!;

        _bench.Settle(held, 25);
        _bench.Settle(held, 25);

        _bench.State(account).SpentNanoUsd.ShouldBe(25);
    }

    [Fact]
    public void Settle_ForMore_ShowsTheOverrun()
    {
        var account = _bench.Account(100);
        var held = _bench.Take(_bench.Claim([account], usual: 60))!;

        _bench.Settle(held, 130);

        var state = _bench.State(account);
        (state.SpentNanoUsd, state.OverrunNanoUsd, state.LeftNanoUsd).ShouldBe((130, 70, -30));
    }

    [Fact]
    public void Reserve_WhereSpentMoneyLeavesTooLittle_IsRefusedAtOnce()
    {
        var account = _bench.Account(100);
        _bench.Settle(_bench.Take(_bench.Claim([account], usual: 95))!, 95);

        var outcome = _bench.Keeper.TryReserve(
            _bench.Claim([account], usual: 20, least: 10),
            out var against,
            out _
        );

        outcome.ShouldBe(ClaimOutcome.Refused);
        against.ShouldBe(account);
    }

    [Fact]
    public void Reserve_NearTheLimit_BoundsTheAnswerToWhatIsAffordable()
    {
        var account = _bench.Account(100);
        _bench.Settle(_bench.Take(_bench.Claim([account], usual: 80))!, 80);

        var held = _bench.Take(_bench.Claim([account], usual: 50, least: 10))!;

        (held.Tokens, held.Bound).ShouldBe((20, 20));
        held.BoundBy!.Name.ShouldBe("b");
        _bench.State(account).LeftNanoUsd.ShouldBe(0);
    }

    [Fact]
    public void Reserve_WhereTheWorstIsLittleOfWhatIsLeft_BoundsNothing()
    {
        var account = _bench.Account(1_000);

        var held = _bench.Take(_bench.Claim([account], usual: 10, worst: 250))!;

        (held.Tokens, held.Bound).ShouldBe((250, null));
    }

    [Fact]
    public void Reserve_WhereTheWorstIsMuch_TakesAQuarterAndBoundsTheAnswerToIt()
    {
        var account = _bench.Account(1_000);

        var held = _bench.Take(_bench.Claim([account], usual: 10, worst: 900))!;

        (held.Tokens, held.Bound).ShouldBe((250, 250));
    }

    [Fact]
    public void Reserve_OfAStream_TakesTheUsualAndLetsItGrow()
    {
        var account = _bench.Account(1_000);

        var held = _bench.Take(_bench.Claim([account], usual: 10, worst: 900, grows: true))!;

        (held.Tokens, held.Bound).ShouldBe((10, null));
    }

    [Fact]
    public async Task Wait_ForMoneyOfCallsUnderWay_IsGrantedInTheOrderOfArrival()
    {
        var account = _bench.Account(100);
        var running = _bench.Take(_bench.Claim([account], usual: 100))!;
        var first = Wait(_bench.Claim([account], usual: 70));
        var second = Wait(_bench.Claim([account], usual: 30));

        _bench.Settle(running, 20);
        var (outcome, held) = await first;
        outcome.ShouldBe(ClaimOutcome.Granted);
        held!.Tokens.ShouldBe(70);
        second.IsCompleted.ShouldBeFalse();
        // It would fit, but nobody is overtaken.
        _bench
            .Keeper.TryReserve(_bench.Claim([account], usual: 5), out _, out _)
            .ShouldBe(ClaimOutcome.MustWait);

        _bench.Settle(held, 10);
        (await second).Held!.Tokens.ShouldBe(30);
    }

    [Fact]
    public async Task Wait_OfAnotherAccount_IsNotHeldUp()
    {
        var (busy, idle) = (_bench.Account(100, "busy"), _bench.Account(100, "idle"));
        _bench.Take(_bench.Claim([busy], usual: 100));
        var waiting = Wait(_bench.Claim([busy], usual: 50));

        _bench.Take(_bench.Claim([idle], usual: 50)).ShouldNotBeNull();
        waiting.IsCompleted.ShouldBeFalse();
        _bench.Clock.Advance(Patient);
        (await waiting).Outcome.ShouldBe(ClaimOutcome.MustWait);
    }

    [Fact]
    public async Task Wait_UntilTheMoneyIsSpentByOthers_IsRefusedAtOnce()
    {
        var account = _bench.Account(100);
        var running = _bench.Take(_bench.Claim([account], usual: 100))!;
        var waiting = Wait(_bench.Claim([account], usual: 50, least: 20));

        _bench.Settle(running, 90);

        (await waiting).Outcome.ShouldBe(ClaimOutcome.Refused);
        _bench.State(account).Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Wait_PastItsPatience_TakesAShortAnswerWhereThereIsOne()
    {
        var account = _bench.Account(100);
        _bench.Take(_bench.Claim([account], usual: 80));
        var waiting = Wait(_bench.Claim([account], usual: 50, least: 10));

        _bench.Clock.Advance(Patient);

        var (outcome, held) = await waiting;
        outcome.ShouldBe(ClaimOutcome.Granted);
        (held!.Tokens, held.Bound).ShouldBe((20, 20));
    }

    [Fact]
    public async Task Wait_WhenTheClientGoes_LeavesTheLine()
    {
        var account = _bench.Account(100);
        var running = _bench.Take(_bench.Claim([account], usual: 100))!;
        using var gone = new CancellationTokenSource();
        var waiting = Wait(_bench.Claim([account], usual: 50), Patient, gone.Token);

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
        _bench.Settle(running, 0);
        var state = _bench.State(account);
        (state.ReservedNanoUsd, state.Waiting).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Grow_WhileThereIsMoney_SetsMoreAside()
    {
        var account = _bench.Account(100);
        var held = _bench.Take(_bench.Claim([account], usual: 20, worst: 500, grows: true))!;

        (await _bench.Keeper.GrowAsync(held, 25, 45, Patient, default)).ShouldBeTrue();
        held.Tokens.ShouldBe(45);
        // What is wanted is more than there is, what is needed is there.
        (await _bench.Keeper.GrowAsync(held, 50, 400, Patient, default)).ShouldBeTrue();

        held.Tokens.ShouldBe(100);
        _bench.State(account).LeftNanoUsd.ShouldBe(0);
    }

    [Fact]
    public async Task Grow_WhereNobodyElseHoldsAnything_EndsAtOnce()
    {
        var account = _bench.Account(100);
        var held = _bench.Take(_bench.Claim([account], usual: 20, worst: 500, grows: true))!;

        (await _bench.Keeper.GrowAsync(held, 101, 200, Patient, default)).ShouldBeFalse();

        _bench.State(account).ReservedNanoUsd.ShouldBe(20);
    }

    [Fact]
    public async Task Grow_WhereOthersWillGiveBack_WaitsForThem()
    {
        var account = _bench.Account(100);
        var other = _bench.Take(_bench.Claim([account], usual: 70))!;
        var held = _bench.Take(_bench.Claim([account], usual: 20, worst: 500, grows: true))!;
        var growing = _bench.Keeper.GrowAsync(held, 60, 80, Patient, default).AsTask();
        growing.IsCompleted.ShouldBeFalse();

        _bench.Settle(other, 10);

        (await growing).ShouldBeTrue();
        held.Tokens.ShouldBe(80);
    }

    [Fact]
    public async Task Grow_OfStreamsThatWaitForEachOther_EndsTheLastForTheFirst()
    {
        var account = _bench.Account(100);
        var one = _bench.Take(_bench.Claim([account], usual: 45, worst: 500, grows: true))!;
        var other = _bench.Take(_bench.Claim([account], usual: 45, worst: 500, grows: true))!;
        var first = _bench.Keeper.GrowAsync(one, 60, 60, Patient, default).AsTask();
        var second = _bench.Keeper.GrowAsync(other, 60, 60, Patient, default).AsTask();

        (await second).ShouldBeFalse();
        first.IsCompleted.ShouldBeFalse();
        _bench.Settle(other, 30);

        (await first).ShouldBeTrue();
    }

    [Fact]
    public void Window_WhenItEnds_BeginsAnewAndForgetsWhatIsStillUnderWay()
    {
        var account = _bench.Account(
            100,
            more: budget => Copy(budget, new BudgetWindow(BudgetCycle.Day, TimeZoneInfo.Utc))
        );
        _bench.Settle(_bench.Take(_bench.Claim([account], usual: 60))!, 60);
        var running = _bench.Take(_bench.Claim([account], usual: 40))!;

        _bench.Clock.Advance(TimeSpan.FromDays(1));

        _bench.State(account).LeftNanoUsd.ShouldBe(100);
        _bench.Settle(running, 40);
        _bench.State(account).LeftNanoUsd.ShouldBe(100);
        _bench.State(account).ReservedNanoUsd.ShouldBe(0);
    }

    [Fact]
    public void Window_ThatRolls_ForgetsPieceByPiece()
    {
        var account = _bench.Account(
            100,
            more: budget =>
                Copy(
                    budget,
                    new BudgetWindow(BudgetCycle.Rolling, TimeZoneInfo.Utc, TimeSpan.FromHours(10))
                )
        );
        _bench.Settle(_bench.Take(_bench.Claim([account], usual: 60))!, 60);
        _bench.Clock.Advance(TimeSpan.FromHours(5));
        _bench.Settle(_bench.Take(_bench.Claim([account], usual: 40))!, 40);

        _bench.Clock.Advance(TimeSpan.FromHours(4.9));
        _bench.State(account).SpentNanoUsd.ShouldBe(100);
        _bench.Clock.Advance(TimeSpan.FromHours(0.4));
        _bench.State(account).SpentNanoUsd.ShouldBe(40);
        _bench.Clock.Advance(TimeSpan.FromHours(5));
        _bench.State(account).SpentNanoUsd.ShouldBe(0);
    }

    [Fact]
    public void Raise_WhileInForce_AddsAndThenExpires()
    {
        var now = _bench.Time.GetUtcNow();
        var account = _bench.Account(
            100,
            more: budget => new Budget
            {
                Name = budget.Name,
                AmountNanoUsd = budget.AmountNanoUsd,
                Raises =
                [
                    new BudgetRaise(50, now + TimeSpan.FromHours(1), now + TimeSpan.FromHours(2)),
                ],
            }
        );

        _bench.State(account).LimitNanoUsd.ShouldBe(100);
        _bench.Clock.Advance(TimeSpan.FromHours(1));
        _bench.State(account).LimitNanoUsd.ShouldBe(150);
        _bench.Clock.Advance(TimeSpan.FromHours(1));
        _bench.State(account).LimitNanoUsd.ShouldBe(100);
    }

    [Fact]
    public void Downgrade_FromItsShareOn_LeavesTheRestToTheCheaperChain()
    {
        var account = _bench.Account(
            100,
            more: budget => new Budget
            {
                Name = budget.Name,
                AmountNanoUsd = budget.AmountNanoUsd,
                Downgrade = "cheap",
                DowngradeAt = 0.8m,
            }
        );
        _bench.Settle(_bench.Take(_bench.Claim([account], usual: 75))!, 75);

        _bench.Take(_bench.Claim([account], usual: 10, least: 10)).ShouldBeNull();
        _bench
            .Take(_bench.Claim([account], usual: 10, least: 10, chain: "cheap"))
            .ShouldNotBeNull();
    }

    [Fact]
    public void Alerts_OfAWindow_AreToldOnceEach()
    {
        var told = new List<decimal>();
        _bench.Keeper.Passed += alert => told.Add(alert.Share);
        var account = _bench.Account(
            100,
            more: budget => new Budget
            {
                Name = budget.Name,
                AmountNanoUsd = budget.AmountNanoUsd,
                Window = new BudgetWindow(BudgetCycle.Day, TimeZoneInfo.Utc),
                Alerts = [0.5m, 0.8m, 1],
            }
        );

        Spend(30);
        told.ShouldBeEmpty();
        Spend(30);
        told.ShouldBe([0.5m]);
        Spend(5);
        told.ShouldBe([0.5m]);
        Spend(30);
        told.ShouldBe([0.5m, 0.8m]);
        // Too little is left: for whoever is refused the limit is reached.
        _bench.Keeper.NoteRefusal(account);
        _bench.Keeper.NoteRefusal(account);
        told.ShouldBe([0.5m, 0.8m, 1]);
        _bench.Clock.Advance(TimeSpan.FromDays(1));
        Spend(85);
        told.ShouldBe([0.5m, 0.8m, 1, 0.8m]);

        void Spend(long nano) =>
            _bench.Settle(_bench.Take(_bench.Claim([account], usual: nano))!, nano);
    }

    [Fact]
    public void Use_OfAnotherAmount_KeepsWhatWasSpentAndOfAnotherWindowBeginsAnew()
    {
        var budget = new Budget { Name = "b", AmountNanoUsd = 100 };
        _bench.Keeper.Use(new BudgetBook([budget]));
        var account = _bench.Keeper.AccountOf(budget, "");
        _bench.Settle(_bench.Take(_bench.Claim([account], usual: 60))!, 60);

        _bench.Keeper.Use(new BudgetBook([new Budget { Name = "b", AmountNanoUsd = 200 }]));
        _bench.State(account).LeftNanoUsd.ShouldBe(140);

        _bench.Keeper.Use(
            new BudgetBook([Copy(budget, new BudgetWindow(BudgetCycle.Day, TimeZoneInfo.Utc))])
        );
        _bench.State(account).SpentNanoUsd.ShouldBe(0);
    }

    private static Budget Copy(Budget budget, BudgetWindow window) =>
        new()
        {
            Name = budget.Name,
            AmountNanoUsd = budget.AmountNanoUsd,
            Window = window,
        };

    private Task<(ClaimOutcome Outcome, Reservation? Held)> Wait(
        BudgetClaim claim,
        TimeSpan? patience = null,
        CancellationToken cancellationToken = default
    ) => _bench.Keeper.WaitAsync(claim, patience ?? Patient, cancellationToken).AsTask();
}
