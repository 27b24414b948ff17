using Dragoman.Limits.Budgets;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Limits.Budgets;

/// <summary>Many at once on a few accounts: what is spent and set aside never exceeds a limit, and nobody is refused while money is free.</summary>
public sealed class BudgetRaceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Keeper_UnderAnyInterleaving_KeepsEveryLimit(int seed)
    {
        var chance = new Random(seed);
        var bench = new BudgetBench();
        var accounts = Enumerable
            .Range(0, 4)
            .Select(i => bench.Account(chance.NextInt64(200, 2_000), $"b{i}"))
            .ToArray();
        var limits = accounts.Select(account => account.Budget.AmountNanoUsd).ToArray();
        var spent = new long[accounts.Length];
        var held = new List<Reservation>();
        var waiting = new List<(long Due, Task<(ClaimOutcome Outcome, Reservation? Held)> Task)>();
        var growing = new List<(long Due, Reservation Held, Task<bool> Task)>();

        for (var step = 0; step < 3_000; step++)
        {
            switch (chance.Next(10))
            {
                case < 4:
                    var usual = chance.NextInt64(1, 120);
                    var claim = bench.Claim(
                        [.. accounts.Where(_ => chance.Next(2) == 0).DefaultIfEmpty(accounts[0])],
                        usual,
                        worst: usual * chance.Next(1, 5),
                        least: chance.NextInt64(1, usual + 1),
                        grows: chance.Next(3) == 0
                    );
                    var outcome = bench.Keeper.TryReserve(claim, out _, out var taken);
                    if (outcome == ClaimOutcome.Granted)
                        held.Add(taken!);
                    else if (outcome == ClaimOutcome.MustWait)
                        waiting.Add(
                            (Due(), bench.Keeper.WaitAsync(claim, Patience, default).AsTask())
                        );
                    else
                        CouldNotFit(claim);
                    break;
                case < 8 when held.Count > 0:
                    var ended = held[chance.Next(held.Count)];
                    held.Remove(ended);
                    var cost = chance.NextInt64(0, ended.Tokens + 1);
                    foreach (var account in ended.Claim.Accounts)
                        spent[Array.IndexOf(accounts, account)] += cost;
                    bench.Settle(ended, cost);
                    break;
                case 8 when held.Count > 0:
                    var stream = held[chance.Next(held.Count)];
                    if (!stream.Claim.Grows)
                        break;
                    held.Remove(stream);
                    growing.Add(
                        (
                            Due(),
                            stream,
                            bench
                                .Keeper.GrowAsync(
                                    stream,
                                    stream.Tokens + chance.NextInt64(1, 30),
                                    stream.Tokens + 40,
                                    Patience,
                                    default
                                )
                                .AsTask()
                        )
                    );
                    break;
                default:
                    bench.Clock.Advance(TimeSpan.FromMilliseconds(chance.Next(1_500)));
                    break;
            }
            await GatherAsync();
            Check();
        }

        // The end: all that is under way ends, whoever waits gets its turn, and nothing is left set aside.
        for (var round = 0; held.Count + waiting.Count + growing.Count > 0; round++)
        {
            round.ShouldBeLessThan(10_000);
            foreach (var ended in held)
                bench.Settle(ended, 0);
            held.Clear();
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await GatherAsync();
        }
        foreach (var account in accounts)
        {
            var state = bench.State(account);
            (state.ReservedNanoUsd, state.Waiting, account.Stalled).ShouldBe((0, 0, 0));
        }

        void Check()
        {
            for (var i = 0; i < accounts.Length; i++)
            {
                var state = bench.State(accounts[i]);
                state.SpentNanoUsd.ShouldBe(spent[i]);
                (state.SpentNanoUsd + state.ReservedNanoUsd).ShouldBeLessThanOrEqualTo(limits[i]);
                state.ReservedNanoUsd.ShouldBe(
                    held.Concat(growing.Select(one => one.Held))
                        .Where(one => one.Claim.Accounts.Contains(accounts[i]))
                        .Sum(one => one.Tokens)
                );
            }
        }

        void CouldNotFit(BudgetClaim claim) =>
            claim
                .Accounts.Min(account =>
                    account.Budget.AmountNanoUsd - bench.State(account).SpentNanoUsd
                )
                .ShouldBeLessThan(claim.Sizes.Least);

        async Task GatherAsync()
        {
            // Those whose turn came, or whose time is over, go on by themselves on other threads.
            var now = bench.Clock.GetTimestamp();
            await Eventually.TrueAsync(() =>
                waiting.Count(one => !one.Task.IsCompleted)
                    + growing.Count(static one => !one.Task.IsCompleted)
                    == bench.Keeper.InLine
                && waiting.TrueForAll(one => one.Due > now || one.Task.IsCompleted)
                && growing.TrueForAll(one => one.Due > now || one.Task.IsCompleted)
            );
            foreach (var one in waiting.Where(static one => one.Task.IsCompleted).ToList())
            {
                waiting.Remove(one);
                if ((await one.Task).Held is { } granted)
                    held.Add(granted);
            }
            foreach (var one in growing.Where(static one => one.Task.IsCompleted).ToList())
            {
                growing.Remove(one);
                held.Add(one.Held);
            }
        }

        long Due() => bench.Clock.GetTimestamp() + (long)Patience.TotalMicroseconds;
    }

    [Fact]
    public async Task Keeper_With64AtOnceOnMoneyForN_ServesExactlyNAndRefusesTheRest()
    {
        const int Affordable = 23;
        const long Cost = 1_000;
        var bench = new BudgetBench(time: TimeProvider.System);
        var account = bench.Account(Affordable * Cost);
        var worst = 0L;
        var watching = new CancellationTokenSource();
        var watch = Task.Run(() =>
        {
            while (!watching.IsCancellationRequested)
            {
                var state = bench.State(account);
                worst = Math.Max(worst, state.SpentNanoUsd + state.ReservedNanoUsd);
            }
        });

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(i => Task.Run(() => CallAsync(i)))
        );
        await watching.CancelAsync();
        await watch;

        outcomes.Count(static served => served).ShouldBe(Affordable);
        bench.State(account).SpentNanoUsd.ShouldBe(Affordable * Cost);
        worst.ShouldBeLessThanOrEqualTo(Affordable * Cost);

        async Task<bool> CallAsync(int i)
        {
            // Half of them set aside twice what they cost; some fail and cost nothing, and come again.
            var asked = i % 2 == 0 ? Cost * 2 : Cost;
            for (var failures = i % 5; ; failures--)
            {
                var claim = bench.Claim([account], usual: asked, least: Cost);
                var held =
                    bench.Take(claim)
                    ?? (
                        await bench.Keeper.WaitAsync(claim, TimeSpan.FromSeconds(30), default)
                    ).Held;
                if (held is null)
                    return false;
                await Task.Yield();
                bench.Settle(held, failures > 0 ? 0 : Cost);
                if (failures <= 0)
                    return true;
            }
        }
    }
}
