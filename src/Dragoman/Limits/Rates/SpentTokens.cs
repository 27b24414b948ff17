using Dragoman.Canonical;
using Dragoman.Exchanges;

namespace Dragoman.Limits.Rates;

/// <summary>What a request turned out to take of limits.</summary>
internal static class SpentTokens
{
    /// <summary>Of an exchange, all its attempts together. Where nobody was asked it took nothing, if it was refused here or could go nowhere, and no tokens if we answered it.</summary>
    public static RateNeed Of(ExchangeLog log, in RateNeed expected)
    {
        var attempts = log.Attempts;
        if (attempts.Count == 0)
            return log.Outcome == ExchangeOutcome.Succeeded ? new RateNeed(1, 0, 0) : RateNeed.None;
        var (input, output) = (0L, 0L);
        for (var i = 0; i < attempts.Count; i++)
        {
            var spent = Of(attempts[i].Usage, expected, MayHaveSpent(attempts[i]));
            (input, output) = (input + spent.Input, output + spent.Output);
        }
        return new RateNeed(1, input, output);
    }

    /// <summary>Of one attempt.</summary>
    public static RateNeed Of(in AttemptResult result, in RateNeed expected) =>
        result.WasMade ? Of(result.Usage, expected, result.MayHaveSpent) : RateNeed.None;

    /// <summary>It counts as a request whatever came of it, as it does with providers.</summary>
    private static RateNeed Of(TokenUsage? usage, in RateNeed expected, bool mayHaveSpent) =>
        usage is not null
            ? new RateNeed(
                1,
                usage.TotalInput ?? expected.Input,
                usage.TotalOutput ?? (usage.TotalInput is null ? expected.Output : 0)
            )
        : mayHaveSpent ? expected with { Requests = 1 }
        : new RateNeed(1, 0, 0);

    /// <summary>Whoever was still at work when we gave up may have gone on; who refused or was not reached did not begin.</summary>
    private static bool MayHaveSpent(AttemptRecord attempt) =>
        attempt.Outcome
            is "client_gone"
                or "reset"
                or "first_content_timeout"
                or "idle_timeout"
                or "attempt_timeout"
                or "total_timeout";
}
