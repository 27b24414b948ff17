using Dragoman.Canonical;
using Dragoman.Catalog;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog;

/// <summary>How a deployment does of late.</summary>
public sealed class DeploymentFiguresTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);

    private static readonly StartingLatency Prior = new()
    {
        TimeToFirstToken = TimeSpan.FromSeconds(1),
        TokensPerSecond = 100,
    };

    private readonly DeploymentFigures _figures = new();

    [Fact]
    public void Latency_NothingSeen_IsThePriorItself()
    {
        _figures.Latency(Prior, Start).ShouldBeSameAs(Prior);
        _figures.Latency(null, Start).ShouldBeNull();
        _figures.ErrorShare(Start).ShouldBeNull();
        _figures.Headroom(Start).ShouldBeNull();
    }

    [Fact]
    public void Latency_AnswersSeen_MovesFromThePriorTowardsThem()
    {
        for (var i = 0; i < 3; i++)
            Streamed(first: 3, flow: 4, tokens: 100, Start);

        var latency = _figures.Latency(Prior, Start).ShouldNotBeNull();

        // Three observations against a prior that counts as three.
        latency.TimeToFirstToken!.Value.TotalSeconds.ShouldBe(2, 0.001);
        latency.TokensPerSecond!.Value.ShouldBe(1 / 0.025, 0.001);
    }

    [Fact]
    public void Latency_AnOldBadSpell_IsForgotten()
    {
        for (var i = 0; i < 10; i++)
            Streamed(first: 30, flow: 4, tokens: 100, Start);

        var at = Start.AddHours(2);
        _figures.Latency(Prior, at).ShouldBeSameAs(Prior);
        _figures
            .Latency(Prior, Start.AddMinutes(30))!
            .TimeToFirstToken!.Value.TotalSeconds.ShouldBeInRange(1, 3);
    }

    [Fact]
    public void Latency_AnUnstreamedAnswer_IsPartedAsTheOthersWere()
    {
        // Expected were 1 s and 100 tokens at 100 a second; it took twice that.
        _figures.Answered(null, TimeSpan.FromSeconds(4), 100, Prior, Start);

        var latency = _figures.Latency(null, Start).ShouldNotBeNull();

        latency.TimeToFirstToken!.Value.TotalSeconds.ShouldBe(2, 0.001);
        latency.TokensPerSecond!.Value.ShouldBe(50, 0.001);
    }

    [Fact]
    public void Latency_UnstreamedAndNeverTimed_StillTellsTheWholeTime()
    {
        _figures.Answered(null, TimeSpan.FromSeconds(5), 100, null, Start);

        _figures.Latency(null, Start)!.For(100)!.Value.TotalSeconds.ShouldBe(5, 0.001);
    }

    [Fact]
    public void ErrorShare_OneFailure_IsNotYetAHabit()
    {
        _figures.Failed(TimeSpan.FromSeconds(1), Start);
        _figures.ErrorShare(Start)!.Value.ShouldBe(1 / 3.0, 0.001);

        for (var i = 0; i < 9; i++)
            _figures.Failed(TimeSpan.FromSeconds(1), Start);
        _figures.ErrorShare(Start)!.Value.ShouldBe(10 / 12.0, 0.001);
        _figures.ErrorShare(Start.AddHours(2)).ShouldBeNull();
    }

    [Fact]
    public void PeakWait_AFailureOrASlowAnswer_RisesAtOnceAndSinksSlowly()
    {
        Streamed(first: 0.5, flow: 1, tokens: 50, Start);
        _figures.Failed(TimeSpan.FromMilliseconds(3), Start);

        var risen = Peak(Start);
        Streamed(first: 0.5, flow: 1, tokens: 50, Start.AddSeconds(10));
        var sinking = Peak(Start.AddSeconds(10));

        risen.ShouldBe(10, 0.001);
        sinking.ShouldBeInRange(3, 5);
        Peak(Start.AddSeconds(100)).ShouldBeLessThan(1);
    }

    [Fact]
    public void Headroom_FillsUntilTheReset()
    {
        _figures.Told(0, new RateAllowance(0.2, TimeSpan.FromSeconds(10)), Start);

        _figures.Headroom(Start)!.Value.ShouldBe(0.2, 0.001);
        _figures.Headroom(Start.AddSeconds(5))!.Value.ShouldBe(0.6, 0.001);
        _figures.Headroom(Start.AddSeconds(10)).ShouldBeNull();
    }

    [Fact]
    public void Headroom_SeveralKeys_IsTheirMean()
    {
        _figures.Told(0, new RateAllowance(0, null), Start);
        _figures.Told(3, new RateAllowance(1, null), Start);

        _figures.Headroom(Start)!.Value.ShouldBe(0.5, 0.001);
    }

    [Fact]
    public void NoRoom_WhatIsLeftLessWhatWasSentSince_DecidesAndFillsSteadily()
    {
        NoRoom(50, 50).ShouldBeNull();
        var mark = _figures.Take(0, 100);
        _figures.Told(0, Left(requests: 2, tokens: 1_000), Start, mark);

        NoRoom(500, 500).ShouldBeNull();
        NoRoom(500, 501)
            .ShouldBe("its provider has 1000 of 10000 tokens left, this request takes about 1001");
        _figures.Take(0, 100);
        NoRoom(500, 401)!.ShouldContain("900 of 10000 tokens");
        _figures.Take(0, 100);
        NoRoom(1, 1)
            .ShouldBe("its provider has 0 of 100 requests left, this request takes about 1");

        NoRoom(1, 1, Start.AddSeconds(6)).ShouldBeNull();
        NoRoom(9_000, 5_000, Start.AddSeconds(60)).ShouldBeNull();
    }

    [Fact]
    public void Told_TheAnswerToAnEarlierAttemptComesLater_DoesNotTakeTheLaterBack()
    {
        var (first, second) = (_figures.Take(0, 10), _figures.Take(0, 10));
        _figures.Told(0, Left(requests: 0), Start, second);

        _figures.Told(0, Left(requests: 1), Start, first);

        NoRoom(1, 1).ShouldNotBeNull();
    }

    [Fact]
    public void NoRoom_OneOfSeveralKeysHasRoom_TakesThatOne()
    {
        var keys = new KeyPool([new SecretText("sk-first"), new SecretText("sk-other")]);
        _figures.Told(0, Left(requests: 0), Start);

        _figures.NoRoom(keys, "m", 1, 1, Start).ShouldBeNull();
        _figures.WithRoom(keys.All[0], keys, "m", 1, 1, Start).ShouldBe(keys.All[1]);
        _figures.WithRoom(keys.All[1], keys, "m", 1, 1, Start).ShouldBe(keys.All[1]);

        keys.All[1].MarkRefused(Start);
        _figures.NoRoom(keys, "m", 1, 1, Start).ShouldNotBeNull();
        _figures.WithRoom(keys.All[0], keys, "m", 1, 1, Start).ShouldBe(keys.All[0]);
    }

    private string? NoRoom(long input, long output, DateTimeOffset? now = null) =>
        _figures.NoRoom(KeyPool.None(), "m", input, output, now ?? Start);

    private static RateAllowance Left(long requests, long tokens = 10_000) =>
        new(0.1, TimeSpan.FromSeconds(60))
        {
            Requests = new RateAmount(100, requests, TimeSpan.FromSeconds(60)),
            Tokens = new RateAmount(10_000, tokens, TimeSpan.FromSeconds(60)),
        };

    [Fact]
    public void InFlight_CountsWhatBeganAndDidNotEnd()
    {
        _figures.Begin();
        _figures.Begin();
        _figures.End();

        _figures.InFlight.ShouldBe(1);
    }

    [Fact]
    public void Feeding_AllocatesNothing()
    {
        Streamed(1, 1, 50, Start);
        _figures.Told(0, new RateAllowance(0.5, null), Start);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _figures.Begin();
            Streamed(1, 1, 50, Start);
            _figures.Failed(TimeSpan.FromSeconds(1), Start);
            _figures.Told(0, new RateAllowance(0.5, null), Start);
            _figures.End();
            _ = _figures.PeakWait(Prior, Start);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private double Peak(DateTimeOffset now) => _figures.PeakWait(null, now)!.Value.TotalSeconds;

    private void Streamed(double first, double flow, long tokens, DateTimeOffset now) =>
        _figures.Answered(
            TimeSpan.FromSeconds(first),
            TimeSpan.FromSeconds(first + flow),
            tokens,
            Prior,
            now
        );
}
