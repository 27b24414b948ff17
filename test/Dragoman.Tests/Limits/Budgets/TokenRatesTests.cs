using Dragoman.Catalog;
using Dragoman.Limits.Budgets;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Limits.Budgets;

public sealed class TokenRatesTests
{
    [Fact]
    public void Of_ASheet_IsALineOfWholeNanoDollars()
    {
        var sheet = new PriceSheet { Input = 0.15m, Output = 0.6m };

        var rates = TokenRates.Of(sheet, promptTokens: 1_000, answers: true)!.Value;

        rates.ShouldBe(new TokenRates(BaseNanoUsd: 150_000, PicoUsdPerToken: 600_000));
        rates.At(0).ShouldBe(150_000);
        rates.At(1_000).ShouldBe(750_000);
    }

    [Fact]
    public void Of_AThinkingPrice_TakesTheDearer() =>
        TokenRates
            .Of(
                new PriceSheet
                {
                    Input = 1,
                    Output = 2,
                    Reasoning = 8,
                },
                0,
                answers: true
            )!
            .Value.PicoUsdPerToken.ShouldBe(8_000_000);

    [Fact]
    public void Of_ASheetWithoutAnOutputPrice_IsUnknownForAnswersAndKnownForEmbeddings()
    {
        var sheet = new PriceSheet { Input = 1 };

        TokenRates.Of(sheet, 10, answers: true).ShouldBeNull();
        TokenRates.Of(sheet, 10, answers: false).ShouldNotBeNull();
    }

    [Fact]
    public void Affordable_OfAnyAmount_IsTheMostThatDoesNotCostMore()
    {
        var chance = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var rates = new TokenRates(
                chance.NextInt64(0, 1_000_000),
                chance.NextInt64(1, 90_000_000)
            );
            var nano = chance.NextInt64(0, 1_000_000_000_000);

            var tokens = rates.Affordable(nano);

            if (tokens < 0)
            {
                nano.ShouldBeLessThan(rates.BaseNanoUsd);
                continue;
            }
            rates.At(tokens).ShouldBeLessThanOrEqualTo(nano);
            rates.At(tokens + 1).ShouldBeGreaterThan(nano);
        }
    }

    [Fact]
    public void Affordable_OfTheLargestAmounts_DoesNotOverflow()
    {
        new TokenRates(1, 1).Affordable(long.MaxValue).ShouldBe(long.MaxValue);
        new TokenRates(long.MaxValue, long.MaxValue).At(long.MaxValue).ShouldBe(long.MaxValue);
    }

    [Fact]
    public void Affordable_WhereNothingCosts_IsWithoutEndEvenBelowNothing() =>
        default(TokenRates).Affordable(-5).ShouldBe(long.MaxValue);
}
