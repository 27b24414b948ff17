using Dragoman.Canonical;
using Dragoman.Providers;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>
/// Notices a request that this process sent itself: it carries our instance id, which goes upstream behind the ids of those
/// before us.
/// </summary>
internal sealed class InstanceMark(string instanceId)
{
    private static readonly GatewayError Loop = new(
        GatewayErrorKind.Loop,
        "The request came back to the server that sent it: a provider's base_url leads back to this server."
    )
    {
        Code = "loop_detected",
    };

    /// <summary>The error where the request is our own.</summary>
    public GatewayError? Check(HttpRequest request)
    {
        foreach (var marks in request.Headers[HttpProvider.InstanceHeader])
        {
            if (marks is not null && marks.Contains(instanceId, StringComparison.OrdinalIgnoreCase))
                return Loop;
        }
        return null;
    }
}
