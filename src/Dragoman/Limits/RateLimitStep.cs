using Dragoman.Access;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Limits.Rates;

namespace Dragoman.Limits;

/// <summary>
/// Counts an exchange under the limits of who asks, and refuses it where one has no room. Those of providers, models and deployments
/// are asked before each attempt instead (<see cref="RateGate"/>).
/// </summary>
internal sealed class RateLimitStep(RateTaker taker, OutputLengths lengths, TimeProvider time)
    : IExchangeStep
{
    public ValueTask InvokeAsync(Exchange exchange, ExchangeDelegate next)
    {
        if (exchange.Snapshot.Find<LimitBook>() is not { OfRequests: { Length: > 0 } limits })
            return next(exchange);
        var lease = taker.Prepare(
            limits,
            ScopeFacts.Of(exchange),
            ExpectedTokens.Of(exchange, lengths, deployment: null),
            // A summary that a request needs runs beside it: it must not wait for the one it belongs to.
            running: exchange.Get<HouseNamed>() is null ? 1 : 0,
            tells: true
        );
        return lease is null ? next(exchange) : LimitAsync(exchange, lease, next);
    }

    private async ValueTask LimitAsync(Exchange exchange, RateLease lease, ExchangeDelegate next)
    {
        var refusal = await taker.TakeAsync(lease, exchange.ClientGone);
        if (refusal is not null)
        {
            LimitHeaders.Tell(exchange, lease.Standings!, time.GetUtcNow());
            await ErrorReply.SendAsync(exchange, LimitErrors.Of(refusal));
            return;
        }
        try
        {
            exchange.Set(lease);
            LimitHeaders.Tell(exchange, lease.Standings!, time.GetUtcNow());
            await next(exchange);
        }
        finally
        {
            taker.End(lease, SpentTokens.Of(exchange.Log, lease.Need));
        }
    }
}
