using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIResponses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Inference;

/// <summary>The addresses of OpenAI's responses.</summary>
internal sealed class ResponsesEndpoints(InferenceCall call)
{
    private static readonly OpenAIResponsesDialect Dialect = new();

    public void Map(IEndpointRouteBuilder endpoints)
    {
        // A WebSocket is asked for with GET: Codex goes on over HTTP where that is refused with 405 (openai/codex, seen 2026-11).
        endpoints.Map(
            "/v1/responses",
            On(HttpMethods.Post, context => call.AnswerAsync(context, Dialect, Operation.Chat))
        );
        endpoints.Map(
            "/v1/responses/input_tokens",
            On(
                HttpMethods.Post,
                context => call.AnswerAsync(context, Dialect, Operation.CountTokens)
            )
        );
    }

    private static RequestDelegate On(string method, RequestDelegate answer) =>
        context =>
        {
            if (HttpMethods.Equals(context.Request.Method, method))
                return answer(context);
            context.Response.Headers.Allow = method;
            return ErrorShape.OpenAI.WriteAsync(
                context.Response,
                new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    $"{context.Request.Path} takes {method}, not {context.Request.Method}."
                )
                {
                    StatusOverride = StatusCodes.Status405MethodNotAllowed,
                    Code = "method_not_allowed",
                }
            );
        };
}
