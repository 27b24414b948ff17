using Dragoman.Limits.Rates;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Limits.Rates;

public sealed class SlidingWindowTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly SlidingWindow _window = new(Minute);

    [Fact]
    public void Used_AfterAWholeWindow_IsFreeAgainAndNotBefore()
    {
        _window.Take(5, At(10));

        _window.UsedAt(At(69.999)).ShouldBe(5);
        _window.UsedAt(At(70)).ShouldBe(0);
        _window.IsEmptyAt(At(70)).ShouldBeTrue();
    }

    [Fact]
    public void RoomIn_FullWindow_IsWhenTheOldestThatMustGoHasEnded()
    {
        _window.Take(10, At(0));
        _window.Take(30, At(20));
        _window.Take(60, At(40));

        _window.RoomIn(10, 100, At(50)).ShouldBe(TimeSpan.FromSeconds(10));
        _window.RoomIn(11, 100, At(50)).ShouldBe(TimeSpan.FromSeconds(30));
        _window.RoomIn(100, 100, At(50)).ShouldBe(TimeSpan.FromSeconds(50));
        _window.RoomIn(101, 100, At(50)).ShouldBeNull();
        _window.RoomIn(0, 100, At(50)).ShouldBe(TimeSpan.Zero);
        _window.EmptyIn(At(50)).ShouldBe(TimeSpan.FromSeconds(50));
    }

    [Fact]
    public void RoomIn_OfWhatItSaid_IsThereThenAndNotATickEarlier()
    {
        _window.Take(100, At(3.2));

        var wait = _window.RoomIn(1, 100, At(30))!.Value;

        _window.RoomIn(1, 100, At(30) + wait.Ticks - 1).ShouldBe(TimeSpan.FromTicks(1));
        _window.RoomIn(1, 100, At(30) + wait.Ticks).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void GiveBack_OfWhatStillCounts_FreesAtOnce()
    {
        _window.Take(100, At(0));
        _window.Take(50, At(30));

        _window.GiveBack(80, then: At(0), now: At(31));

        _window.UsedAt(At(31)).ShouldBe(70);
        _window.UsedAt(At(60)).ShouldBe(50);
    }

    [Fact]
    public void GiveBack_OfWhatHasEnded_ChangesNothing()
    {
        _window.Take(100, At(0));
        _window.Take(50, At(61));

        _window.GiveBack(80, then: At(0), now: At(62));

        _window.UsedAt(At(62)).ShouldBe(50);
    }

    [Fact]
    public void GiveBack_OfEverything_LeavesNothingToWaitFor()
    {
        _window.Take(100, At(5));

        _window.GiveBack(100, then: At(5), now: At(6));

        _window.IsEmptyAt(At(6)).ShouldBeTrue();
        _window.EmptyIn(At(6)).ShouldBe(TimeSpan.Zero);
    }

    /// <summary>Against the plain truth: every grant with its time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Used_OfRandomGrants_IsNeverLessThanTheTruthAndNoMoreThanASixtiethLonger(int seed)
    {
        var random = new Random(seed);
        var grants = new List<(long At, long Amount)>();
        var now = 0L;
        for (var i = 0; i < 5_000; i++)
        {
            now += random.NextInt64(0, TimeSpan.TicksPerSecond / 2);
            var truth = Sum(grants, now - Minute.Ticks);
            var atMost = Sum(grants, now - Minute.Ticks - Minute.Ticks / 60);
            _window.UsedAt(now).ShouldBeInRange(truth, atMost);

            if (_window.RoomIn(7, 200, now) == TimeSpan.Zero)
            {
                _window.Take(7, now);
                grants.Add((now, 7));
            }
        }
        grants.Count.ShouldBeGreaterThan(400);
        foreach (var (at, _) in grants)
            Sum(grants.Where(grant => grant.At <= at), at - Minute.Ticks)
                .ShouldBeLessThanOrEqualTo(200);
    }

    private static long Sum(IEnumerable<(long At, long Amount)> grants, long after) =>
        grants.Where(grant => grant.At > after).Sum(static grant => grant.Amount);

    private static long At(double seconds) => TimeSpan.FromSeconds(seconds).Ticks;
}
