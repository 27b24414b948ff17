using Dragoman.Canonical;

namespace Dragoman.Access.People;

/// <summary>A person who may sign in, and to whom keys can belong. Immutable: a change makes another of the same id and a higher version.</summary>
internal sealed record User
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>In small letters; no two users have the same. Null where none is known: who has none signs in by key only.</summary>
    public string? Email { get; init; }
    public required Role Role { get; init; }
    public IReadOnlyList<Membership> Teams { get; init; } = [];

    /// <summary>May not sign in, and what belongs to them does not work.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>As the hasher wrote it; null where no password was ever set.</summary>
    public SecretText? PasswordHash { get; init; }

    /// <summary>Drawn anew when password, e-mail, role or being disabled changes: sessions that were opened under another one have ended.</summary>
    public required string Stamp { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts up with every change.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What usage records call their calls.</summary>
    public string CallerId => CallerPrefix + Id;

    public const string CallerPrefix = "user:";

    /// <summary>Teams that they look after.</summary>
    public IEnumerable<string> Managed =>
        Teams.Where(static membership => membership.Manages).Select(static one => one.Team);
}

/// <summary>That somebody belongs to a team.</summary>
/// <param name="Team">Its id.</param>
/// <param name="Manages">They look after it, if their role is manager.</param>
internal readonly record struct Membership(string Team, bool Manages);
