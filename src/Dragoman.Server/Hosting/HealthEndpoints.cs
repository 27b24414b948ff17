using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Hosting;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: new work may be sent here.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, Readiness readiness)
    {
        endpoints.Map("/health/live", static context => WriteAsync(context.Response, "live", []));
        endpoints.Map(
            "/health/ready",
            context =>
            {
                var reasons = readiness.Reasons();
                if (reasons.Count > 0)
                    context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return WriteAsync(
                    context.Response,
                    reasons.Count == 0 ? "ready" : "not ready",
                    reasons
                );
            }
        );
    }

    private static async Task WriteAsync(
        HttpResponse response,
        string status,
        IReadOnlyList<string> reasons
    )
    {
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        await using (var json = new Utf8JsonWriter(response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, status);
            if (reasons.Count > 0)
            {
                json.WriteStartArray("reasons"u8);
                foreach (var reason in reasons)
                    json.WriteStringValue(reason);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }
}
