namespace Dragoman.Access;

/// <summary>What a secret that was offered turned out to be: which key's, and who calls with it. Made once per secret and version of its key.</summary>
/// <param name="Record">The key, as it is now.</param>
/// <param name="Caller">Who calls with it.</param>
/// <param name="Until">Set for a secret that was rotated out: until when it counts still.</param>
internal sealed record KeyTicket(KeyEntry Record, Caller Caller, DateTimeOffset? Until);

/// <summary>A key in the book, and what changes of it while it is used.</summary>
internal sealed class KeyEntry(VirtualKey key)
{
    /// <summary>More often is not written down, nor noted.</summary>
    public static readonly TimeSpan Noted = TimeSpan.FromMinutes(1);

    private VirtualKey _key = key;
    private long _lastUsed;
    private bool _isUnwritten;

    public VirtualKey Key
    {
        get => Volatile.Read(ref _key);
        set => Volatile.Write(ref _key, value);
    }

    /// <summary>Exact to a minute; null where it never was.</summary>
    public DateTimeOffset? LastUsedAt =>
        Volatile.Read(ref _lastUsed) is > 0 and var ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    /// <summary>Notes a use: most of the time, only that it was noted within the minute.</summary>
    public void Use(DateTimeOffset now)
    {
        if (now.UtcTicks - Volatile.Read(ref _lastUsed) < Noted.Ticks)
            return;
        Volatile.Write(ref _lastUsed, now.UtcTicks);
        Volatile.Write(ref _isUnwritten, true);
    }

    /// <summary>When it was used last before this process.</summary>
    public void WasUsed(DateTimeOffset? at) => Volatile.Write(ref _lastUsed, at?.UtcTicks ?? 0);

    /// <summary>True once after each use that was noted.</summary>
    public bool TakeUnwritten()
    {
        if (!Volatile.Read(ref _isUnwritten))
            return false;
        Volatile.Write(ref _isUnwritten, false);
        return true;
    }

    /// <summary>What was taken could not be written.</summary>
    public void PutBack() => Volatile.Write(ref _isUnwritten, true);
}
