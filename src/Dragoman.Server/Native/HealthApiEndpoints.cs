using Dragoman.Canonical;
using Dragoman.Native;
using Dragoman.Server.Inference;
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
        var (now, provider) = (false, default(string));
        foreach (var (name, values) in context.Request.Query)
        {
            // A key may come in the query of every address: the gate has seen to it.
            if (name == "key")
                continue;
            var value = values.Count == 1 ? values[0]! : "";
            switch (name)
            {
                case "now" when bool.TryParse(value, out now):
                    break;
                case "now":
                    await RefuseAsync(
                        context,
                        name,
                        $"now is '{values}'; it must be true or false."
                    );
                    return;
                case "provider" when snapshot().Providers.TryGetValue(value, out var known):
                    provider = known.Name;
                    break;
                case "provider":
                    await RefuseAsync(
                        context,
                        name,
                        $"provider is '{values}'; configured are: {Configured()}."
                    );
                    return;
                default:
                    await RefuseAsync(
                        context,
                        name,
                        $"There is no parameter '{name}' here; known are: now, provider."
                    );
                    return;
            }
        }
        var info = await health.CheckAsync(now, provider, context.RequestAborted);
        if (info is null)
        {
            await RefuseAsync(
                context,
                "provider",
                $"provider is '{provider}', which was taken away just now; configured are: {Configured()}."
            );
            return;
        }
        context.Response.Headers.CacheControl = "no-store";
        await NativeAnswer.WriteAsync(context, info, HealthJson.Default.HealthInfo);
    }

    private string Configured() =>
        snapshot().Providers is { Count: > 0 } providers
            ? string.Join(", ", providers.Keys.Order(StringComparer.Ordinal))
            : "none";

    private static Task RefuseAsync(HttpContext context, string param, string message) =>
        ErrorShape.Problem.WriteAsync(
            context.Response,
            new GatewayError(GatewayErrorKind.InvalidRequest, message)
            {
                Code = "invalid_parameter",
                Param = param,
            }
        );
}
