using Dragoman.Catalog;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog;

public sealed class StartingLatenciesTests
{
    [Fact]
    public void Find_SeenAtThisProvider_IsThatOne()
    {
        var there = StartingLatencies.Default.Find("anthropic", "claude-3-5-haiku")!;
        var elsewhere = StartingLatencies.Default.Find("vertex", "claude-3-5-haiku")!;

        there.TimeToFirstToken.ShouldBe(TimeSpan.FromMilliseconds(300));
        there.TokensPerSecond.ShouldBe(100);
        there.IsOfThisProvider.ShouldBeTrue();
        elsewhere.TokensPerSecond.ShouldBe(42);
    }

    [Fact]
    public void Find_SeenElsewhereOnly_IsTheMedianAndSaysSo()
    {
        var latency = StartingLatencies.Default.Find("openrouter", "claude-3-5-haiku")!;

        latency.TimeToFirstToken.ShouldBe(TimeSpan.FromMilliseconds(400));
        latency.IsOfThisProvider.ShouldBeFalse();
    }

    [Fact]
    public void Find_NeverSeen_IsUnknown()
    {
        StartingLatencies.Default.Find("anthropic", "nobody-knows").ShouldBeNull();
        ModelCatalog.Default.Find("anthropic", "claude-opus-5-5")!.Latency.ShouldBeNull();
    }

    [Theory]
    [InlineData(500.0, 100.0, 3.5)]
    [InlineData(500.0, null, null)]
    [InlineData(null, 100.0, null)]
    public void For_Answer_NeedsBothFacts(double? firstMs, double? speed, double? seconds)
    {
        var latency = new StartingLatency
        {
            TimeToFirstToken = firstMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            TokensPerSecond = speed,
        };

        latency.For(300)?.TotalSeconds.ShouldBe(seconds!.Value, 0.001);
        (latency.For(300) is null).ShouldBe(seconds is null);
    }
}
