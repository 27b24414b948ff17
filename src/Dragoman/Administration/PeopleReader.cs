using System.Text.Json;
using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Administration;

/// <summary>What somebody wants a user to be.</summary>
internal sealed record UserWish
{
    /// <summary>Null has it made of the e-mail or the name.</summary>
    public string? Id { get; init; }
    public required string Name { get; init; }
    public string? Email { get; init; }
    public required Role Role { get; init; }
    public IReadOnlyList<Membership> Teams { get; init; } = [];
    public bool IsDisabled { get; init; }
    public SecretText? Password { get; init; }
}

/// <summary>What somebody wants a team to be.</summary>
/// <param name="Id">Null has it made of the name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Members">Its members, each with whether they look after it; null leaves them.</param>
internal sealed record TeamWish(
    string? Id,
    string Name,
    IReadOnlyDictionary<string, bool>? Members
);

/// <summary>What somebody wants a workspace to be.</summary>
/// <param name="Id">Null has it made of the name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Team">The team it is of.</param>
internal sealed record WorkspaceWish(string? Id, string Name, string? Team);

/// <summary>
/// Reads bodies of <c>/api/admin/users</c>, <c>teams</c> and <c>workspaces</c>. What a GET gives may be sent back with PUT as it is:
/// members that are only told are passed over.
/// </summary>
internal static class PeopleReader
{
    private const int LongestName = 120;
    private const int LongestEmail = 254;
    private const int MostTeams = 100;

    private static readonly string[] Told = ["createdAt", "updatedAt", "declaredIn"];
    private static readonly string[] OfUser = ["id", "name", "email", "role", "teams", "disabled"];
    private static readonly string[] NewUser = [.. OfUser, "password"];
    private static readonly string[] ChangedUser = [.. OfUser, .. Told, "has_password"];
    private static readonly string[] OfTeam = ["id", "name", "members"];
    private static readonly string[] OfWorkspace = ["id", "name", "team_id"];

    public static bool TryReadUser(
        ReadOnlyMemory<byte> body,
        bool isNew,
        out UserWish? wish,
        out GatewayError? error
    ) =>
        BodyMembers.TryRead(
            body,
            "{\"name\": \"Anna\", \"email\": \"anna@example.com\", \"role\": \"member\", \"teams\": [{\"team_id\": \"research\", \"manages\": false}]}",
            isNew ? NewUser : ChangedUser,
            static members => new UserWish
            {
                Id = Id(members),
                Name = Name(members),
                Email = Email(members),
                Role = RoleOf(members),
                Teams = Pairs(members, "teams", "team_id")
                    .Select(static pair => new Membership(pair.Id, pair.Manages))
                    .ToList(),
                IsDisabled = members.Flag("disabled") ?? false,
                Password = members.Text("password") is { } text ? new SecretText(text) : null,
            },
            out wish,
            out error
        );

    public static bool TryReadTeam(
        ReadOnlyMemory<byte> body,
        bool isNew,
        out TeamWish? wish,
        out GatewayError? error
    ) =>
        BodyMembers.TryRead(
            body,
            "{\"id\": \"research\", \"name\": \"Research\", \"members\": [{\"user_id\": \"anna\", \"manages\": true}]}",
            isNew ? OfTeam : [.. OfTeam, .. Told],
            static members => new TeamWish(
                Id(members),
                Name(members),
                members.Find("members") is null
                    ? null
                    : Pairs(members, "members", "user_id")
                        .ToDictionary(
                            static pair => pair.Id,
                            static pair => pair.Manages,
                            StringComparer.Ordinal
                        )
            ),
            out wish,
            out error
        );

    public static bool TryReadWorkspace(
        ReadOnlyMemory<byte> body,
        bool isNew,
        out WorkspaceWish? wish,
        out GatewayError? error
    ) =>
        BodyMembers.TryRead(
            body,
            "{\"id\": \"shop\", \"name\": \"The shop\", \"team_id\": \"research\"}",
            isNew ? OfWorkspace : [.. OfWorkspace, .. Told],
            static members => new WorkspaceWish(
                Id(members),
                Name(members),
                members.Text("team_id")
            ),
            out wish,
            out error
        );

