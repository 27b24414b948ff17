namespace Dragoman.Access;

/// <summary>Keeps who did what. Nothing on the way of a model call uses it.</summary>
public interface IAuditTrail
{
    /// <summary>Keeps an event; when it returns, the event survives a kill of the process.</summary>
    ValueTask AppendAsync(AuditEvent happened, CancellationToken cancellationToken = default);
}

/// <summary>Something that somebody did, or tried.</summary>
public sealed record AuditEvent
{
    /// <summary>Who; null is an open server's caller on this machine.</summary>
    public Caller? Who { get; init; }

    /// <summary>In the place of <see cref="Who"/> where it was nobody who called: <c>file</c>, <c>start</c>.</summary>
    public string? Source { get; init; }

    /// <summary>The address it came from; null where it came from none.</summary>
    public string? Address { get; init; }

    /// <summary>What the client says it is, shortened.</summary>
    public string? UserAgent { get; init; }

    /// <summary>What was done, e.g. <c>key.create</c>, <c>session.fail</c>, <c>budget.update</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Id of what it was done to.</summary>
    public string? Subject { get; init; }

    /// <summary>How that was before, as JSON with secrets masked; null where it was not.</summary>
    public string? Before { get; init; }

    /// <summary>How it is now, as JSON with secrets masked; null where it is no more.</summary>
    public string? After { get; init; }
}
