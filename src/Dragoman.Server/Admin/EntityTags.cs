using Dragoman.Canonical;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Dragoman.Server.Admin;

/// <summary>Marks of a thing's version (RFC 9110, 8.8.3), so that nobody overwrites what another has changed meanwhile.</summary>
internal static class EntityTags
{
    /// <summary>Quotes a mark, as headers have it.</summary>
    public static string Quoted(string mark) => $"\"{mark}\"";

    public static void Write(HttpResponse response, string mark) =>
        response.Headers.ETag = Quoted(mark);

    /// <summary>What is wrong with the request's <c>If-Match</c>, where a change must bear one; null where it fits.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mark">The mark of the version that is there now.</param>
    public static GatewayError? Required(HttpRequest request, string mark) =>
        request.Headers.IfMatch.Count > 0
            ? Optional(request, mark)
            : new GatewayError(
                GatewayErrorKind.InvalidRequest,
                "Send If-Match with the ETag that a GET of this gave, so that no change of somebody else is lost."
            )
            {
                StatusOverride = StatusCodes.Status428PreconditionRequired,
                Code = "if_match_required",
                Param = "If-Match",
            };

    /// <summary>The same where the header may be left away.</summary>
    public static GatewayError? Optional(HttpRequest request, string mark)
    {
        if (request.Headers.IfMatch.Count == 0)
            return null;
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags))
            return new GatewayError(
                GatewayErrorKind.InvalidRequest,
                "If-Match is malformed: it must be an ETag as a GET gives it, quotes included, e.g. \"v3\"."
            )
            {
                Code = "invalid_header",
                Param = "If-Match",
            };
        foreach (var tag in tags)
            if (!tag.IsWeak && (tag.Tag == "*" || tag.Tag == Quoted(mark)))
                return null;
        return new GatewayError(
            GatewayErrorKind.InvalidRequest,
            "It was changed since you read it: read it again, and send its new ETag with your change."
        )
        {
            StatusOverride = StatusCodes.Status412PreconditionFailed,
            Code = "stale",
            Param = "If-Match",
        };
    }
}
