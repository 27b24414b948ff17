using System.Globalization;
using System.Net.Http.Headers;

namespace Dragoman.Forwarding;

/// <summary>Reads how long a provider asks to be left alone.</summary>
internal static class RetryAfter
{
    /// <summary><c>retry-after-ms</c> (OpenAI, Azure), else <c>Retry-After</c> in seconds or as a date; null where neither is there or readable.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (
            headers.NonValidated.TryGetValues("retry-after-ms", out var ms)
            && double.TryParse(
                ms.ToString(),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var milliseconds
            )
            && milliseconds >= 0
            && milliseconds < TimeSpan.MaxValue.TotalMilliseconds / 2
        )
            return TimeSpan.FromMilliseconds(milliseconds);
        if (!headers.NonValidated.TryGetValues("Retry-After", out var values))
            return null;
        var value = values.ToString();
        if (
            double.TryParse(
                value,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var seconds
            )
        )
            return seconds >= 0 && seconds < TimeSpan.MaxValue.TotalSeconds / 2
                ? TimeSpan.FromSeconds(seconds)
                : null;
        if (
            !DateTimeOffset.TryParse(
                value,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var date
            )
        )
            return null;
        return date > now ? date - now : TimeSpan.Zero;
    }
}
