using System.Text.Json;

namespace Dragoman.Access;

/// <summary>Permissions as the API and refusals write them, e.g. <c>call_models</c>.</summary>
internal static class PermissionNames
{
    private static readonly string[] Words =
    [
        .. Enum.GetNames<Permission>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName),
    ];

    public static string Of(Permission permission) => Words[(int)permission];
}
