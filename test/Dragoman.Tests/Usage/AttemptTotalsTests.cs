using Dragoman.Canonical;
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

    private static AttemptRecord Attempt(TokenUsage? usage) =>
        new()
        {
            Deployment = "a/b",
            Outcome = "success",
            Usage = usage,
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
