using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Server.Inference;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Hosting;

/// <summary>
/// Who may call: with a key, whoever holds one and has the permission that the address asks; without, this machine's programs but not
/// web pages open in its browsers. Stands behind routing, which tells what the address asks.
/// </summary>
internal sealed class Gate(SecretText? secret)
{
    private readonly AdminKey? _key = secret is null ? null : new AdminKey(secret);

    /// <summary>No key is set.</summary>
    public bool IsOpen => _key is null;

    /// <summary>Lets the request pass, with its <see cref="Caller"/> among the features, or answers it in the shape its address speaks.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var needed = NeededBy(context);
        if (needed == Permission.Anyone)
            return next(context);
        if (_key is null)
            return LoopbackRules.Check(context.Request) is { } foreign
                ? RefuseAsync(context, foreign)
                : next(context);
        var (caller, refusal) = Find(context.Request, _key);
        if (caller is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"dragoman\"";
            return RefuseAsync(context, refusal!);
        }
        if (!caller.May(needed))
            return RefuseAsync(context, Forbidden(context.Request, caller, needed));
        context.Features.Set(caller);
        return next(context);
    }

    /// <summary>Whatever was mapped has its needs; what was not mapped is answered by the last address of all.</summary>
    private static Permission NeededBy(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EndpointNeeds>()?.For(context.Request.Method)
        ?? Permission.AnyCaller;

    private static (Caller? Caller, GatewayError? Refusal) Find(HttpRequest request, AdminKey key)
    {
        var offered = OfferedKeys.Of(request);
        if (offered.Include(key))
            return (Caller.AdminKey, null);
        return (
            null,
            new GatewayError(
                GatewayErrorKind.Authentication,
                offered.IsEmpty
                    ? offered.IsMalformed
                        ? "The Authorization header is malformed: send `Authorization: Bearer <key>`."
                        : "No API key was sent: send `Authorization: Bearer <key>` (x-api-key, api-key, x-goog-api-key and ?key= do too)."
                    : "The API key is not one of this server's: use the one in DRAGOMAN_ADMIN_KEY."
            )
            {
                Code = "invalid_api_key",
            }
        );
    }

    private static GatewayError Forbidden(HttpRequest request, Caller caller, Permission needed) =>
        new(
            GatewayErrorKind.Permission,
            $"{request.Method} {request.Path} needs the permission {needed}, which the role {caller.Role.ToString().ToLowerInvariant()} of '{caller.Name}' does not have; these do: {string.Join(", ", RoleTable.Having(needed).Select(static role => role.ToString().ToLowerInvariant()))}."
        )
        {
            Code = "permission_denied",
        };

    private static Task RefuseAsync(HttpContext context, GatewayError error) =>
        ErrorShape.Of(context.Request).WriteAsync(context.Response, error);
}
