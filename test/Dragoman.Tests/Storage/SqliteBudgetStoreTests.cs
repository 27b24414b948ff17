using Dragoman.Limits.Budgets;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Dragoman.Tests.Limits.Budgets;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Storage;

/// <summary>What outlives a process, ended well or killed: a killed one is played by its files as they stand while it still runs.</summary>
public sealed class SqliteBudgetStoreTests : IDisposable
{
    private static readonly Budget Research = new()
    {
        Name = "research",
        AmountNanoUsd = 1_000_000,
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Start_AfterAGoodEnd_KnowsWhatWasSpent()
    {
        using (var house = new House(_folder.Path))
        {
            house.Spend(700, ofReserved: 800);
            house.Spend(50, ofReserved: 20);
        }

        using var next = new House(_folder.Path);

        var state = next.State;
        (state.SpentNanoUsd, state.ReservedNanoUsd, state.Calls).ShouldBe((750, 0, 2));
        (state.OverrunNanoUsd, state.OrphanedNanoUsd).ShouldBe((30, 0));
    }

    [Fact]
    public void Start_AfterAKill_CountsWhatWasUnderWayAtWhatWasSetAside()
    {
        using var killed = new House(_folder.Path);
        killed.Spend(100, ofReserved: 100);
        killed.Reserve(40);
        killed.Reserve(60);

        using var next = new House(Killed(killed));

        var state = next.State;
        (state.SpentNanoUsd, state.ReservedNanoUsd).ShouldBe((200, 0));
        state.OrphanedNanoUsd.ShouldBe(100);
    }

    [Fact]
    public void Start_AfterAKill_CountsWhatWasUnderWayAtWhatItsRecordSays()
    {
        using var killed = new House(_folder.Path);
        var held = killed.Reserve(40);

        using var next = new House(
            Killed(killed),
            (request, attempt) => request == held.Claim.Request && attempt == 0 ? 7 : null
        );

        var state = next.State;
        (state.SpentNanoUsd, state.OrphanedNanoUsd).ShouldBe((7, 0));
    }

    [Fact]
    public async Task Start_AfterAKillOfAStreamThatHadGrown_CountsAllThatWasSetAside()
    {
        using var killed = new House(_folder.Path);
        var held = killed.Reserve(40, grows: true);
        (
            await killed.Keeper.GrowAsync(held, 50, 90, TimeSpan.Zero, CancellationToken.None)
        ).ShouldBeTrue();

        using var next = new House(Killed(killed));

        next.State.SpentNanoUsd.ShouldBe(90);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Start_AfterKillsAtAnyMoment_CountsEverySettledAttemptOnce(int seed)
    {
        var chance = new Random(seed);
        var (path, spent, orphaned) = (_folder.Path, 0L, 0L);
        var houses = new List<House>();
        try
        {
            for (var life = 0; life < 6; life++)
            {
                var house = new House(path);
                houses.Add(house);
                house.State.SpentNanoUsd.ShouldBe(spent);
                house.State.OrphanedNanoUsd.ShouldBe(orphaned);
                for (var call = chance.Next(200); call > 0; call--)
                {
                    var cost = chance.Next(1, 500);
                    house.Spend(cost, ofReserved: 500);
                    spent += cost;
                }
                if (chance.Next(2) == 0)
                {
                    house.Reserve(500);
                    (spent, orphaned) = (spent + 500, orphaned + 500);
                }
                if (chance.Next(2) == 0)
                    // Into the middle of its writing.
                    Thread.Sleep(chance.Next(60));
                path = Killed(house, life);
            }
        }
        finally
        {
            houses.ForEach(static house => house.Dispose());
        }
    }

    [Fact]
    public void Start_OfASecondProcess_LeavesTheFirstOnesJournalAlone()
    {
        using var first = new House(_folder.Path);
        first.Reserve(40);

        using var second = new House(_folder.Path);

        second.State.SpentNanoUsd.ShouldBe(0);
        second.Spend(10, ofReserved: 10);
        second.State.SpentNanoUsd.ShouldBe(10);
    }

    [Fact]
    public void Told_AcrossAnEnd_IsNotToldAgain()
    {
        var budget = new Budget
        {
            Name = "research",
            AmountNanoUsd = 100,
            Alerts = [0.5m],
        };
        using (var house = new House(_folder.Path, budget: budget))
        {
            house.Spend(60, ofReserved: 60);
            house.Alerts.ShouldBe(1);
        }

        using var next = new House(_folder.Path, budget: budget);
        next.Spend(10, ofReserved: 10);

        next.Alerts.ShouldBe(0);
    }

    [Fact]
    public void Journal_ForMoreAccountsThanASlotHolds_TakesSeveral()
    {
        using var killed = new House(_folder.Path);
        var accounts = Enumerable
            .Range(0, 12)
            .Select(i => killed.Keeper.AccountOf(Research, $"team={new string('x', 300)}{i}"))
            .ToArray();
        killed.Bench.Take(killed.Bench.Claim(accounts, usual: 5));

        using var next = new House(Killed(killed));

        next.Keeper.States().Sum(static state => state.SpentNanoUsd).ShouldBe(12 * 5);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The files as a kill at this moment would leave them; the process whose they are goes on.</summary>
    private string Killed(House house, int life = 0)
    {
        var copy = Path.Combine(_folder.Path, $"life-{life + 1}");
        Directory.CreateDirectory(copy);
        house.WhileNothingIsCommitted(() =>
        {
            foreach (
                var name in (string[])["dragoman.db-budgets", "dragoman.db", "dragoman.db-wal"]
            )
                if (File.Exists(Path.Combine(house.Folder, name)))
                    CopyFile(Path.Combine(house.Folder, name), Path.Combine(copy, name));
        });
        return copy;
    }

    /// <summary>Also of a file that is locked against others of this kind.</summary>
    private static void CopyFile(string from, string to)
    {
        using var cp = System.Diagnostics.Process.Start("cp", ["--sparse=always", from, to]);
        cp.WaitForExit();
        cp.ExitCode.ShouldBe(0);
    }

    private sealed class House : IDisposable
    {
        private readonly SqliteDatabase _database;
        private readonly SqliteBudgetStore _store;
        private readonly Budget _budget;

        public House(string folder, RecordedCost? recorded = null, Budget? budget = null)
        {
            Folder = folder;
            _budget = budget ?? Research;
            _database = SqliteDatabase.Open(
                new DatabaseLocation(Path.Combine(folder, "dragoman.db"))
            );
            _store = new SqliteBudgetStore(_database, recorded ?? ((_, _) => null));
            Bench = new BudgetBench(_store);
            Keeper.Passed += _ => Alerts++;
            Keeper.Use(new BudgetBook([_budget]));
            Account = Keeper.AccountOf(_budget, "");
        }

        public string Folder { get; }
        public BudgetBench Bench { get; }
        public BudgetKeeper Keeper => Bench.Keeper;
        public BudgetAccount Account { get; }
        public int Alerts { get; private set; }
        public BudgetState State => Bench.State(Account);

        public Reservation Reserve(long nano, bool grows = false) =>
            Bench
                .Take(
                    Bench.Claim([Account], usual: nano, worst: grows ? 1_000_000 : 0, grows: grows)
                )
                .ShouldNotBeNull();

        public void Spend(long nano, long ofReserved) => Bench.Settle(Reserve(ofReserved), nano);

        public void WhileNothingIsCommitted(Action act)
        {
            lock (_database.WriterGate)
                act();
        }

        public void Dispose()
        {
            _store.Dispose();
            _database.Dispose();
        }
    }
}
