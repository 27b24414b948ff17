using Dragoman.Canonical;
using Dragoman.Catalog;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog;

public class CostSumTests
{
    private static readonly TokenUsage Used = new() { Input = 10, Output = 1 };

    [Fact]
    public void Total_OfSeveralAttempts_IsRoundedOnce()
    {
        var sum = new CostSum();
        for (var i = 0; i < 3; i++)
            sum.Add(Used, new Cost(0.0000000004m, CostBasis.Computed));
        sum.Total!.Value.ToNanoUsd().ShouldBe(1);
    }

    [Fact]
    public void Total_WithAnUnknownPart_IsUnknown()
    {
        var sum = new CostSum();
        sum.Add(Used, new Cost(1m, CostBasis.Reported));
        sum.Add(Used, null);
        sum.Add(Used, new Cost(1m, CostBasis.Reported));
        sum.Total.ShouldBeNull();
        sum.IsUnknown.ShouldBeTrue();
    }

    [Fact]
    public void Total_WithAnAttemptThatUsedNothing_IsTheRest()
    {
        var sum = new CostSum();
        sum.Add(null, null);
        sum.Add(new TokenUsage { Input = 0 }, null);
        sum.Add(Used, new Cost(1m, CostBasis.Reported));
        sum.Total.ShouldBe(new Cost(1m, CostBasis.Reported));
    }

    [Fact]
    public void Total_OfMixedBases_IsTheLeastCertain()
    {
        var sum = new CostSum();
        sum.Add(Used, new Cost(1m, CostBasis.Estimated));
        sum.Add(Used, new Cost(1m, CostBasis.Reported));
        sum.Total.ShouldBe(new Cost(2m, CostBasis.Estimated));
    }

    [Fact]
    public void Total_OfNothing_IsUnknown() => new CostSum().Total.ShouldBeNull();
}
