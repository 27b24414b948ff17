using System.Net;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Server.Inference;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Hosting;

/// <summary>
/// Who may call: with a key, whoever holds one and has the permission that the address asks; without, this machine's programs but not
/// web pages open in its browsers. Stands behind routing, which tells what the address asks.
/// </summary>
internal sealed class Gate(KeyCheck keys)
{
    /// <summary>Once there was a key, the server is never open again: that the last one is deleted is no invitation.</summary>
    private bool _isClosed;

    /// <summary>No key is set, and none was.</summary>
    public bool IsOpen
    {
        get
        {
            if (Volatile.Read(ref _isClosed))
                return false;
            if (keys.HasNone)
                return true;
            Volatile.Write(ref _isClosed, true);
            return false;
        }
    }

    /// <summary>Lets the request pass, with its <see cref="Caller"/> among the features, or answers it in the shape its address speaks.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var needed = NeededBy(context);
        if (needed == Permission.Anyone)
            return next(context);
        if (IsOpen)
            return WhyForeign(context) is { } foreign
                ? RefuseAsync(context, foreign)
                : next(context);
        if (keys.Find(context.Request, out var refusal) is not { } caller)
        {
            if (refusal!.Kind == GatewayErrorKind.Authentication)
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"dragoman\"";
            return RefuseAsync(context, refusal);
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

    /// <summary>Where it listens says so already; whatever forwards to it from elsewhere, this says it again.</summary>
    private static GatewayError? WhyForeign(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address)
            ? new GatewayError(
                GatewayErrorKind.Permission,
                "While no key is set, only programs on this machine are served: make one there with `dragoman keys create`."
            )
            {
                Code = "address_not_allowed",
            }
            : LoopbackRules.Check(context.Request);

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
