using Dragoman.Canonical;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Admin;

/// <summary>The refusals that all resources of the admin API share.</summary>
internal static class AdminErrors
{
    public static GatewayError NotFound(string what, string id) =>
        new(GatewayErrorKind.NotFound, $"There is no {what} '{id}'.")
        {
            Code = "not_found",
            Param = "id",
        };

    public static GatewayError Taken(string what, string id) =>
        new(
            GatewayErrorKind.InvalidRequest,
            $"There is a {what} '{id}' already: change it with PUT, or take another name."
        )
        {
            StatusOverride = StatusCodes.Status409Conflict,
            Code = "already_exists",
            Param = "id",
        };

    /// <summary>The file is the user's own: what it says is changed there.</summary>
    public static GatewayError ReadOnly(string what, string id, string file) =>
        new(
            GatewayErrorKind.InvalidRequest,
            $"The {what} '{id}' is declared in the file {file}, which wins over what is stored here: change it there."
        )
        {
            StatusOverride = StatusCodes.Status409Conflict,
            Code = "declared_in_file",
            Param = "id",
        };

    public static GatewayError Conflict(string code, string message, string? param = null) =>
        new(GatewayErrorKind.InvalidRequest, message)
        {
            StatusOverride = StatusCodes.Status409Conflict,
            Code = code,
            Param = param,
        };
}
