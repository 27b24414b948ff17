using System.Globalization;
using System.Net.Http.Headers;
using Dragoman.Catalog;

namespace Dragoman.Forwarding;

/// <summary>Reads what a provider says is left of its rate limits: of requests and of tokens the scarcer one.</summary>
internal static class AllowanceHeaders
{
    /// <summary>Where the numbers stand, by who writes them so.</summary>
    private static readonly Names[] Known =
    [
        // platform.openai.com/docs/guides/rate-limits; Groq, Azure OpenAI, Fireworks and DeepInfra write them so too.
        new(
            "x-ratelimit-limit-requests",
            "x-ratelimit-remaining-requests",
            "x-ratelimit-reset-requests"
        ),
        new("x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
        // docs.anthropic.com/en/api/rate-limits: the resets are times in RFC 3339.
        new(
            "anthropic-ratelimit-requests-limit",
            "anthropic-ratelimit-requests-remaining",
            "anthropic-ratelimit-requests-reset"
        ),
        new(
            "anthropic-ratelimit-tokens-limit",
            "anthropic-ratelimit-tokens-remaining",
            "anthropic-ratelimit-tokens-reset"
        ),
        // OpenRouter's, and of many servers behind a common limiter: the reset is a time in Unix seconds or milliseconds, or seconds from now.
        new("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
    ];

    /// <summary>Null where it says nothing of them.</summary>
    public static RateAllowance? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        RateAllowance? scarcest = null;
        foreach (var names in Known)
        {
            if (
                Number(headers, names.Limit) is > 0 and var limit
                && Number(headers, names.Remaining) is >= 0 and var remaining
            )
            {
                var left = Math.Min(1, remaining / limit);
                if (scarcest is null || left < scarcest.Value.Left)
                    scarcest = new RateAllowance(left, Reset(headers, names.Reset, now));
            }
        }
        return scarcest;
    }

    /// <summary>A header that tells of rate limits.</summary>
    public static bool IsOne(string name) =>
        name.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("anthropic-ratelimit-", StringComparison.OrdinalIgnoreCase);

    private static double? Number(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values)
        && double.TryParse(
            values.ToString(),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    private static TimeSpan? Reset(HttpResponseHeaders headers, string name, DateTimeOffset now)
    {
        if (!headers.NonValidated.TryGetValues(name, out var values))
            return null;
        var value = values.ToString();
        var wait = Duration(value) ?? Moment(value) - now;
        return wait > TimeSpan.Zero && wait <= TimeSpan.FromDays(2) ? wait : null;
    }

    private static DateTimeOffset? Moment(string value) =>
        DateTimeOffset.TryParse(
            value,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var date
        )
            ? date
        : long.TryParse(value, CultureInfo.InvariantCulture, out var unix) && unix > 0
            ? unix > 100_000_000_000
                    ? unix < 253_402_300_799_000 ? DateTimeOffset.FromUnixTimeMilliseconds(unix)
                        : null
                : DateTimeOffset.FromUnixTimeSeconds(unix)
        : null;

    /// <summary>OpenAI's <c>6m0s</c>, <c>1s</c>, <c>20ms</c>, and seconds without a unit; null for what is none of them.</summary>
    internal static TimeSpan? Duration(ReadOnlySpan<char> text)
    {
        var seconds = 0.0;
        while (!text.IsEmpty)
        {
            var digits = 0;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
                digits++;
            if (
                !double.TryParse(
                    text[..digits],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var number
                )
            )
                return null;
            text = text[digits..];
            var unit = 0;
            while (unit < text.Length && char.IsAsciiLetter(text[unit]))
                unit++;
            var factor = text[..unit] switch
            {
                "ms" => 0.001,
                "" or "s" => 1,
                "m" => 60,
                "h" => 3600,
                "d" => 86_400,
                _ => double.NaN,
            };
            seconds += number * factor;
            text = text[unit..];
        }
        // More than a month is no wait but a date.
        return seconds is >= 0 and < 2_700_000 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private readonly record struct Names(string Limit, string Remaining, string Reset);
}
