using System.Collections.Concurrent;
using Dragoman.Access;
using Dragoman.Limits.Rates;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Limits.Rates;

public sealed class InMemoryRateLimitStoreTests
{
    private static readonly RateNeed One = new(1, 0, 0);

    private readonly ManualTime _time = new();
    private readonly InMemoryRateLimitStore _store;

    public InMemoryRateLimitStoreTests() => _store = new InMemoryRateLimitStore(_time);

    [Fact]
    public async Task Take_From64Threads_GrantsNeverMoreThanTheLimitInAnyWindow()
    {
        var limit = Limit("l", requests: 50);
        var grants = new ConcurrentBag<long>();
        var (asked, stop) = (0, false);
        var threads = Enumerable
            .Range(0, 64)
            .Select(_ => new Thread(() =>
            {
                while (!Volatile.Read(ref stop))
                {
                    var lease = Lease(limit, One);
                    if (Take(lease) is null)
                    {
                        grants.Add(lease.TakenAt);
                        End(lease, One);
                    }
                    Interlocked.Increment(ref asked);
                }
            }))
            .ToList();
        threads.ForEach(static thread => thread.Start());
        for (var step = 0; step < 100; step++)
        {
            var seen = Volatile.Read(ref asked);
            while (Volatile.Read(ref asked) < seen + 64)
                await Task.Yield();
            _time.Advance(TimeSpan.FromSeconds(3.1));
        }
        Volatile.Write(ref stop, true);
        threads.ForEach(static thread => thread.Join());

        var times = grants.Order().ToList();
        for (var i = 0; i + 50 < times.Count; i++)
            (times[i + 50] - times[i]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(1).Ticks);
        // 310 s hold five whole minutes: nothing that was free was refused.
        times.Count.ShouldBeInRange(5 * 50, 6 * 50);
    }

