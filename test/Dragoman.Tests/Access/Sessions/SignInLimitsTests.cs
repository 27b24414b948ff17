using Dragoman.Access.Sessions;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access.Sessions;

public sealed class SignInLimitsTests
{
    private readonly ManualTime _time = new();
    private readonly SignInLimits _limits;

    public SignInLimitsTests() => _limits = new SignInLimits(_time);

    [Fact]
    public void Try_ANameTooOften_LocksItFromEverywhereForAWhile()
    {
        for (var i = 0; i < SignInLimits.TriesOfName; i++)
            _limits.Try("anna", $"10.0.0.{i}").ShouldBeNull();

        _limits.Try("anna", "10.0.1.1").ShouldBe(SignInLimits.Window);
        _limits.Try("bert", "10.0.1.1").ShouldBeNull();
        _time.Advance(SignInLimits.Window - TimeSpan.FromSeconds(1));
        _limits.Try("anna", "10.0.1.1").ShouldBe(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        _limits.Try("anna", "10.0.1.1").ShouldBeNull();
    }

    [Fact]
    public void Try_ManyNamesFromOneAddress_LocksTheAddress()
    {
        for (var i = 0; i < SignInLimits.TriesOfAddress; i++)
            _limits.Try($"name{i}", "10.0.0.1").ShouldBeNull();

        _limits.Try("another", "10.0.0.1").ShouldNotBeNull();
        _limits.Try(null, "10.0.0.1").ShouldNotBeNull();
        _limits.Try("another", "10.0.0.2").ShouldBeNull();
    }

    [Fact]
    public void Try_WhileLocked_DoesNotProlongIt()
    {
        for (var i = 0; i < SignInLimits.TriesOfName; i++)
            _limits.Try("anna", "a");
        for (var i = 0; i < 15; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            _limits.Try("anna", "b");
        }

        _limits.Try("anna", "c").ShouldBeNull();
    }

    [Fact]
    public void Succeeded_AfterWrongTries_ForgetsTheName()
    {
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < SignInLimits.TriesOfName - 2; i++)
                _limits.Try("anna", $"10.0.{round}.{i}").ShouldBeNull();
            _limits.Try("anna", $"10.0.{round}.99").ShouldBeNull();
            _limits.Succeeded("anna", $"10.0.{round}.99");
        }
    }

    [Fact]
    public void Succeeded_FromABusyAddress_IsNotCountedAgainstIt()
    {
        for (var i = 0; i < SignInLimits.TriesOfAddress * 3; i++)
        {
            _limits.Try($"name{i}", "10.0.0.1").ShouldBeNull();
            _limits.Succeeded($"name{i}", "10.0.0.1");
        }
    }

    [Fact]
    public void Try_FromVeryManyAddresses_KeepsLocksAndBoundsMemory()
    {
        for (var i = 0; i < SignInLimits.TriesOfName; i++)
            _limits.Try("anna", "x");

        for (var i = 0; i < 100_000; i++)
            _limits.Try(null, $"address {i}");

        _limits.Try("anna", "y").ShouldNotBeNull();
        _limits.Kept.ShouldBeLessThanOrEqualTo(20_001);
    }
}
