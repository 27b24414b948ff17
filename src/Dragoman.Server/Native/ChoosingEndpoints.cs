using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Native;
using Dragoman.Native.Recommending;
using Dragoman.Server.Hosting;
using Dragoman.Server.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Native;

/// <summary>
/// <c>POST /api/llm/classify</c>, <c>/route</c> and <c>/recommend</c>, which call nobody, and <c>/compare</c>, which calls several:
/// which model, and why.
/// </summary>
internal sealed class ChoosingEndpoints(
    Gateway gateway,
    InstanceMark instance,
    ExchangeTraces traces,
    NativePost posts
)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/api/llm/classify", posts.For<Query>(ReadChat, ClassifyAsync));
        endpoints.Map("/api/llm/route", posts.For<Query>(ReadChat, RouteAsync));
        endpoints.Map(
            "/api/llm/recommend",
            posts.For<RecommendationQuery>(ReadWish, RecommendAsync)
        );
        endpoints.Map("/api/llm/compare", posts.For<Comparison>(ReadComparison, CompareAsync));
    }

    private static Task ClassifyAsync(HttpContext context, Query query) =>
        NativeAnswer.WriteAsync(
            context,
            Gateway.Classify(query.Chat),
            ClassificationJson.Default.ClassificationInfo
        );

    private Task RouteAsync(HttpContext context, Query query) =>
        NativeAnswer.WriteAsync(
            context,
            gateway.ExplainRoute(
                GatewayRequest.Of(query.Chat, query.Wishes, query.Stream) with
                {
                    Caller = context.Features.Get<Caller>(),
                }
            ),
            RouteJson.Readable.RouteInfo
        );

    private Task RecommendAsync(HttpContext context, RecommendationQuery query) =>
        NativeAnswer.WriteAsync(
            context,
            gateway.Recommend(query, context.Features.Get<Caller>()?.Access),
            RecommendationJson.Readable.RecommendationReply
        );

    private async Task CompareAsync(HttpContext context, Comparison comparison)
    {
        traces.Begin(context.Request);
        var compared = await gateway.CompareAsync(
            comparison.Query.Chat,
            comparison.Query.Wishes,
            comparison.Models,
            context.Features.Get<Caller>(),
            context.RequestAborted
        );
        await NativeAnswer.WriteAsync(context, compared, ComparisonJson.Readable.ComparisonReply);
    }

    /// <summary>Reads a question that is only explained, not asked.</summary>
    internal static bool ReadChat(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out Query? query,
        out GatewayError? error
    )
    {
        if (
            !QueryReader.TryRead(body, ClientHeaders.Wishes(context.Request), out query, out error)
            || query!.Input is null
        )
            return error is null;
        error = new GatewayError(
            GatewayErrorKind.InvalidRequest,
            "'input' asks for embeddings: say 'prompt' or 'messages' here."
        )
        {
            Code = "invalid_request",
            Param = "input",
        };
        return false;
    }

    private static bool ReadWish(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out RecommendationQuery? query,
        out GatewayError? error
    ) => RecommendationReader.TryRead(body, out query, out error);

    /// <summary>What calls providers looks first whether the call is one of its own, come back.</summary>
    private bool ReadComparison(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out Comparison? comparison,
        out GatewayError? error
    )
    {
        comparison = null;
        error = instance.Check(context.Request);
        return error is null
            && ComparisonReader.TryRead(
                body,
                ClientHeaders.Wishes(context.Request),
                out comparison,
                out error
            );
    }
}