    [Fact]
    public async Task Take_ConcurrentFrom64Threads_NeverRunsMoreAndEndsAtNone()
    {
        var limit = Limit("l", concurrent: 7);
        var (running, most, granted) = (0, 0, 0);
        await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(_ =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < 2_000; i++)
                        {
                            var lease = Lease(limit, One);
                            if (Take(lease) is not null)
                                continue;
                            Interlocked.Increment(ref granted);
                            var now = Interlocked.Increment(ref running);
                            InterlockedMax(ref most, now);
                            Thread.SpinWait(20);
                            Interlocked.Decrement(ref running);
                            End(lease, One);
                            End(lease, One);
                        }
                    })
                )
        );

        most.ShouldBeLessThanOrEqualTo(7);
        granted.ShouldBeGreaterThan(64);
        (await _store.StatesAsync(limit)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Take_OneOfSeveralHasNoRoom_TakesOfNone()
    {
        var (wide, narrow) = (Limit("wide", requests: 10), Limit("narrow", requests: 1));
        Take(Lease(narrow, One)).ShouldBeNull();

        var refused = Lease(wide, One);
        _store.Join(refused, narrow, "who");
        Take(refused)!.Limit.ShouldBe(narrow);

        (await _store.StatesAsync(wide)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Take_ManyLimitsInOppositeOrders_DoesNotLockUpAndCountsEachOnce()
    {
        var limits = Enumerable
            .Range(0, 6)
            .Select(i => Limit($"l{i}", requests: 1_000_000))
            .ToArray();
        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(thread =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < 1_000; i++)
                        {
                            var lease = new RateLease(One);
                            foreach (var limit in thread % 2 == 0 ? limits : limits.Reverse())
                                _store.Join(lease, limit, "who");
                            Take(lease).ShouldBeNull();
                            End(lease, One);
                        }
                    })
                )
                .ToArray()
        );

        foreach (var limit in limits)
            (await _store.StatesAsync(limit)).Single().Meters.Single().Used.ShouldBe(16_000);
    }

    [Fact]
    public async Task End_LessTokensThanThought_GivesTheRestBack()
    {
        var limit = Limit("l", tokens: 1_000);
        var lease = Lease(limit, new RateNeed(1, 300, 600));
        Take(lease).ShouldBeNull();
        Take(Lease(limit, new RateNeed(1, 200, 0)))!.Used.ShouldBe(900);

        End(lease, new RateNeed(1, 310, 40));

        (await _store.StatesAsync(limit)).Single().Meters.Single().Used.ShouldBe(350);
        Take(Lease(limit, new RateNeed(1, 200, 450))).ShouldBeNull();
    }

    [Fact]
    public async Task End_MoreTokensThanThought_CountsThemFromNow()
    {
        var limit = Limit("l", tokens: 1_000);
        var lease = Lease(limit, new RateNeed(1, 300, 100));
        Take(lease).ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(30));

        End(lease, new RateNeed(1, 300, 1_200));

        (await _store.StatesAsync(limit)).Single().Meters.Single().Used.ShouldBe(1_500);
        // The estimate ends with the minute it was taken in, the rest half a minute later.
        var refusal = Take(Lease(limit, new RateNeed(1, 10, 0)))!;
        refusal.FreesIn.ShouldBe(TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(30));
        (await _store.StatesAsync(limit)).Single().Meters.Single().Used.ShouldBe(1_100);
        _time.Advance(TimeSpan.FromSeconds(30));
        Take(Lease(limit, new RateNeed(1, 10, 0))).ShouldBeNull();
    }

    [Fact]
    public async Task End_NobodyWasAsked_GivesTheRequestBackToo()
    {
        var limit = Limit("l", requests: 1, tokens: 1_000, concurrent: 1);
        var lease = Lease(limit, new RateNeed(1, 300, 100));
        Take(lease).ShouldBeNull();

        End(lease, RateNeed.None);

        (await _store.StatesAsync(limit)).ShouldBeEmpty();
        Take(Lease(limit, One)).ShouldBeNull();
    }

    [Fact]
    public void Take_InputAndOutputApart_AreCountedApart()
    {
        var limit = new RateLimit(
            "l",
            Scope.Everything,
            [Minute(RateKind.InputTokens, 100), Minute(RateKind.OutputTokens, 50)],
            null
        );
        Take(Lease(limit, new RateNeed(1, 90, 10))).ShouldBeNull();

        var refusal = Take(Lease(limit, new RateNeed(1, 20, 10)))!;

        refusal.Meter!.Kind.ShouldBe(RateKind.InputTokens);
        (refusal.Used, refusal.Need).ShouldBe((90, 20));
        Take(Lease(limit, new RateNeed(1, 10, 40))).ShouldBeNull();
        Take(Lease(limit, new RateNeed(1, 0, 1)))!.Meter!.Kind.ShouldBe(RateKind.OutputTokens);
    }

    [Fact]
    public void Take_AnswerThatMayBeLongerThanTheLimit_IsLetThroughAnEmptyOne()
    {
        var limit = Limit("l", tokens: 1_000);

        Take(Lease(limit, new RateNeed(1, 400, 90_000))).ShouldBeNull();
        Take(Lease(limit, new RateNeed(1, 1, 0)))!.FreesIn.ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Take_PromptLargerThanTheLimit_IsHopeless()
    {
        var refusal = Take(Lease(Limit("l", tokens: 1_000), new RateNeed(1, 1_001, 0)))!;

        refusal.IsHopeless.ShouldBeTrue();
        refusal.FreesIn.ShouldBeNull();
    }

    [Fact]
    public void Take_TwoLimitsWithoutRoom_NamesTheOneThatIsLongerInFreeing()
    {
        var (slow, quick) = (
            new RateLimit("slow", Scope.Everything, [Hour(1)], null),
            Limit("quick", requests: 1)
        );
        foreach (var limit in new[] { slow, quick })
            Take(Lease(limit, One)).ShouldBeNull();
        var both = Lease(quick, One);
        _store.Join(both, slow, "who");

        var refusal = Take(both)!;

        refusal.Limit.ShouldBe(slow);
        refusal.FreesIn.ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public void Take_OtherTuple_HasACounterOfItsOwn()
    {
        var limit = Limit("l", requests: 1);

        Take(Lease(limit, One, "key=a")).ShouldBeNull();
        Take(Lease(limit, One, "key=a"))!.Tuple.ShouldBe("key=a");
        Take(Lease(limit, One, "key=b")).ShouldBeNull();
    }

    [Fact]
    public void Join_TheSameTwice_IsCountedOnce()
    {
        var limit = Limit("l", requests: 10);
        var lease = Lease(limit, One);

        _store.Join(lease, limit, "who");

        lease.Count.ShouldBe(1);
    }

    [Fact]
    public void Take_NumberOfALimitChanged_KeepsWhatIsCounted()
    {
        Take(Lease(Limit("l", requests: 2), One)).ShouldBeNull();
        var changed = Limit("l", requests: 1);

        _store.Keep([changed]);

        Take(Lease(changed, One))!.Used.ShouldBe(1);
    }

    [Fact]
    public void Keep_LimitThatIsGone_ForgetsItsCounters()
    {
        var limit = Limit("l", requests: 1);
        Take(Lease(limit, One)).ShouldBeNull();

        _store.Keep([]);

        Take(Lease(limit, One)).ShouldBeNull();
    }

    [Fact]
    public async Task Join_NamesWithoutEnd_ShareOneCounterPastTheBoundAndAreStillLimited()
    {
        var store = new InMemoryRateLimitStore(_time, mostCounters: 100);
        var limit = Limit("l", requests: 2);
        var granted = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var lease = new RateLease(One);
            store.Join(lease, limit, $"workspace=invented-{i}");
            if (await store.TakeAsync(lease) is null)
                granted++;
        }

        granted.ShouldBe(100 + 2);
        (await store.StatesAsync(limit)).Count.ShouldBe(101);
    }

    [Fact]
    public async Task Join_AfterTheOthersFellIdle_SweepsThemAway()
    {
        var store = new InMemoryRateLimitStore(_time, mostCounters: 100);
        var limit = Limit("l", requests: 2);
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                var lease = new RateLease(One);
                store.Join(lease, limit, $"workspace={round}-{i}");
                (await store.TakeAsync(lease)).ShouldBeNull();
                store.End(lease, One);
            }
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        (await store.StatesAsync(limit)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Take_CounterSweptSinceItWasJoined_CountsInItsSuccessor()
    {
        var store = new InMemoryRateLimitStore(_time, mostCounters: 10);
        var limit = Limit("l", requests: 1);
        var early = new RateLease(One);
        store.Join(early, limit, "who");
        _time.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 10; i++)
        {
            var lease = new RateLease(One);
            store.Join(lease, limit, $"other-{i}");
            (await store.TakeAsync(lease)).ShouldBeNull();
        }

        (await store.TakeAsync(early)).ShouldBeNull();

        var late = new RateLease(One);
        store.Join(late, limit, "who");
        (await store.TakeAsync(late)).ShouldNotBeNull();
    }

    [Fact]
    public void Lease_OfSeveralLimits_TellsTheScarcestOfEachKind()
    {
        var lease = new RateLease(new RateNeed(1, 10, 10)) { Standings = new RateStandings() };
        _store.Join(lease, Limit("wide", requests: 100), "who");
        _store.Join(lease, Limit("narrow", requests: 4, tokens: 1_000), "who");

        Take(lease).ShouldBeNull();

        lease.Standings.Requests!.Value.Meter.Most.ShouldBe(4);
        lease.Standings.Requests.Value.Left.ShouldBe(3);
        lease.Standings.Tokens!.Value.Left.ShouldBe(980);
        lease.Standings.InputTokens.ShouldBeNull();
    }

    private RateLease Lease(RateLimit limit, RateNeed need, string tuple = "who")
    {
        var lease = new RateLease(need);
        _store.Join(lease, limit, tuple);
        return lease;
    }

    private RateRefusal? Take(RateLease lease)
    {
        var taking = _store.TakeAsync(lease);
        taking.IsCompletedSuccessfully.ShouldBeTrue();
        return taking.Result;
    }

    private void End(RateLease lease, RateNeed spent) => _store.End(lease, spent);

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; )
        {
            var was = Interlocked.CompareExchange(ref most, value, seen);
            if (was == seen)
                return;
            seen = was;
        }
    }

    private static RateLimit Limit(
        string name,
        long? requests = null,
        long? tokens = null,
        int? concurrent = null
    ) =>
        new(
            name,
            Scope.Everything,
            [
                .. requests is { } some
                    ? [Minute(RateKind.Requests, some)]
                    : Array.Empty<RateMeter>(),
                .. tokens is { } many ? [Minute(RateKind.Tokens, many)] : Array.Empty<RateMeter>(),
            ],
            concurrent
        );

    private static RateMeter Minute(RateKind kind, long most) =>
        new(kind, TimeSpan.FromMinutes(1), most);

    private static RateMeter Hour(long most) => new(RateKind.Requests, TimeSpan.FromHours(1), most);
}
