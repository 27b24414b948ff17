using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Limits.Rates;

namespace Dragoman.Limits;

/// <summary>What a client is told that came up against a limit: which, whose, what is used of what, and when there is room.</summary>
internal static class LimitErrors
{
    public const string Code = "rate_limit_exceeded";

    /// <summary>The code of a request that is larger than its limit ever allows: asking again is of no use.</summary>
    public const string HopelessCode = "request_exceeds_limit";

    /// <summary>When a running request ends nobody knows: who comes back is told again.</summary>
    private static readonly TimeSpan AskAgainIn = TimeSpan.FromSeconds(1);

    public static GatewayError Of(RateRefusal refusal) =>
        refusal.IsHopeless
            ? new GatewayError(GatewayErrorKind.RequestTooLarge, Say(refusal))
            {
                Code = HopelessCode,
            }
            : new GatewayError(GatewayErrorKind.RateLimited, Say(refusal))
            {
                Code = Code,
                RetryAfter = RetryAfter(refusal),
            };

    public static TimeSpan RetryAfter(RateRefusal refusal) => refusal.FreesIn ?? AskAgainIn;

    /// <summary>E.g. <c>The limit 'per-key' (key=ci) is reached: 60 of 60 requests per minute are used. There is room in 12 s.</c></summary>
    public static string Say(RateRefusal refusal)
    {
        var who = refusal.Limit.Scope.Members.Count == 0 ? "" : $" ({refusal.Tuple})";
        if (refusal.Meter is not { } meter)
            return Invariant(
                $"The limit '{refusal.Limit.Name}'{who} is reached: {refusal.Used} of {refusal.Limit.Concurrent} concurrent requests are running. There is room when one of them ends."
            );
        if (refusal.IsHopeless)
            return Invariant(
                $"The limit '{refusal.Limit.Name}'{who} allows {meter.Most} {meter.Words}, and this request alone is about {refusal.Need}."
            );
        var need =
            meter.Kind == RateKind.Requests
                ? ""
                : Invariant($", and this request is thought to take {refusal.Need}");
        return Invariant(
            $"The limit '{refusal.Limit.Name}'{who} is reached: {refusal.Used} of {meter.Most} {meter.Words} are used{need}. There is room in {Seconds(refusal.FreesIn!.Value)} s."
        );
    }

    /// <summary>Rounded up to tenths: sooner there is none.</summary>
    private static string Seconds(TimeSpan wait) =>
        (Math.Ceiling(wait.TotalSeconds * 10) / 10).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
