using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.AnthropicMessages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Inference;

/// <summary>The addresses of Anthropic's dialect; its list of models is at the address of OpenAI's, see <see cref="AnthropicModels"/>.</summary>
internal static class AnthropicEndpoints
{
    private static readonly AnthropicDialect Dialect = new();

    public static void Map(IEndpointRouteBuilder endpoints, InferenceCall call)
    {
        endpoints.Map(
            "/v1/messages",
            Post(context => call.AnswerAsync(context, Dialect, Operation.Chat))
        );
        endpoints.Map(
            "/v1/messages/count_tokens",
            Post(context => call.AnswerAsync(context, Dialect, Operation.CountTokens))
        );
        endpoints.Map(
            "/v1/messages/{**rest}",
            context =>
                ErrorShape.Anthropic.WriteAsync(
                    context.Response,
                    new GatewayError(
                        GatewayErrorKind.NotFound,
                        $"Nothing answers {context.Request.Method} {context.Request.Path}. There are POST /v1/messages and POST /v1/messages/count_tokens."
                    )
                )
        );
    }

    private static RequestDelegate Post(RequestDelegate answer) =>
        context =>
            HttpMethods.IsPost(context.Request.Method)
                ? answer(context)
                : WrongMethod.TellAsync(context, "POST", ErrorShape.Anthropic);
}
