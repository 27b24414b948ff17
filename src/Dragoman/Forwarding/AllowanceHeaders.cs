using System.Collections.Frozen;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Dragoman.Catalog;

namespace Dragoman.Forwarding;

/// <summary>Reads what a provider says is left of its rate limits. Once over the headers: most answers have none of these, and pay for no more than a look.</summary>
internal static class AllowanceHeaders
{
    private const int Fields = 3;

    private enum Family
    {
        Requests,
        Tokens,
        AnthropicRequests,
        AnthropicTokens,
        AnthropicInput,
        AnthropicOutput,
        Common,
        Count,
    }

    /// <summary>Where the numbers stand: limit, remaining and reset of each family.</summary>
    private static readonly FrozenDictionary<string, int> Places = PlacesOf(
        // platform.openai.com/docs/guides/rate-limits; Groq, Azure OpenAI, Fireworks and DeepInfra write them so too.
        (Family.Requests, "x-ratelimit-{0}-requests"),
        (Family.Tokens, "x-ratelimit-{0}-tokens"),
        // docs.anthropic.com/en/api/rate-limits: the resets are times in RFC 3339.
        (Family.AnthropicRequests, "anthropic-ratelimit-requests-{0}"),
        (Family.AnthropicTokens, "anthropic-ratelimit-tokens-{0}"),
        (Family.AnthropicInput, "anthropic-ratelimit-input-tokens-{0}"),
        (Family.AnthropicOutput, "anthropic-ratelimit-output-tokens-{0}"),
        // OpenRouter's, and of many servers behind a common limiter: the reset is a time in Unix seconds or milliseconds, or seconds from now.
        (Family.Common, "x-ratelimit-{0}")
    );

    /// <summary>Null where it says nothing of them.</summary>
    public static RateAllowance? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var found = new Found();
        var any = false;
        foreach (var (name, values) in headers.NonValidated)
        {
            if (!IsOne(name) || !Places.TryGetValue(name, out var place))
                continue;
            found[place] = values.ToString();
            any = true;
        }
        return any ? Allowance(found, now) : null;
    }

    /// <summary>A header that tells of rate limits.</summary>
    public static bool IsOne(string name) =>
        (name[0] | ' ') switch
        {
            'x' => name.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase),
            'a' => name.StartsWith("anthropic-ratelimit-", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };

    private static RateAllowance? Allowance(in Found found, DateTimeOffset now)
    {
        RateAllowance? scarcest = null;
        var amounts = new Amounts();
        for (var family = 0; family < (int)Family.Count; family++)
        {
            if (
                Number(found[family * Fields]) is not (>= 1 and var most)
                || Number(found[family * Fields + 1]) is not (>= 0 and var left)
            )
                continue;
            var amount = new RateAmount(
                most,
                Math.Min(left, most),
                Reset(found[family * Fields + 2], now)
            );
            amounts[family] = amount;
            var share = amount.Left / (double)amount.Most;
            if (scarcest is null || share < scarcest.Value.Left)
                scarcest = new RateAllowance(share, amount.FullIn);
        }
        return scarcest is { } known
            ? known with
            {
                Requests = First(
                    amounts[(int)Family.Requests],
                    amounts[(int)Family.AnthropicRequests],
                    amounts[(int)Family.Common]
                ),
                Tokens = First(
                    amounts[(int)Family.Tokens],
                    amounts[(int)Family.AnthropicTokens],
                    default
                ),
                InputTokens = amounts[(int)Family.AnthropicInput],
                OutputTokens = amounts[(int)Family.AnthropicOutput],
            }
            : null;
    }

    private static RateAmount First(RateAmount one, RateAmount other, RateAmount third) =>
        one.Most > 0 ? one
        : other.Most > 0 ? other
        : third;

    private static long? Number(string? text) =>
        text is null ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
            ? whole
        : double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
        && number < long.MaxValue / 2
            ? (long)number
        : null;

    private static TimeSpan? Reset(string? value, DateTimeOffset now)
    {
        if (value is null)
            return null;
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

    private static FrozenDictionary<string, int> PlacesOf(
        params ReadOnlySpan<(Family Family, string Pattern)> families
    )
    {
        string[] words = ["limit", "remaining", "reset"];
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (family, pattern) in families)
            for (var i = 0; i < Fields; i++)
                places[pattern.Replace("{0}", words[i], StringComparison.Ordinal)] =
                    (int)family * Fields + i;
        return places.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    [InlineArray((int)Family.Count * Fields)]
    private struct Found
    {
        private string? _text;
    }

    [InlineArray((int)Family.Count)]
    private struct Amounts
    {
        private RateAmount _amount;
    }
}
