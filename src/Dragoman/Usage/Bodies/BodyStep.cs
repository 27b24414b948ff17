using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Usage.Bodies;

/// <summary>Keeps prompt and answer of an exchange that somebody wants them kept of. Costs nothing else.</summary>
internal sealed class BodyStep(BodyKeeper? keeper) : IExchangeStep
{
    public ValueTask InvokeAsync(Exchange exchange, ExchangeDelegate next) =>
        keeper is not null && exchange.Snapshot.Find<BodyBook>()?.For(exchange) is { } rule
            ? KeepAsync(exchange, next, keeper, rule)
            : next(exchange);

    private static async ValueTask KeepAsync(
        Exchange exchange,
        ExchangeDelegate next,
        BodyKeeper keeper,
        BodyRule rule
    )
    {
        var reply = new WatchedReply(exchange.Reply);
        exchange.Reply = reply;
        try
        {
            await next(exchange);
        }
        finally
        {
            keeper.Take(
                new WaitingBody(exchange.Id, exchange.StartedAt, rule, exchange.Dialect)
                {
                    Prompt = PromptOf(exchange),
                    Answer = reply.Copy,
                    IsStream = exchange.Envelope.Stream,
                    IsAnswer =
                        exchange.Operation == Operation.Chat
                        && exchange.Log.Outcome
                            is ExchangeOutcome.Succeeded
                                or ExchangeOutcome.Broken,
                }
            );
        }
    }

    /// <summary>What was sent; where nobody changed it, what the client said. Null where that cannot be read.</summary>
    private static byte[]? PromptOf(Exchange exchange)
    {
        if (exchange.Operation == Operation.Embeddings)
            return exchange.Get<EmbeddingRequest>() is { } masked ? BodyText.Of(masked)
                : exchange.Dialect.Embeddings?.TryReadRequest(
                    exchange.Body,
                    exchange.Envelope,
                    out var inputs,
                    out _
                )
                    is true
                && inputs is not null
                    ? BodyText.Of(inputs)
                : null;
        var chat = exchange.Get<ChatRequest>() ?? exchange.Get<ReadRequest>()?.Chat;
        if (
            chat is null
            && exchange.Operation == Operation.Chat
            && exchange.Dialect.TryReadRequest(
                exchange.Body,
                exchange.Envelope,
                out var read,
                out _
            )
        )
            chat = read;
        return chat is null ? null : BodyText.Of(chat);
    }
}

/// <summary>A prompt and an answer as they came, before anything is taken out of them.</summary>
internal sealed record WaitingBody(
    RequestId Request,
    DateTimeOffset StartedAt,
    BodyRule Rule,
    IDialect Dialect
)
{
    public byte[]? Prompt { get; init; }

    /// <summary>The answer in the client's dialect.</summary>
    public ReadOnlyMemory<byte> Answer { get; init; }
    public bool IsStream { get; init; }

    /// <summary><see cref="Answer"/> is one, or as much of one as the client got; else it is an error.</summary>
    public bool IsAnswer { get; init; }
}
