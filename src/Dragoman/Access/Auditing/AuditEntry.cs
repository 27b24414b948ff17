namespace Dragoman.Access.Auditing;

/// <summary>An event as it is kept: in its place in the chain, sealed with all entries before it.</summary>
internal sealed record AuditEntry
{
    /// <summary>Its place: 1, 2, 3 … without a gap.</summary>
    public required long Number { get; init; }

    /// <summary>To the microsecond.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The caller's id, <c>open</c> for an open server's caller on this machine, or what it was where nobody called, e.g. <c>file</c>.</summary>
    public required string Who { get; init; }

    /// <summary>The caller's name at that time.</summary>
    public string? Name { get; init; }

    /// <summary>The caller's role at that time.</summary>
    public string? Role { get; init; }
    public string? Address { get; init; }
    public string? UserAgent { get; init; }

    /// <summary>E.g. <c>key.create</c>; what stands before the dot is the kind of thing it was done to.</summary>
    public required string Action { get; init; }

    /// <summary>Id of what it was done to.</summary>
    public string? Subject { get; init; }

    /// <summary>JSON, secrets masked.</summary>
    public string? Before { get; init; }

    /// <summary>JSON, secrets masked.</summary>
    public string? After { get; init; }

    /// <summary>Which key seals it.</summary>
    public required string Key { get; init; }

    /// <summary>HMAC-SHA256 over all of this and the mac of the entry before.</summary>
    public required byte[] Mac { get; init; }
}

/// <summary>Where the chain ends, kept beside it: without, nobody would see that the last entries were cut off.</summary>
/// <param name="Count">How many entries there are.</param>
/// <param name="Mac">The last one's.</param>
/// <param name="Key">Which key seals this.</param>
/// <param name="Seal">HMAC-SHA256 over both.</param>
internal sealed record AuditEnd(long Count, byte[] Mac, string Key, byte[] Seal);
