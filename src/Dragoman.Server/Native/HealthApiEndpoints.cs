using Dragoman.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Native;

/// <summary><c>GET /api/llm/health</c>: how the providers are; <c>now=true</c> probes them first, <c>provider</c> asks for one.</summary>
internal sealed class HealthApiEndpoints(GatewayHealth health, Func<GatewaySnapshot> snapshot)
{
    private const string Address = "/api/llm/health";

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.Map(Address, NativeAnswer.Get(AnswerAsync));

    private async Task AnswerAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, "now", "provider");
        var now = parameters.Flag("now") ?? false;
        var provider = parameters.Text("provider");
        if (provider is not null && snapshot().Providers.TryGetValue(provider, out var known))
            provider = known.Name;
        else if (provider is not null)
            parameters.Wrong(
                "provider",
                $"'provider' must be one of those that are configured: {Configured()}."
            );
        if (parameters.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        var info = await health.CheckAsync(now, provider, context.RequestAborted);
        if (info is null)
        {
            parameters.Wrong(
                "provider",
                $"'provider' is '{provider}', which was taken away just now; configured are: {Configured()}."
            );
            await NativeAnswer.RefuseAsync(context, parameters.Error!);
            return;
        }
        context.Response.Headers.CacheControl = "no-store";
        await NativeAnswer.WriteAsync(context, info, HealthJson.Default.HealthInfo);
    }

    private string Configured() =>
        snapshot().Providers is { Count: > 0 } providers
            ? string.Join(", ", providers.Keys.Order(StringComparer.Ordinal))
            : "none";
}
