using System.Text.Json.Serialization;
using Dragoman.Access;
using Dragoman.Access.People;

namespace Dragoman.Administration;

/// <summary>A user, as <c>/api/admin/users</c> tells it.</summary>
public sealed record UserInfo
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>In small letters; null where none is known.</summary>
    public required string? Email { get; init; }

    /// <summary>One of <c>admin</c>, <c>manager</c>, <c>member</c>, <c>viewer</c>, <c>inference</c>.</summary>
    public required string Role { get; init; }
    public required IReadOnlyList<MembershipInfo> Teams { get; init; }

    /// <summary>May not sign in.</summary>
    public required bool Disabled { get; init; }
    public required bool HasPassword { get; init; }

    [JsonPropertyName("createdAt")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("updatedAt")]
    public required DateTimeOffset UpdatedAt { get; init; }

    [JsonPropertyName("declaredIn")]
    public string DeclaredIn { get; init; } = PeopleJson.Here;

    internal static UserInfo Of(User user) =>
        new()
        {
            Id = user.Id,
            Name = user.Name,
            Email = user.Email,
            Role = RoleNames.Of(user.Role),
            Teams = [.. user.Teams.Select(static one => new MembershipInfo(one.Team, one.Manages))],
            Disabled = user.IsDisabled,
            HasPassword = user.PasswordHash is not null,
            CreatedAt = user.CreatedAt,
            UpdatedAt = user.UpdatedAt,
        };
}

/// <summary>That a user belongs to a team.</summary>
/// <param name="TeamId">The team.</param>
/// <param name="Manages">They look after it, if their role is manager.</param>
public sealed record MembershipInfo(string TeamId, bool Manages);

/// <summary>A team, as <c>/api/admin/teams</c> tells it.</summary>
public sealed record TeamInfo
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>In the order of their ids.</summary>
    public required IReadOnlyList<MemberInfo> Members { get; init; }

    [JsonPropertyName("createdAt")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("updatedAt")]
    public required DateTimeOffset UpdatedAt { get; init; }

    [JsonPropertyName("declaredIn")]
    public string DeclaredIn { get; init; } = PeopleJson.Here;

    internal static TeamInfo Of(Team team, Roster roster) =>
        new()
        {
            Id = team.Id,
            Name = team.Name,
            Members =
            [
                .. roster
                    .MembersOf(team.Id)
                    .Select(user => new MemberInfo(
                        user.Id,
                        user.Name,
                        user.Teams.First(one => one.Team == team.Id).Manages
                    )),
            ],
            CreatedAt = team.CreatedAt,
            UpdatedAt = team.UpdatedAt,
        };
}

/// <summary>A member of a team.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Name">Their name.</param>
/// <param name="Manages">They look after the team, if their role is manager.</param>
public sealed record MemberInfo(string UserId, string Name, bool Manages);

/// <summary>A workspace, as <c>/api/admin/workspaces</c> tells it.</summary>
public sealed record WorkspaceInfo
{
    /// <summary>The <c>workspace_id</c> of requests.</summary>
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Null is nobody's in particular.</summary>
    public required string? TeamId { get; init; }

    [JsonPropertyName("createdAt")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("updatedAt")]
    public required DateTimeOffset UpdatedAt { get; init; }

    [JsonPropertyName("declaredIn")]
    public string DeclaredIn { get; init; } = PeopleJson.Here;

    internal static WorkspaceInfo Of(Workspace workspace) =>
        new()
        {
            Id = workspace.Id,
            Name = workspace.Name,
            TeamId = workspace.Team,
            CreatedAt = workspace.CreatedAt,
            UpdatedAt = workspace.UpdatedAt,
        };
}