    /// <summary>An id made of a text: its letters and digits in small, with dashes between; null where it has none.</summary>
    public static string? IdOf(string text)
    {
        var letters = string.Concat(
            text.ToLowerInvariant().Select(static letter => IsOfId(letter) ? letter : '-')
        );
        var id = string.Join('-', letters.Split('-', StringSplitOptions.RemoveEmptyEntries));
        id = id.TrimStart('.', '_');
        return id.Length == 0 ? null : id[..Math.Min(id.Length, EntityId.Longest - 8)];
    }

    private static bool IsOfId(char letter) =>
        char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_';

    private static string? Id(BodyMembers members)
    {
        if (members.Text("id") is not { } id)
            return null;
        if (!EntityId.IsOne(id))
            members.Fail($"'id' must be {EntityId.Allowed}.", "id");
        return id;
    }

    private static string Name(BodyMembers members)
    {
        var name = members.Text("name")?.Trim() ?? "";
        if (name.Length is 0 or > LongestName || name.Any(char.IsControl))
            members.Fail($"'name' must be a text of 1 to {LongestName} characters.", "name");
        return name;
    }

    private static string? Email(BodyMembers members)
    {
        if (members.Text("email") is not { } text)
            return null;
        var email = text.Trim().ToLowerInvariant();
        var at = email.IndexOf('@', StringComparison.Ordinal);
        if (
            at < 1
            || at == email.Length - 1
            || email.Length > LongestEmail
            || email.LastIndexOf('@') != at
            || email.Any(static letter => char.IsControl(letter) || char.IsWhiteSpace(letter))
        )
            members.Fail("'email' must be an address such as anna@example.com.", "email");
        return email;
    }

    private static Role RoleOf(BodyMembers members)
    {
        if (RoleNames.Find(members.Text("role") ?? "") is { } role)
            return role;
        members.Fail($"'role' must be one of {string.Join(", ", RoleNames.All)}.", "role");
        return Role.Inference;
    }

    /// <summary>A list of ids, each with whether it is managed: <c>"a"</c> or <c>{"team_id": "a", "manages": true}</c>.</summary>
    private static List<(string Id, bool Manages)> Pairs(
        BodyMembers members,
        string name,
        string idName
    )
    {
        var pairs = new List<(string Id, bool Manages)>();
        if (members.Find(name) is not { } list)
            return pairs;
        var isRight =
            list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= MostTeams * 10;
        foreach (var item in isRight ? list.EnumerateArray() : default)
        {
            if (Pair(item, idName) is not { } pair || pairs.Any(other => other.Id == pair.Id))
                isRight = false;
            else
                pairs.Add(pair);
        }
        if (!isRight)
            members.Fail(
                $"'{name}' must be a list of {{\"{idName}\": …, \"manages\": true or false}}, none twice.",
                name
            );
        return pairs;
    }

    private static (string Id, bool Manages)? Pair(JsonElement item, string idName)
    {
        if (item.ValueKind == JsonValueKind.String)
            return (item.GetString()!, false);
        if (item.ValueKind != JsonValueKind.Object)
            return null;
        string? id = null;
        var manages = false;
        foreach (var member in item.EnumerateObject())
        {
            if (member.Name == idName && member.Value.ValueKind == JsonValueKind.String)
                id = member.Value.GetString();
            else if (
                member.Name == "manages"
                && member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
            )
                manages = member.Value.GetBoolean();
            // What a GET tells of a member beside these.
            else if (member.Name != "name")
                return null;
        }
        return id is null ? null : (id, manages);
    }
}

/// <summary>Ids of users, teams and workspaces, which configuration and requests name.</summary>
internal static class EntityId
{
    public const int Longest = 64;
    public const string Allowed =
        "1 to 64 letters, digits, dots, dashes, underscores and colons, beginning with a letter or digit";

    public static bool IsOne(string text) =>
        text.Length is > 0 and <= Longest
        && char.IsAsciiLetterOrDigit(text[0])
        && text.All(static letter =>
            char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or ':'
        );
}
