using System.Globalization;
using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Canonical;
using Dragoman.Native;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Admin;

/// <summary>What the addresses of users, teams and workspaces have in common.</summary>
internal static class PeopleAnswer
{
    /// <summary>Tells refusals as problem documents.</summary>
    public static RequestDelegate Of(Func<HttpContext, Task> answer) =>
        async context =>
        {
            try
            {
                await answer(context);
            }
            catch (PeopleRefusedException refused)
            {
                await NativeAnswer.RefuseAsync(context, refused.Error);
            }
            catch (GatewayException refused)
            {
                await NativeAnswer.RefuseAsync(context, refused.Error);
            }
        };

    /// <summary>The same for what comes with a body.</summary>
    public static Func<HttpContext, T, Task> Of<T>(Func<HttpContext, T, Task> answer) =>
        (context, body) => Of(inner => answer(inner, body))(context);

    public static Caller? CallerOf(HttpContext context) => context.Features.Get<Caller>();

    public static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    public static string MarkOf(int version) => version.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="PeopleRefusedException">The request does not bear the mark of this version.</exception>
    public static void CheckMark(HttpContext context, int version)
    {
        if (EntityTags.Required(context.Request, MarkOf(version)) is { } stale)
            throw new PeopleRefusedException(stale);
    }

    /// <summary>The same for what may be taken away unread.</summary>
    public static void CheckMarkIfSent(HttpContext context, int version)
    {
        if (EntityTags.Optional(context.Request, MarkOf(version)) is { } stale)
            throw new PeopleRefusedException(stale);
    }

    /// <exception cref="PeopleRefusedException">The body says another id than the address.</exception>
    public static void CheckId(HttpContext context, string? said)
    {
        if (said is not null && said != IdOf(context))
            throw new PeopleRefusedException(
                new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    $"'id' is '{said}', and the address is that of '{IdOf(context)}': an id never changes."
                )
                {
                    Code = "invalid_request",
                    Param = "id",
                }
            );
    }

    /// <summary>What was made, at its address.</summary>
    public static void Created(HttpContext context, string address, string id, int version)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"{address}/{Uri.EscapeDataString(id)}";
        EntityTags.Write(context.Response, MarkOf(version));
    }

    /// <summary>Reads a delete's parameters: <c>?detach=true</c> lets go of what hangs on it.</summary>
    public static bool Detaches(HttpContext context)
    {
        var query = new QueryParameters(context.Request.Query, "detach");
        var said = query.OneOf("detach", ["true", "false"]);
        return query.Error is { } error ? throw new PeopleRefusedException(error) : said == "true";
    }
}
