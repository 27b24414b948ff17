using System.Text.Json;
using System.Text.Json.Serialization;
using Dragoman.Access.Sessions;

namespace Dragoman.Administration;

/// <summary>A session, as <c>/api/admin/sessions</c> tells it. Its secret is nowhere but in the cookie.</summary>
public sealed record SessionInfo
{
    public required string Id { get; init; }

    /// <summary>Who signed in: <c>user:</c> and an id, a key's id, or <c>admin</c>.</summary>
    public required string Caller { get; init; }

    /// <summary>Where it was opened from; null where that is not known.</summary>
    public required string? Address { get; init; }
    public required string? UserAgent { get; init; }

    [JsonPropertyName("createdAt")]
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>When it ends if it is not used again.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Who asks, as <c>/api/sessions/current</c> tells them.</summary>
public sealed record SignedInInfo
{
    /// <summary>The session; null for who calls with a key, or an open server.</summary>
    public required string? Id { get; init; }

    /// <summary>Null on an open server.</summary>
    public required string? Caller { get; init; }
    public required string? Name { get; init; }
    public required string? Role { get; init; }
    public required string? UserId { get; init; }
    public required IReadOnlyList<string> Teams { get; init; }

    /// <summary>What the role may, e.g. <c>call_models</c>.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>What changes by this session must bear in the header <c>x-dragoman-csrf</c>; null without a session.</summary>
    public required string? CsrfToken { get; init; }
}

/// <summary>Makes these.</summary>
internal static class SessionShapes
{
    public static SessionInfo Of(SessionBook book, Session session) =>
        new()
        {
            Id = session.Id,
            Caller = session.Caller,
            Address = session.Address,
            UserAgent = session.UserAgent,
            CreatedAt = session.CreatedAt,
            LastUsedAt = session.LastUsedAt,
            ExpiresAt = book.EndOf(session),
        };

    /// <summary>The same for the audit trail.</summary>
    public static string Told(SessionBook book, Session session) =>
        JsonSerializer.Serialize(Of(book, session), PeopleJson.Readable.SessionInfo);
}
