using Dragoman.Access.Sessions;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.SignIn;

/// <summary>
/// The cookie that a session's secret is in: no script reads it, no other site sends it. Over TLS it bears the prefix that keeps
/// other hosts and unencrypted pages from setting it.
/// </summary>
internal static class SessionCookie
{
    public const string Plain = "dragoman-session";
    public const string Secure = "__Host-dragoman-session";

    /// <summary>The secret that a request brings; null where none.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers.Cookie.Count == 0 ? null
        : request.Cookies.TryGetValue(NameFor(request), out var secret)
        && secret.Length == SessionSecret.Length
            ? secret
        : null;

    public static void Set(HttpContext context, string secret) =>
        context.Response.Cookies.Append(NameFor(context.Request), secret, Options(context.Request));

    public static void Clear(HttpContext context) =>
        context.Response.Cookies.Delete(NameFor(context.Request), Options(context.Request));

    private static string NameFor(HttpRequest request) => IsSecure(request) ? Secure : Plain;

    // It ends with the browser; here it ends with the session.
    private static CookieOptions Options(HttpRequest request) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = IsSecure(request),
            Path = "/",
            IsEssential = true,
        };

    /// <summary>TLS ends before this server as a rule, and who ends it says so. A client that says it falsely only binds itself.</summary>
    private static bool IsSecure(HttpRequest request) =>
        request.IsHttps
        || string.Equals(
            request.Headers["X-Forwarded-Proto"].ToString().Split(',')[0].Trim(),
            "https",
            StringComparison.OrdinalIgnoreCase
        );
}
