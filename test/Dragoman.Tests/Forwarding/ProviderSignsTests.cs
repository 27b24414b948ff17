using Dragoman.Catalog;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>What live traffic tells about a provider.</summary>
public sealed class ProviderSignsTests
{
    private const string Body = """{"model":"x","messages":[{"role":"user","content":"Hello"}]}""";

    [Fact]
    public async Task Attempt_ThatSucceeds_MakesItsProviderAvailable()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var provider = bench.Provider();
        View(provider).IsAvailable.ShouldBeNull();

        await bench.AskAsync(Body, bench.Deployment("swift", provider));

        View(provider).IsAvailable.ShouldBe(true);
        View(provider).LastUsedAt.ShouldNotBeNull();
        View(provider).LastCheckedAt.ShouldBeNull();
        View(provider).Share.ShouldBe(1);
    }

    [Theory]
    [InlineData("fault-400")]
    [InlineData("fault-context")]
    [InlineData("fault-filter")]
    public async Task Attempt_ThatTheClientSpoilt_IsNotTheProvidersFailure(string model)
    {
        await using var bench = await ForwardingBench.StartAsync();
        var provider = bench.Provider();

        for (var i = 0; i < 5; i++)
            await bench.AskAsync(Body, bench.Deployment(model, provider));

        View(provider).IsAvailable.ShouldBe(true);
        View(provider).LastTrouble.ShouldBeNull();
        View(provider).Share.ShouldBeNull();
    }

    [Theory]
    [InlineData("fault-403", TroubleKind.Permission)]
    [InlineData("fault-404", TroubleKind.NotFound)]
    public async Task Attempt_RefusedForOneModel_SaysNothingOfTheProvider(
        string model,
        TroubleKind kind
    )
    {
        await using var bench = await ForwardingBench.StartAsync();
        var provider = bench.Provider(keys: ["a-key-of-ours"]);

        await bench.AskAsync(Body, bench.Deployment(model, provider));

        View(provider).IsAvailable.ShouldBeNull();
        View(provider).LastTrouble!.Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task Attempts_ThatFailInARow_TakeItDownAndOneAnswerBringsItBack()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var provider = bench.Provider();
        await bench.AskAsync(Body, bench.Deployment("swift", provider));
        // Two attempts each.
        await bench.AskAsync(Body, bench.Deployment("fault-500", provider));
        View(provider).IsAvailable.ShouldBe(true);

        await bench.AskAsync(Body, bench.Deployment("fault-500", provider));

        View(provider).IsAvailable.ShouldBe(false);
        View(provider).LastTrouble!.Kind.ShouldBe(TroubleKind.Upstream);
        View(provider).LastTrouble!.Status.ShouldBe(500);
        var failing = View(provider).Share!.Value;
        failing.ShouldBeLessThan(0.5);

        await bench.AskAsync(Body, bench.Deployment("swift", provider));

        View(provider).IsAvailable.ShouldBe(true);
        View(provider).Share!.Value.ShouldBeGreaterThan(failing);
    }

    [Fact]
    public async Task Attempts_ThatAreLimited_LowerTheShareAndNoMore()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var provider = bench.Provider();
        await bench.AskAsync(Body, bench.Deployment("swift", provider));

        for (var i = 0; i < 5; i++)
            await bench.AskAsync(Body, bench.Deployment("fault-429-silent", provider));

        View(provider).IsAvailable.ShouldBe(true);
        View(provider).LastTrouble!.Kind.ShouldBe(TroubleKind.RateLimited);
        View(provider).Share!.Value.ShouldBeLessThan(0.6);
    }

    [Fact]
    public async Task Attempt_ThatReachesNobody_TakesItDownAtOnce()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var provider = bench.Provider(baseUrl: "http://127.0.0.1:1/v1");

        await bench.AskAsync(Body, bench.Deployment("swift", provider));

        View(provider).IsAvailable.ShouldBe(false);
        View(provider).LastTrouble!.Kind.ShouldBe(TroubleKind.Unreachable);
    }

    [Fact]
    public async Task Attempt_WithAKeyThatIsRefused_TakesItDownWithTheLastKey()
    {
        await using var bench = await ForwardingBench.StartAsync(
            options: new() { ApiKeys = ["good-key-123456"] }
        );
        var provider = bench.Provider(keys: ["wrong-key-123456", "good-key-123456"]);
        var lost = bench.Provider("lost", keys: ["wrong-key-123456"]);

        await bench.AskAsync(Body, bench.Deployment("swift", provider));
        await bench.AskAsync(Body, bench.Deployment("swift", provider));
        await bench.AskAsync(Body, bench.Deployment("swift", lost));

        View(provider).IsAvailable.ShouldBe(true);
        View(provider).LastTrouble!.Kind.ShouldBe(TroubleKind.Authentication);
        View(lost).IsAvailable.ShouldBe(false);
        View(lost).LastTrouble!.Message.ShouldNotContain("wrong-key");
    }

    [Fact]
    public async Task Attempt_ThatTheClientLeft_SaysNothing()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var provider = bench.Provider();

        var running = bench.Begin(
            Body,
            ForwardingBench.Chain(null, bench.Deployment("fault-silent", provider))
        );
        await bench.Upstream.Requests.UntilAsync(
            static requests => requests.Open == 1,
            TimeSpan.FromSeconds(30)
        );
        await running.LeaveAsync();
        await running.EndAsync();

        View(provider).ShouldBe(new ProviderHealth().View(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Share_OfOldThings_FadesAway()
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        var health = new ProviderHealth();
        var trouble = new ProviderTrouble(TroubleKind.Upstream, "failed", 500, now);
        for (var i = 0; i < 2; i++)
            health.Failed(trouble, weight: 1, isDown: null);
        health.View(now).Share!.Value.ShouldBe(1 / 3d, 1e-9);
        // Half of two.
        health.View(now.AddMinutes(5)).Share!.Value.ShouldBe(1 / 2d, 1e-9);
        health.View(now.AddHours(2)).Share.ShouldBeNull();
    }

    private static ProviderHealthView View(Provider provider) =>
        provider.State.Health.View(DateTimeOffset.UtcNow);
}
