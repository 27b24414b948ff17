using System.Net;

namespace Dragoman.Access.Sessions;

/// <summary>That somebody signed in. Of the secret in their cookie only the hash is kept.</summary>
internal sealed record Session
{
    /// <summary>What lists and the audit trail call it.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the secret, in hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The caller that signed in: <c>user:</c> and an id, a key's id, or <c>admin</c>.</summary>
    public required string Caller { get; init; }

    /// <summary>What that caller's credential was then; under another one the session has ended.</summary>
    public required string Stamp { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>To the minute.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>Where it was opened from.</summary>
    public string? Address { get; init; }

    /// <summary>What the client said it is, shortened.</summary>
    public string? UserAgent { get; init; }
}

/// <summary>Who a session is of, as of now.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="Stamp">Tells its credential apart from those it had before.</param>
internal sealed record SessionHolder(Caller Caller, string Stamp)
{
    /// <summary>A key that may be used from some addresses only opens no session elsewhere, nor lets one be used there.</summary>
    public bool MayBeUsedFrom(IPAddress? address) =>
        Caller.Key?.Addresses?.Contains(address) is not false;
}
