namespace Dragoman.Forwarding;

/// <summary>Spans of time as <see cref="TimeProvider.GetTimestamp"/> counts them.</summary>
internal static class Timestamps
{
    public static long Ticks(this TimeProvider time, TimeSpan span) =>
        (long)(span.TotalSeconds * time.TimestampFrequency);
}
