namespace Dragoman.Storage.Sqlite;

/// <summary>Times as the database keeps them: whole microseconds, and points in time since 1970.</summary>
internal static class Microseconds
{
    public static long Of(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    public static long? Of(TimeSpan? span) => span is { } known ? Of(known) : null;

    public static long Of(DateTimeOffset time) => Of(time - DateTimeOffset.UnixEpoch);

    public static TimeSpan Span(long microseconds) =>
        TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    public static TimeSpan? Span(long? microseconds) =>
        microseconds is { } known ? Span(known) : null;

    public static DateTimeOffset Time(long microseconds) =>
        DateTimeOffset.UnixEpoch + Span(microseconds);
}
