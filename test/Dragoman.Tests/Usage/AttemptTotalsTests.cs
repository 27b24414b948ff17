using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Usage;

public sealed class AttemptTotalsTests
{
    [Fact]
    public void Usage_KnownAndAbsent_IsKnownAndAbsentAloneStaysAbsent()
    {
        var total = AttemptTotals.Usage([
            Attempt(new TokenUsage { Input = 3, CacheRead = 1 }),
            Attempt(null),
            Attempt(
                new TokenUsage
                {
                    Input = 4,
                    Output = 0,
                    Estimated = true,
                }
            ),
        ]);

        total.ShouldBe(
            new TokenUsage
            {
                Input = 7,
                CacheRead = 1,
                Output = 0,
                Estimated = true,
            }
        );
    }

    [Fact]
    public void Usage_EachBucket_IsAddedToItsOwn()
    {
        var total = AttemptTotals.Usage([Attempt(Distinct(1)), Attempt(Distinct(1000))]);

        total.ShouldBe(Sum(Distinct(1), Distinct(1000)));
    }

    [Fact]
    public void Usage_OneAttempt_IsNotCopied()
    {
        var usage = new TokenUsage { Input = 3 };

        AttemptTotals.Usage([Attempt(null), Attempt(usage)]).ShouldBeSameAs(usage);
    }

    [Fact]
    public void Usage_NoneKnown_IsAbsent() =>
        AttemptTotals.Usage([Attempt(null), Attempt(null)]).ShouldBeNull();

    [Fact]
    public void Cost_KnownOnes_AddUpToTheNano()
    {
        var cost = AttemptTotals.Cost([
            Attempt(Tokens, 123_456_789_012_345_678, CostBasis.Reported),
            Attempt(null),
            Attempt(Tokens, 1, CostBasis.Computed),
        ]);

        cost!.Value.ToNanoUsd().ShouldBe(123_456_789_012_345_679);
        cost.Value.Basis.ShouldBe(CostBasis.Computed);
    }

    [Fact]
    public void Cost_TokensAtAnUnknownPrice_MakeItUnknown() =>
        AttemptTotals
            .Cost([Attempt(Tokens, 5, CostBasis.Computed), Attempt(Tokens)])
            .ShouldBeNull();

    [Fact]
    public void Cost_NoAttempts_IsUnknown() => AttemptTotals.Cost([]).ShouldBeNull();

    private static TokenUsage Tokens => new() { Input = 1 };

    private static AttemptRecord Attempt(
        TokenUsage? usage,
        long? cost = null,
        CostBasis basis = CostBasis.Unpriced
    ) =>
        new()
        {
            Deployment = "a/b",
            Outcome = "success",
            Usage = usage,
            CostNanoUsd = cost,
            CostBasis = basis,
        };

    private static TokenUsage Distinct(long scale) =>
        new()
        {
            Input = scale,
            CacheRead = 2 * scale,
            CacheWrite = 3 * scale,
            CacheWrite1h = 4 * scale,
            Output = 5 * scale,
            Reasoning = 6 * scale,
            AudioInput = 7 * scale,
            AudioOutput = 8 * scale,
            ImageInput = 9 * scale,
            ImageOutput = 10 * scale,
            ReportedTotal = 11 * scale,
            ReportedCostUsd = 0.12m * scale,
        };

    private static TokenUsage Sum(TokenUsage one, TokenUsage other) =>
        Distinct(one.Input!.Value + other.Input!.Value);
}
