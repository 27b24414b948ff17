using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Guardrails;

/// <summary>
/// Looks at what a client sends, as the guardrails it is under want it: lets it by, has it masked, or refuses it. What is masked is
/// hung on the exchange as its request, so that nobody sends the body. Costs nothing where no guardrail applies.
/// </summary>
public sealed class GuardrailStep : IExchangeStep
{
    public ValueTask InvokeAsync(Exchange exchange, ExchangeDelegate next)
    {
        if (
            exchange.Snapshot.Find<GuardrailBook>() is not { IsEmpty: false } book
            || ExchangeGuardrails.For(exchange, book) is not { } guardrails
        )
            return next(exchange);
        exchange.Set(guardrails);
        var error = !guardrails.SeeInput
            ? null
            : exchange.Operation switch
            {
                Operation.Chat => OfChat(exchange, guardrails),
                Operation.Embeddings => OfEmbeddings(exchange, guardrails),
                // A count is estimated here: nothing is sent for it.
                _ => null,
            };
        return error is null ? next(exchange) : ErrorReply.SendAsync(exchange, error);
    }

    private static GatewayError? OfChat(Exchange exchange, ExchangeGuardrails guardrails)
    {
        if (
            !exchange.Dialect.TryReadRequest(
                exchange.Body,
                exchange.Envelope,
                out var chat,
                out var wrong
            )
        )
            return wrong;
        exchange.Set(new ReadRequest(chat!));
        var (guarded, error) = guardrails.Guard(chat!);
        if (error is null && !ReferenceEquals(guarded, chat))
            exchange.Set(ToolCallIds.Given(guarded));
        return error;
    }

    private static GatewayError? OfEmbeddings(Exchange exchange, ExchangeGuardrails guardrails)
    {
        if (
            exchange.Dialect.Embeddings is not { } embeddings
            || !embeddings.TryReadRequest(
                exchange.Body,
                exchange.Envelope,
                out var request,
                out var wrong
            )
        )
            return null;
        if (wrong is not null)
            return wrong;
        var (guarded, error) = guardrails.Guard(request!);
        if (error is null && !ReferenceEquals(guarded, request))
            exchange.Set(guarded);
        return error;
    }
}
