using Dragoman.Exchanges;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <summary>The last step: sends the exchange to the chain that routing chose.</summary>
public sealed class ForwardStep(Forwarder forwarder) : IExchangeStep
{
    public ValueTask InvokeAsync(Exchange exchange, ExchangeDelegate next) =>
        forwarder.ForwardAsync(exchange, exchange.Get<RoutingDecision>()!);
}
