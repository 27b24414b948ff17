using Dragoman.Access;
using Dragoman.Access.Sessions;
using Dragoman.Canonical;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.SignIn;

/// <summary>Finds the session of a request that brings no key.</summary>
internal sealed class SessionDoor(SessionBook book)
{
    /// <summary>The session in its cookie; null where there is none that counts.</summary>
    public SessionVisit? Find(HttpRequest request)
    {
        if (
            SessionCookie.Of(request) is not { } secret
            || book.Use(secret) is not { } found
            || !found.Holder.MayBeUsedFrom(request.HttpContext.Connection.RemoteIpAddress)
        )
            return null;
        return new SessionVisit(
            found.Session,
            found.Holder.Caller,
            SessionSecret.CsrfTokenOf(secret),
            CrossSiteRules.Check(request, secret)
        );
    }
}

/// <summary>A request of somebody who signed in; hung on its features.</summary>
/// <param name="Session">The session.</param>
/// <param name="Caller">Who they are.</param>
/// <param name="CsrfToken">What their changes must bear.</param>
/// <param name="Refusal">Why the request may not pass all the same; null where it may.</param>
internal sealed record SessionVisit(
    Session Session,
    Caller Caller,
    string CsrfToken,
    GatewayError? Refusal
);
