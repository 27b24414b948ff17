using Dragoman.Canonical;
using Dragoman.Server.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Hosting;

/// <summary>What is answered where nothing is.</summary>
internal static class UnknownAddress
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.Map("/{**path}", AnswerAsync);

    public static Task AnswerAsync(HttpContext context) =>
        ErrorShape.Problem.WriteAsync(
            context.Response,
            new GatewayError(
                GatewayErrorKind.NotFound,
                $"Nothing answers {context.Request.Method} {context.Request.Path}. The OpenAI API is under /v1 (a client's base URL ends in it), Ollama's under /api, models and records at /api/llm/models and /api/llm/requests."
            )
        );
}
