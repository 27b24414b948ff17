using System.Globalization;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Times as Ollama writes them: RFC 3339 for a moment, nanoseconds for a length.</summary>
internal static class OllamaTime
{
    /// <summary>Clients parse it, so it is never left out.</summary>
    public static string Of(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
            CultureInfo.InvariantCulture
        );

    /// <inheritdoc cref="Of(DateTimeOffset)"/>
    public static string Of(long unixSeconds) =>
        Of(
            unixSeconds is >= 0 and < 253_402_300_800
                ? DateTimeOffset.FromUnixTimeSeconds(unixSeconds)
                : DateTimeOffset.UnixEpoch
        );

    /// <summary>The moment in Unix seconds; null where the text is none.</summary>
    public static long? Seconds(ReadOnlySpan<byte> escaped) =>
        DateTimeOffset.TryParse(
            JsonUnescape.ToText(escaped),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var moment
        )
            ? moment.ToUnixTimeSeconds()
            : null;

    public static long Nanoseconds(TimeSpan length) => length.Ticks * 100;
}
