using Dragoman.Forwarding;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

public sealed class AttemptClockTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private readonly ManualTime _time = new();

    [Fact]
    public void WatchIdle_SilenceAfterASlowClientTookItsBytes_IsAStall()
    {
        using var clock = NewClock();
        clock.WatchIdle(Idle);
        // The client takes its bytes so slowly that the timer fires meanwhile.
        clock.Pause();
        _time.Advance(TimeSpan.FromSeconds(45));
        clock.Expired.ShouldBeNull();

        clock.Touch(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(29));
        clock.Expired.ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(2));

        clock.Expired.ShouldBe(OutcomeKind.IdleTimeout);
        clock.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void WatchIdle_BytesNowAndThen_NeverStalls()
    {
        using var clock = NewClock();
        clock.WatchIdle(Idle);
        for (var i = 0; i < 15; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(29));
            clock.Touch(_time.GetTimestamp());
        }
        clock.Expired.ShouldBeNull();
    }

    private AttemptClock NewClock() =>
        new(
            _time,
            _time.GetTimestamp() + 600 * _time.TimestampFrequency,
            TimeSpan.FromSeconds(10),
            OutcomeKind.FirstContentTimeout,
            CancellationToken.None
        );
}
