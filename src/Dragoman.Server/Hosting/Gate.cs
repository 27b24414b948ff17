using System.Net;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Server.Inference;
using Dragoman.Server.SignIn;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Hosting;

/// <summary>
/// Who may call: with a key, whoever holds one and has the permission that the address asks; without, this machine's programs but not
/// web pages open in its browsers. Stands behind routing, which tells what the address asks.
/// </summary>
internal sealed class Gate(KeyCheck keys, SessionDoor sessions)
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
        var isOpen = IsOpen;
        if (isOpen && WhyForeign(context) is { } foreign)
            return RefuseAsync(context, foreign);
        if (Visit(context) is { } visit)
            return AdmitAsync(context, next, visit.Caller, needed, visit.Refusal);
        if (isOpen)
            return next(context);
        if (keys.Find(context.Request, out var refusal) is not { } caller)
        {
            if (refusal!.Kind == GatewayErrorKind.Authentication)
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"dragoman\"";
            return RefuseAsync(context, refusal);
        }
        return AdmitAsync(context, next, caller, needed, refusal: null);
    }

    /// <summary>The session of who brings no key; a key is asked of whoever offers one.</summary>
    private SessionVisit? Visit(HttpContext context)
    {
        if (
            context.Request.Headers.Cookie.Count == 0
            || !OfferedKeys.Of(context.Request).IsEmpty
            || sessions.Find(context.Request) is not { } visit
        )
            return null;
        context.Features.Set(visit);
        return visit;
    }

    private static Task AdmitAsync(
        HttpContext context,
        RequestDelegate next,
        Caller caller,
        Permission needed,
        GatewayError? refusal
    )
    {
        if (!caller.May(needed))
            refusal ??= Forbidden(context.Request, caller, needed);
        if (refusal is not null)
            return RefuseAsync(context, refusal);
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
            $"{request.Method} {request.Path} needs the permission {PermissionNames.Of(needed)}, which the role {RoleNames.Of(caller.Role)} of '{caller.Name}' does not have; these do: {string.Join(", ", RoleTable.Having(needed).Select(RoleNames.Of))}."
        )
        {
            Code = "permission_denied",
        };

    private static Task RefuseAsync(HttpContext context, GatewayError error) =>
        ErrorShape.Of(context.Request).WriteAsync(context.Response, error);
}
