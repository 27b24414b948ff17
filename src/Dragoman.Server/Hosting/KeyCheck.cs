using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Canonical;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Hosting;

/// <summary>
/// Finds out whose key a request carries. Nothing is waited for, locked or written down, whatever is offered. What is wrong is told:
/// of a key that is known, to who holds its secret alone.
/// </summary>
internal sealed class KeyCheck(
    AdminKey? admin,
    KeyBook book,
    PeopleBook people,
    WrongKeys wrong,
    TimeProvider time
)
{
    /// <summary>True while nobody could offer a right one.</summary>
    public bool HasNone => admin is null && book.IsEmpty;

    /// <summary>Who calls; null where they may not, with the reason.</summary>
    public Caller? Find(HttpRequest request, out GatewayError? refusal)
    {
        var offered = OfferedKeys.Of(request);
        refusal = null;
        Caller? caller = null;
        var isMistyped = false;
        for (var place = 0; place < OfferedKeys.Places; place++)
        {
            var secret = offered[place];
            if (secret.IsEmpty)
                continue;
            var found = Known(secret, request.HttpContext, ref refusal, ref isMistyped);
            if (found is null || found.Id == caller?.Id)
                continue;
            // One of them alone may be a placeholder; of two that count, nobody can say who calls.
            if (caller is not null)
            {
                refusal = TwoKeys;
                return null;
            }
            caller = found;
        }
        if (caller is not null)
        {
            refusal = null;
            return caller;
        }
        if (refusal is null && !offered.IsEmpty)
            wrong.Count(request.HttpContext);
        refusal ??=
            isMistyped ? Mistyped
            : !offered.IsEmpty ? Unknown
            : offered.IsMalformed ? Malformed
            : Missing;
        return null;
    }

    private Caller? Known(
        ReadOnlySpan<char> secret,
        HttpContext context,
        ref GatewayError? refusal,
        ref bool isMistyped
    )
    {
        if (KeySecret.IsWhole(secret))
        {
            if (book.Find(KeyHash.Of(secret)) is { } ticket)
                return Admit(ticket, context, ref refusal);
        }
        else if (KeySecret.LooksLikeOne(secret))
            isMistyped = true;
        return admin is not null && admin.Opens(secret) ? Caller.AdminKey : null;
    }

    private Caller? Admit(KeyTicket ticket, HttpContext context, ref GatewayError? refusal)
    {
        var (now, key) = (time.GetUtcNow(), ticket.Record.Key);
        if (
            (
                key.WhyNot(now)
                ?? (ticket.Until <= now ? key.Replaced() : null)
                ?? people.Current.WhyNot(key)
            ) is
            { } why
        )
        {
            refusal ??= why;
            return null;
        }
        if (key.Addresses?.Contains(context.Connection.RemoteIpAddress) is false)
        {
            refusal ??= new GatewayError(
                GatewayErrorKind.Permission,
                $"The API key '{key.Name}' may not be used from {context.Connection.RemoteIpAddress}."
            )
            {
                Code = "address_not_allowed",
            };
            return null;
        }
        ticket.Record.Use(now);
        return ticket.Caller;
    }

    private static readonly GatewayError Missing = Invalid(
        "No API key was sent: send `Authorization: Bearer <key>` (x-api-key, api-key, x-goog-api-key and ?key= do too)."
    );

    private static readonly GatewayError Malformed = Invalid(
        "The Authorization header is malformed: send `Authorization: Bearer <key>`."
    );

    private static readonly GatewayError Unknown = Invalid(
        "The API key is not one of this server's: use one made with `dragoman keys create`, or the one in DRAGOMAN_ADMIN_KEY."
    );

    private static readonly GatewayError Mistyped = Invalid(
        "The API key is not one of this server's: it is not whole, or was mistyped (its last letters do not fit the others)."
    );

    private static readonly GatewayError TwoKeys = Invalid(
        "Two different keys of this server were sent: send one, in one place."
    );

    private static GatewayError Invalid(string message) =>
        new(GatewayErrorKind.Authentication, message) { Code = "invalid_api_key" };
}
