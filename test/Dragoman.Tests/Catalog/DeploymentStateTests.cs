using Dragoman.Catalog;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog;

public class DeploymentStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Cool_ShorterAfterLonger_KeepsTheLonger()
    {
        var state = new DeploymentState("p/m");
        state.Cool(Now.AddSeconds(30));
        state.Cool(Now.AddSeconds(5));
        state.IsCooling(Now.AddSeconds(29)).ShouldBeTrue();
        state.IsCooling(Now.AddSeconds(30)).ShouldBeFalse();
        state.CoolsUntil.ShouldBe(Now.AddSeconds(30));
    }

    [Fact]
    public async Task Cool_FromManyThreads_EndsAtTheLatest()
    {
        var state = new DeploymentState("p/m");
        await Task.WhenAll(
            Enumerable.Range(1, 200).Select(s => Task.Run(() => state.Cool(Now.AddSeconds(s))))
        );
        state.CoolsUntil.ShouldBe(Now.AddSeconds(200));
    }

    [Fact]
    public void Succeeded_AfterMarks_LiftsThemAll()
    {
        var state = new DeploymentState("p/m");
        state.Cool(Now.AddHours(1));
        state.MarkMissing(Now.AddHours(1));
        state.CountSilentRateLimit().ShouldBe(1);
        state.CountSilentRateLimit().ShouldBe(2);
        state.Succeeded(whileCooling: true);
        state.IsCooling(Now).ShouldBeFalse();
        state.IsMissing(Now).ShouldBeFalse();
        state.CountSilentRateLimit().ShouldBe(1);
    }

    [Fact]
    public void Succeeded_WithAnAnswerAskedForBeforeTheCooling_LeavesItCooling()
    {
        var state = new DeploymentState("p/m");
        state.Cool(Now.AddHours(1));
        state.Succeeded(whileCooling: false);
        state.IsCooling(Now).ShouldBeTrue();
    }

    [Fact]
    public void Of_SameProviderAndModel_IsTheSameState()
    {
        var states = new DeploymentStates();
        states.Of("p", "m").ShouldBeSameAs(states.Of("p", "m"));
        states.Of("p", "n").ShouldNotBeSameAs(states.Of("p", "m"));
        states.Of("p", "m").Key.ShouldBe("p/m");
    }

    [Fact]
    public void Of_NamesThatClientsInvent_StaysBoundedAndKeepsTheKnown()
    {
        var states = new DeploymentStates(capacity: 100);
        var known = states.Of("p", "m");
        for (var i = 0; i < 5000; i++)
            states.Of("p", $"invented-{i}").IsCooling(Now).ShouldBeFalse();
        states.All.Count().ShouldBe(100);
        states.Of("p", "m").ShouldBeSameAs(known);
        states.Of("p", "beyond").ShouldNotBeSameAs(states.Of("p", "beyond"));
    }
}
