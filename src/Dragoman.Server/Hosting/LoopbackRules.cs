using System.Net;
using Dragoman.Canonical;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Hosting;

/// <summary>
/// What an open server asks of each request, so that a web page cannot use it through the visitor's browser: a Host that names
/// this machine (a rebound DNS name does not), an Origin of this machine if there is one, and a JSON content type (which a page
/// cannot send to another origin unasked).
/// </summary>
internal static class LoopbackRules
{
    /// <summary>Null where the request may pass.</summary>
    public static GatewayError? Check(HttpRequest request)
    {
        var host = request.Host;
        if (!host.HasValue || !IsLoopback(HostName(host.Value)))
            return new GatewayError(
                GatewayErrorKind.Permission,
                "The Host header does not name this machine. While no key is set, only localhost, 127.0.0.1 and [::1] are served; make one (dragoman keys create) to serve other names."
            )
            {
                Code = "host_not_allowed",
            };

        var origin = request.Headers.Origin;
        if (origin.Count > 0 && !IsLoopbackOrigin(origin.ToString()))
            return new GatewayError(
                GatewayErrorKind.Permission,
                "Web pages of other origins may not call this server while no key is set (Origin header)."
            )
            {
                Code = "origin_not_allowed",
            };

        if (HttpMethods.IsPost(request.Method) && !IsJson(request.ContentType))
            return NotJson;
        return null;
    }

    public static readonly GatewayError NotJson = new(
        GatewayErrorKind.InvalidRequest,
        "The content type must be application/json."
    )
    {
        StatusOverride = StatusCodes.Status415UnsupportedMediaType,
        Code = "unsupported_media_type",
    };

    private static bool IsLoopbackOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https"
        && IsLoopback(address.Host);

    /// <summary>The name before the port; brackets of IPv6 kept.</summary>
    private static ReadOnlySpan<char> HostName(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') ? host[..colon] : host;
    }

    private static bool IsLoopback(ReadOnlySpan<char> name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(name.Trim("[]"), out var address) && IPAddress.IsLoopback(address));

    public static bool IsJson(ReadOnlySpan<char> contentType)
    {
        var end = contentType.IndexOf(';');
        var type = (end < 0 ? contentType : contentType[..end]).Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (
                type.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
                && type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
            );
    }
}
