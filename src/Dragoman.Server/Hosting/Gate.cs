using Dragoman.Canonical;
using Dragoman.Server.Inference;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Hosting;

/// <summary>Who may call: with a key, whoever holds it; without, this machine's programs but not web pages open in its browsers.</summary>
internal sealed class Gate(SecretText? secret)
{
    private readonly AdminKey? _key = secret is null ? null : new AdminKey(secret);

    /// <summary>No key is set.</summary>
    public bool IsOpen => _key is null;

    /// <summary>Lets the request pass, or answers it in the shape its address speaks.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (IsHealthProbe(context.Request.Path))
            return next(context);
        var refusal = _key is null
            ? LoopbackRules.Check(context.Request)
            : CheckKey(context.Request, _key);
        if (refusal is null)
            return next(context);
        if (refusal.Kind == GatewayErrorKind.Authentication)
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"dragoman\"";
        return ErrorShape.Of(context.Request).WriteAsync(context.Response, refusal);
    }

    private static bool IsHealthProbe(PathString path) =>
        path.Value is "/health/live" or "/health/ready";

    private static GatewayError? CheckKey(HttpRequest request, AdminKey key)
    {
        var offered = OfferedKeys.Of(request);
        if (offered.Include(key))
            return null;
        return new GatewayError(
            GatewayErrorKind.Authentication,
            offered.IsEmpty
                ? offered.IsMalformed
                    ? "The Authorization header is malformed: send `Authorization: Bearer <key>`."
                    : "No API key was sent: send `Authorization: Bearer <key>` (x-api-key, api-key, x-goog-api-key and ?key= do too)."
                : "The API key is not one of this server's: use the one in DRAGOMAN_ADMIN_KEY."
        )
        {
            Code = "invalid_api_key",
        };
    }
}
