using Dragoman.Catalog;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog;

public sealed class CircuitBreakerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly CircuitBreaker _breaker = new();

    [Fact]
    public void TryEnter_New_IsClosed()
    {
        _breaker.TryEnter(Now, out _).ShouldBeTrue();
        _breaker.Phase.ShouldBe(BreakerPhase.Closed);
    }

    [Fact]
    public void Failed_UpToTheThreshold_Opens()
    {
        Fail(0);
        Fail(1);
        _breaker.Phase.ShouldBe(BreakerPhase.Closed);
        Fail(2);

        _breaker.Phase.ShouldBe(BreakerPhase.Open);
        _breaker.ProbeAt.ShouldBe(Now.AddSeconds(12));
        _breaker.TryEnter(Now.AddSeconds(11.9), out _).ShouldBeFalse();
    }

    [Fact]
    public void Failed_SpreadWiderThanTheWindow_StaysClosed()
    {
        for (var i = 0; i < 10; i++)
            Fail(i * 16);

        _breaker.Phase.ShouldBe(BreakerPhase.Closed);
    }

    [Fact]
    public void Succeeded_BetweenFailures_BeginsTheRunAnew()
    {
        for (var i = 0; i < 5; i++)
        {
            Fail(i);
            Fail(i);
            _breaker.Succeeded();
        }

        _breaker.Phase.ShouldBe(BreakerPhase.Closed);
    }

    [Fact]
    public void TryEnter_WhenTheRestIsOver_LetsOneThrough()
    {
        Open();

        _breaker.TryEnter(Now.AddSeconds(10), out _).ShouldBeTrue();
        _breaker.Phase.ShouldBe(BreakerPhase.HalfOpen);
        _breaker.TryEnter(Now.AddSeconds(10), out _).ShouldBeFalse();
        _breaker.TryEnter(Now.AddSeconds(1000), out _).ShouldBeFalse();
    }

    [Fact]
    public void TryEnter_FromManyThreadsWhenTheRestIsOver_LetsOneThrough()
    {
        for (var round = 0; round < 50; round++)
        {
            var breaker = new CircuitBreaker();
            for (var i = 0; i < 3; i++)
                breaker.Failed(Now, 3, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));
            var entered = 0;
            Parallel.For(
                0,
                64,
                _ =>
                {
                    if (breaker.TryEnter(Now.AddSeconds(11), out bool _))
                        Interlocked.Increment(ref entered);
                }
            );
            entered.ShouldBe(1);
        }
    }

    [Fact]
    public void Succeeded_AsAProbe_Closes()
    {
        Open();
        _breaker.TryEnter(Now.AddSeconds(10), out _);
        _breaker.Succeeded();

        _breaker.Phase.ShouldBe(BreakerPhase.Closed);
        Fail(11);
        Fail(11);
        _breaker.Phase.ShouldBe(BreakerPhase.Closed);
    }

    [Fact]
    public void Failed_AsAProbe_OpensAgainForAsLong()
    {
        Open();
        _breaker.TryEnter(Now.AddSeconds(10), out _);
        Fail(13);

        _breaker.Phase.ShouldBe(BreakerPhase.Open);
        _breaker.ProbeAt.ShouldBe(Now.AddSeconds(23));
    }

    [Fact]
    public void Failed_ByCallsThatBeganBeforeItOpened_DoesNotPushTheProbeAway()
    {
        Open();
        for (var i = 0; i < 20; i++)
            Fail(i);

        _breaker.ProbeAt.ShouldBe(Now.AddSeconds(10));
    }

    [Fact]
    public void Abandoned_AsAProbe_LetsTheNextOneThroughAtOnce()
    {
        Open();
        _breaker.TryEnter(Now.AddSeconds(10), out _);
        _breaker.Abandoned();

        _breaker.TryEnter(Now.AddSeconds(10), out _).ShouldBeTrue();
    }

    [Fact]
    public void Abandoned_WhileOpenOrClosed_ChangesNothing()
    {
        _breaker.Abandoned();
        _breaker.Phase.ShouldBe(BreakerPhase.Closed);
        Open();
        _breaker.Abandoned();
        _breaker.Phase.ShouldBe(BreakerPhase.Open);
        _breaker.TryEnter(Now.AddSeconds(9), out _).ShouldBeFalse();
    }

    private void Open()
    {
        for (var i = 0; i < 3; i++)
            Fail(0);
    }

    private void Fail(double after) =>
        _breaker.Failed(
            Now.AddSeconds(after),
            3,
            TimeSpan.FromSeconds(30),
            TimeSpan.FromSeconds(10)
        );
}
