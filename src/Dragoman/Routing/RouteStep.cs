using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>Finds what the model name means and hangs the <see cref="RoutingDecision"/> on the exchange, or tells the client why there is none.</summary>
public sealed class RouteStep : IExchangeStep
{
    public ValueTask InvokeAsync(Exchange exchange, ExchangeDelegate next)
    {
        var names = exchange.Snapshot.Get<NameResolver>();
        var (decision, error) = names.Resolve(exchange);
        if (error is not null)
            return ErrorReply.SendAsync(exchange, error);

        exchange.Set(decision!);
        exchange.Log.Reason = decision!.Reason;
        foreach (var left in decision.Excluded)
            exchange.Log.Skip(left.Deployment, left.Reason);
        if (names.Table.ClassifiesAll && exchange.Operation is Operation.Chat)
            _ = RequestReading.Of(exchange).Profile;
        return next(exchange);
    }
}
