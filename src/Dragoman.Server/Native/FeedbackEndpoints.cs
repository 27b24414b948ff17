using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Native;

/// <summary><c>POST /api/llm/feedback</c>: what somebody thinks of an answer.</summary>
internal sealed class FeedbackEndpoints(Gateway gateway, NativePost posts, Reach reach)
{
    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.Map("/api/llm/feedback", posts.For<GivenFeedback>(Read, AnswerAsync));

    private async Task AnswerAsync(HttpContext context, GivenFeedback given) =>
        await NativeAnswer.WriteAsync(
            context,
            await gateway.GiveFeedbackAsync(
                given.RequestId,
                given.Score,
                given.Comment,
                reach.CallersOf(context.Features.Get<Caller>()),
                context.RequestAborted
            ),
            FeedbackJson.Readable.FeedbackReply
        );

    private static bool Read(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out GivenFeedback? given,
        out GatewayError? error
    ) => FeedbackReader.TryRead(body, out given, out error);
}
