namespace Dragoman.Access;

/// <summary>
/// Who calls: the holder of a virtual key, a user who signed in, or the admin key of the environment. Made once per key and
/// version of it, and shared by all its calls. An open server and calls of this process have none.
/// </summary>
public sealed record Caller
{
    /// <summary>The caller that <c>DRAGOMAN_ADMIN_KEY</c> opens the door to.</summary>
    public static readonly Caller AdminKey = new()
    {
        Id = "admin",
        Name = "DRAGOMAN_ADMIN_KEY",
        Role = Role.Admin,
    };

    /// <summary>Whoever can open the database file itself, as the command line does where no server runs.</summary>
    internal static readonly Caller OfThisMachine = new()
    {
        Id = "local",
        Name = "this machine",
        Role = Role.Admin,
    };

    /// <summary>What usage records call it: a key's id, <c>user:</c> and a user's id, or <c>admin</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }
    public required Role Role { get; init; }

    /// <summary>Id of the user it belongs to; null where it is nobody's.</summary>
    public string? User { get; init; }

    /// <summary>Ids of the teams it belongs to: one of a key, any number of a user.</summary>
    public IReadOnlyList<string> Teams { get; init; } = [];

    /// <summary>Of these, the teams it looks after where its role is manager; null is all.</summary>
    public IReadOnlyList<string>? Managed { get; init; }

    /// <summary>The teams that it looks after if its role is manager.</summary>
    internal IReadOnlyList<string> ManagedTeams => Managed ?? Teams;

    /// <summary>The workspace it is bound to; null leaves the choice to the client.</summary>
    public string? Workspace { get; init; }

    /// <summary>The tier it is bound to; null leaves the choice to the client.</summary>
    public string? Tier { get; init; }

    /// <summary>The tags all its calls bear; null leaves the choice to the client.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The key it calls with; null where it calls with none that is kept here.</summary>
    internal VirtualKey? Key { get; init; }

    /// <summary>What its exchanges hang on; null where nothing ends them before their time.</summary>
    internal Lifeline? Life { get; init; }

    /// <summary>What it may call; null is everything.</summary>
    internal ModelAccess? Access => Key?.Access;

    /// <summary>Whether its role lets it do that.</summary>
    public bool May(Permission permission) => RoleTable.Allows(Role, permission);
}
