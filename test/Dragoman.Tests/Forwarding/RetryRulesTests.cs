using Dragoman.Forwarding;
using Dragoman.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

public sealed class RetryRulesTests
{
    /// <summary>Every kind of failure before content: the move after the first attempt and after the second.</summary>
    public static TheoryData<string, string, string> Moves =>
        new()
        {
            { "ConnectFailed", "Retry", "NextDeployment" },
            { "ConnectTimeout", "NextDeployment", "NextDeployment" },
            { "Reset", "Retry", "NextDeployment" },
            { "FirstContentTimeout", "NextDeployment", "NextDeployment" },
            { "IdleTimeout", "NextDeployment", "NextDeployment" },
            { "AttemptTimeout", "NextDeployment", "NextDeployment" },
            { "TotalTimeout", "Stop", "Stop" },
            { "ServerError", "Retry", "NextDeployment" },
            { "RateLimited", "Retry", "NextDeployment" },
            { "Redirected", "NextDeployment", "NextDeployment" },
            { "Malformed", "Retry", "NextDeployment" },
            { "Empty", "Retry", "NextDeployment" },
            { "ErrorInAnswer", "Retry", "NextDeployment" },
            { "TooLarge", "NextDeployment", "NextDeployment" },
            { "InvalidRequest", "Stop", "Stop" },
            { "RefusesStreamOptions", "Retry", "Stop" },
            { "ContextLength", "LargerContext", "LargerContext" },
            { "ContentFilter", "Stop", "Stop" },
            { "Unauthorized", "NextKey", "NextDeployment" },
            { "PaymentRequired", "NextKey", "NextDeployment" },
            { "Quota", "NextKey", "NextDeployment" },
            { "Forbidden", "NextKey", "NextDeployment" },
            { "NotFound", "NextDeployment", "NextDeployment" },
        };

    [Theory]
    [MemberData(nameof(Moves))]
    public void Decide_EachKind_MovesAsTheTableSays(string kind, string first, string second)
    {
        var outcome = new AttemptOutcome(Enum.Parse<OutcomeKind>(kind));

        Decide(outcome, attempt: 1).Move.ToString().ShouldBe(first);
        Decide(outcome, attempt: 2).Move.ToString().ShouldBe(second);
    }

    [Theory]
    [InlineData(0, 125)]
    [InlineData(0.5, 250)]
    [InlineData(1, 375)]
    public void Decide_AFailure_WaitsAroundAQuarterOfASecond(double jitter, int milliseconds) =>
        Decide(new AttemptOutcome(OutcomeKind.ServerError), jitter: jitter)
            .ShouldBe(new Verdict(NextMove.Retry, Ms(milliseconds)));

    [Theory]
    // The provider's time, in ms; waited for, or the cooling.
    [InlineData(0, 0, null)]
    [InlineData(-1000, 0, null)]
    [InlineData(200, 200, null)]
    [InlineData(5000, 5000, null)]
    [InlineData(5001, null, 5001)]
    [InlineData(60_000, null, 60_000)]
    [InlineData(7_200_000, null, 3_600_000)]
    public void Decide_ANamedTime_IsWaitedForUpToFiveSecondsElseCools(
        int asked,
        int? waited,
        int? cools
    )
    {
        foreach (var kind in new[] { OutcomeKind.RateLimited, OutcomeKind.ServerError })
        {
            var verdict = Decide(new AttemptOutcome(kind) { RetryAfter = Ms(asked) });

            verdict.ShouldBe(
                waited is { } wait
                    ? new Verdict(NextMove.Retry, Ms(wait))
                    : new Verdict(NextMove.NextDeployment, Cool: Ms(cools!.Value))
            );
        }
    }

    [Fact]
    public void Decide_AShortTimeAfterTheSecondAttempt_CoolsForIt() =>
        Decide(new AttemptOutcome(OutcomeKind.RateLimited) { RetryAfter = Ms(1000) }, attempt: 2)
            .ShouldBe(new Verdict(NextMove.NextDeployment, Cool: Ms(1000)));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(4, 16)]
    [InlineData(5, 30)]
    [InlineData(1000, 30)]
    public void Decide_SilentRateLimitsInARow_CoolForGrowingSeconds(int inARow, int seconds) =>
        Decide(new AttemptOutcome(OutcomeKind.RateLimited), attempt: 2, silent: inARow)
            .Cool.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("ServerError", FallbackOn.Error)]
    [InlineData("NotFound", FallbackOn.Error)]
    [InlineData("Unauthorized", FallbackOn.Error)]
    [InlineData("RateLimited", FallbackOn.RateLimit)]
    [InlineData("ConnectTimeout", FallbackOn.Timeout)]
    [InlineData("FirstContentTimeout", FallbackOn.Timeout)]
    [InlineData("AttemptTimeout", FallbackOn.Timeout)]
    [InlineData("ContentFilter", FallbackOn.ContentFilter)]
    public void Decide_WhatTheChainListsAlone_MovesOn(string kind, FallbackOn on)
    {
        var outcome = new AttemptOutcome(Enum.Parse<OutcomeKind>(kind));
        const FallbackOn all =
            FallbackOn.Timeout | FallbackOn.RateLimit | FallbackOn.Error | FallbackOn.ContentFilter;

        Decide(outcome, attempt: 2, on: on).Move.ShouldBe(NextMove.NextDeployment);
        Decide(outcome, attempt: 2, on: all & ~on).Move.ShouldBe(NextMove.Stop);
    }

    private static Verdict Decide(
        AttemptOutcome outcome,
        int attempt = 1,
        int silent = 1,
        double jitter = 0.5,
        FallbackOn on = FallbackOn.Default
    ) =>
        RetryRules.Decide(
            outcome,
            attempt,
            new ForwardingSettings { FallbackOn = on },
            silent,
            jitter
        );

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
