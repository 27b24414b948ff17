using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIResponses;
using Dragoman.Exchanges;
using Dragoman.Guardrails;
using Dragoman.Routing;

namespace Dragoman.Conversations;

/// <summary>
/// What OpenAI's responses keep from one request to the next: an exchange that carries on from an answer gets the conversation
/// before it, unless it goes to the provider that keeps that answer itself; and its own answer is kept, unless it says not to.
/// </summary>
public sealed class RecallStep(IResponseStore store, TimeProvider time) : IExchangeStep
{
    public async ValueTask InvokeAsync(Exchange exchange, ExchangeDelegate next)
    {
        if (
            exchange.Operation != Operation.Chat
            || exchange.Dialect.Name != OpenAIResponsesDialect.DialectName
        )
        {
            await next(exchange);
            return;
        }
        var wants = ResponseWants.Read(exchange.Body.Span);
        var error =
            wants.Background ? NoBackground()
            : wants.PreviousId is { } id ? await RecallAsync(exchange, id)
            : null;
        if (error is not null)
        {
            await ErrorReply.SendAsync(exchange, error);
            return;
        }
        if (wants.OwnTools)
            exchange.Set(new OwnTools());
        if (wants.Store)
            exchange.Set<IReplyObserver>(
                new ResponseKeeper(store, exchange, wants.PreviousId, time)
            );
        await next(exchange);
    }

    /// <summary>Hangs the conversation before this turn on the exchange; what is wrong where that cannot be.</summary>
    private async ValueTask<GatewayError?> RecallAsync(Exchange exchange, string id)
    {
        var chain = exchange.Get<RoutingDecision>()!.Chain;
        // What was masked is no body any more that could be relayed to who keeps the conversation.
        var isMasked = exchange.Get<ChatRequest>() is not null;
        var (turns, missing) = await store.TurnsAsync(exchange.Caller, id, exchange.ClientGone);
        if (!isMasked && turns is [.., { KeptBy: { } keeper }])
        {
            var kept = new KeptAnswer(keeper);
            exchange.Set(kept);
            if (chain.All(kept.IsAt))
                return null;
        }
        if (missing is not null)
            // A provider may know what we do not; where none does, nobody needs to be asked.
            return !isMasked && chain.Any(KeptAnswer.IsKeptAt) ? null : NotFound(missing);
        var body = ResponseItems.Expand(exchange.Body.Span, turns);
        if (
            !exchange.Dialect.TryReadRequest(
                body,
                exchange.Envelope,
                out var request,
                out var wrong
            )
        )
            return wrong;
        if (exchange.Get<ExchangeGuardrails>() is { SeeInput: true } guardrails)
        {
            (request, var refusal) = guardrails.GuardRecalled(request!);
            if (refusal is not null)
                return refusal;
        }
        exchange.Set(request!);
        return null;
    }

    private static GatewayError NotFound(string id) =>
        new(GatewayErrorKind.InvalidRequest, $"Previous response with id '{id}' not found.")
        {
            Code = "previous_response_not_found",
            Param = "previous_response_id",
        };

    private static GatewayError NoBackground() =>
        new(
            GatewayErrorKind.InvalidRequest,
            "'background' is not supported: leave it out, and stream the answer where it takes long."
        )
        {
            Code = "unsupported_parameter",
            Param = "background",
        };
}
