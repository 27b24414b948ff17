using Dragoman.Canonical;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>The answer to a method that an address does not take, in the shape of its dialect.</summary>
internal static class WrongMethod
{
    public static Task TellAsync(HttpContext context, string allowed, ErrorShape shape)
    {
        context.Response.Headers.Allow = allowed;
        return shape.WriteAsync(
            context.Response,
            new GatewayError(
                GatewayErrorKind.InvalidRequest,
                $"{context.Request.Path} takes {allowed}, not {context.Request.Method}."
            )
            {
                StatusOverride = StatusCodes.Status405MethodNotAllowed,
                Code = "method_not_allowed",
            }
        );
    }
}
