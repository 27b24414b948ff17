namespace Dragoman.Access;

/// <summary>Roles as configuration, the API and refusals write them.</summary>
internal static class RoleNames
{
    private static readonly string[] Words =
    [
        .. Enum.GetValues<Role>().Select(static role => role.ToString().ToLowerInvariant()),
    ];

    public static IReadOnlyList<string> All => Words;

    public static string Of(Role role) => Words[(int)role];

    public static Role? Find(string word) =>
        Array.IndexOf(Words, word) is >= 0 and var at ? (Role)at : null;
}
