namespace Dragoman.TestKit;

/// <summary>A clock that stands still until it is moved; its timestamps count microseconds. Timers are the system's.</summary>
public sealed class ManualTime : TimeProvider
{
    private long _microseconds;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => Volatile.Read(ref _microseconds);

    public override DateTimeOffset GetUtcNow() =>
        DateTimeOffset.UnixEpoch.AddYears(56).AddMicroseconds(GetTimestamp());

    public void Advance(TimeSpan by) =>
        Interlocked.Add(ref _microseconds, by.Ticks / TimeSpan.TicksPerMicrosecond);
}
