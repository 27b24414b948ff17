using Dragoman.Access.Sessions;
using Dragoman.Canonical;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.SignIn;

/// <summary>
/// What is asked of a request whose browser may have added the cookie by itself: that no page of another site sent it, and, where
/// it changes something, the session's token in a header. A request with a key is not asked: no browser adds one.
/// </summary>
internal static class CrossSiteRules
{
    public const string TokenHeader = "x-dragoman-csrf";

    /// <summary>Null where the request may pass.</summary>
    /// <param name="request">The request.</param>
    /// <param name="secret">The secret in its cookie.</param>
    public static GatewayError? Check(HttpRequest request, string secret)
    {
        if (IsForeign(request))
            return Foreign;
        if (
            HttpMethods.IsGet(request.Method)
            || HttpMethods.IsHead(request.Method)
            || HttpMethods.IsOptions(request.Method)
        )
            return null;
        return
            request.Headers[TokenHeader] is [{ Length: > 0 } token]
            && SessionSecret.IsCsrfTokenOf(secret, token)
            ? null
            : new GatewayError(
                GatewayErrorKind.Permission,
                $"A change by a session must bear its token in the header {TokenHeader}: GET /api/sessions/current tells it."
            )
            {
                Code = "csrf_token_missing",
                Param = TokenHeader,
            };
    }

    public static readonly GatewayError Foreign = new(
        GatewayErrorKind.Permission,
        "A page of another site may not use a session, nor open one."
    )
    {
        Code = "origin_not_allowed",
    };

    /// <summary>
    /// Browsers say whether a page of the same origin asks; older ones say which origin. Neither can be set by a page. A program says
    /// nothing.
    /// </summary>
    public static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site is not ("same-origin" or "none");
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(
                Uri.TryCreate(origin, UriKind.Absolute, out var address)
                && address.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)
            );
    }
}
