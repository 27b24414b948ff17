using System.Collections.Frozen;

namespace Dragoman.Access;

/// <summary>Which role may do what: the one place that says so.</summary>
public static class RoleTable
{
    private static readonly FrozenDictionary<Role, FrozenSet<Permission>> Granted = new Dictionary<
        Role,
        FrozenSet<Permission>
    >
    {
        [Role.Inference] = Set(Permission.CallModels, Permission.SeeModels, Permission.ReadUsage),
        [Role.Viewer] = Set(
            Permission.SeeModels,
            Permission.ReadUsage,
            Permission.ReadMetrics,
            Permission.ReadAccess,
            Permission.ReadPeople,
            Permission.ReadSpending,
            Permission.ReadConfiguration,
            Permission.ReadAudit
        ),
        [Role.Member] = Set(
            Permission.CallModels,
            Permission.SeeModels,
            Permission.ReadUsage,
            Permission.ReadAccess,
            Permission.ManageAccess,
            Permission.ReadSpending
        ),
        [Role.Manager] = Set(
            Permission.CallModels,
            Permission.SeeModels,
            Permission.ReadUsage,
            Permission.ReadAccess,
            Permission.ManageAccess,
            Permission.ReadPeople,
            Permission.ManagePeople,
            Permission.ReadSpending,
            Permission.ManageSpending
        ),
        [Role.Admin] = Set(Enum.GetValues<Permission>()),
    }.ToFrozenDictionary();

    private static readonly bool[,] Included = WhoIncludesWhom();

    /// <summary>Whether a role may do it.</summary>
    public static bool Allows(Role role, Permission permission) =>
        Granted[role].Contains(permission);

    /// <summary>The roles that may do it.</summary>
    public static IEnumerable<Role> Having(Permission permission) =>
        Enum.GetValues<Role>().Where(role => Allows(role, permission));

    /// <summary>Whether a role may do all that another may: who has it may give that other one away.</summary>
    public static bool Includes(Role role, Role other) => Included[(int)role, (int)other];

    private static bool[,] WhoIncludesWhom()
    {
        var roles = Enum.GetValues<Role>();
        var included = new bool[roles.Length, roles.Length];
        foreach (var role in roles)
        foreach (var other in roles)
            included[(int)role, (int)other] = Granted[other].IsSubsetOf(Granted[role]);
        return included;
    }

    private static FrozenSet<Permission> Set(params ReadOnlySpan<Permission> permissions) =>
        ((Permission[])[Permission.Anyone, Permission.AnyCaller, .. permissions]).ToFrozenSet();
}
