namespace Dragoman.Access.Auditing;

/// <summary>Where audit entries are kept. Several processes may share one: the chain is one all the same.</summary>
internal interface IAuditStore
{
    /// <summary>
    /// Keeps one more entry. <paramref name="next"/> is given the chain's tail as it is at this moment and makes the entry and the new
    /// end; nobody else appends in between. When this returns, both survive a kill of the process.
    /// </summary>
    ValueTask<AuditEntry> AppendAsync(
        Func<AuditTail, AuditLink> next,
        CancellationToken cancellationToken = default
    );

    /// <summary>Those that match, the newest first.</summary>
    ValueTask<IReadOnlyList<AuditEntry>> ListAsync(
        AuditQuery query,
        CancellationToken cancellationToken = default
    );

    /// <summary>All of them in the order of their numbers, and the end as it was kept with the last of these.</summary>
    /// <param name="walk">Given the end and the entries; these are valid while it runs.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    ValueTask<T> WalkAsync<T>(
        Func<AuditEnd?, IEnumerable<AuditEntry>, T> walk,
        CancellationToken cancellationToken = default
    );
}

/// <summary>The tail of the chain as it is kept.</summary>
/// <param name="End">The end that was kept beside it; null where none is.</param>
/// <param name="LastNumber">The highest number of an entry; 0 where there is none.</param>
/// <param name="LastMac">That one's mac.</param>
internal readonly record struct AuditTail(AuditEnd? End, long LastNumber, byte[]? LastMac);

/// <summary>An entry and the end that it makes.</summary>
internal readonly record struct AuditLink(AuditEntry Entry, AuditEnd End);

/// <summary>Which entries are asked for; what is null is not asked.</summary>
internal sealed record AuditQuery
{
    /// <summary>A caller's id.</summary>
    public string? Who { get; init; }

    /// <summary>An action, or a kind of thing: <c>key.create</c>, <c>key</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The id of what it was done to.</summary>
    public string? Subject { get; init; }
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before that time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only those of lower numbers.</summary>
    public long? Before { get; init; }
    public int Limit { get; init; } = 50;

    /// <summary>Whether an entry is one of those.</summary>
    public bool Matches(AuditEntry entry) =>
        (Who is null || entry.Who == Who)
        && (
            Action is null
            || entry.Action == Action
            || entry.Action.StartsWith(Action + '.', StringComparison.Ordinal)
        )
        && (Subject is null || entry.Subject == Subject)
        && (Since is null || entry.At >= Since)
        && (Until is null || entry.At < Until)
        && (Before is null || entry.Number < Before);
}
