using Dragoman.Canonical;

namespace Dragoman.Access;

/// <summary>
/// What is known of a key that a client holds: whose it is and what it may. Of its secret only the hash is kept. Immutable: a change
/// makes another of the same id and a higher version.
/// </summary>
internal sealed record VirtualKey
{
    /// <summary>What usage records call it, e.g. <c>key_01jdk3v5mq8r2t4w</c>.</summary>
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Of the secret that is in use.</summary>
    public required KeyHash Hash { get; init; }

    /// <summary>The last characters of the secret, to tell keys apart.</summary>
    public required string LastFour { get; init; }

    /// <summary>Of the secret that was in use before it was rotated; null where there is none, or where it counts no longer.</summary>
    public KeyHash? FormerHash { get; init; }

    /// <summary>Until when the former secret counts.</summary>
    public DateTimeOffset? FormerUntil { get; init; }
    public required Role Role { get; init; }

    /// <summary>Id of the user it belongs to; null where it is nobody's.</summary>
    public string? User { get; init; }

    /// <summary>Id of the team it belongs to; null where it is no team's.</summary>
    public string? Team { get; init; }

    /// <summary>The workspace all its calls are of; null leaves that to the client.</summary>
    public string? Workspace { get; init; }

    /// <summary>The tier all its calls are of; null leaves that to the client.</summary>
    public string? Tier { get; init; }

    /// <summary>The tags all its calls bear; null leaves that to the client.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>What it may call; null is everything.</summary>
    public ModelAccess? Access { get; init; }

    /// <summary>From where it may be used; null is from anywhere.</summary>
    public AddressList? Addresses { get; init; }

    /// <summary>What its owner wants kept with it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = NoMetadata;

    /// <summary>From then on it is refused; null is never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>False refuses it until it is true again.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>When it was revoked, which is for ever; null while it is not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The caller that made it; null is an open server's.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Counts up with every change.</summary>
    public int Version { get; init; } = 1;

    public static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<
        string,
        string
    >(StringComparer.Ordinal);

    /// <summary>Why it is refused; null while it counts. Told only to who holds the secret.</summary>
    public GatewayError? WhyNot(DateTimeOffset now) =>
        RevokedAt is not null ? Refusal("key_revoked", "was revoked")
        : !Enabled ? Refusal("key_disabled", "is disabled")
        : ExpiresAt <= now ? Refusal("key_expired", "has expired")
        : null;

    /// <summary>One of its secrets that was replaced, or whose time to be replaced is over.</summary>
    public GatewayError Replaced() =>
        Refusal("key_replaced", "has another secret by now: this one was rotated out");

    /// <summary>It is no more.</summary>
    public GatewayError Deleted() => Refusal("key_deleted", "was deleted");

    private GatewayError Refusal(string code, string what) =>
        new(GatewayErrorKind.Authentication, $"The API key '{Name}' {what}.") { Code = code };
}
