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
        if (MayHoldUrls(exchange) && WrongUrl(exchange) is { } wrongUrl)
            return ErrorReply.SendAsync(exchange, wrongUrl);
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

    private static bool MayHoldUrls(Exchange exchange) =>
        exchange.Operation == Operation.Chat
        && (
            exchange.Envelope.Needs
            & (RequestNeeds.Vision | RequestNeeds.Audio | RequestNeeds.Files)
        ) != RequestNeeds.None;

    /// <summary>What is wrong with the addresses of images, sounds and files; null where nothing is, or where the body is wrong, which others tell.</summary>
    private static GatewayError? WrongUrl(Exchange exchange)
    {
        var policy = exchange.Snapshot.Find<UrlPolicy>() ?? UrlPolicy.Strict;
        if (policy.AllowsAll)
            return null;
        if (!exchange.Dialect.TryReadRequest(exchange.Body, exchange.Envelope, out var chat, out _))
            return null;
        exchange.Set(new ReadRequest(chat!));
        var error = policy.Check(chat!, out var names);
        if (names.Count > 0)
            exchange.Set(new FetchedHosts(names));
        return error;
    }

    private static GatewayError? OfChat(Exchange exchange, ExchangeGuardrails guardrails)
    {
        if (exchange.Get<ReadRequest>()?.Chat is not { } chat)
        {
            if (
                !exchange.Dialect.TryReadRequest(
                    exchange.Body,
                    exchange.Envelope,
                    out chat,
                    out var wrong
                )
            )
                return wrong;
            exchange.Set(new ReadRequest(chat!));
        }
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
