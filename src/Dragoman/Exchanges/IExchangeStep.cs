namespace Dragoman.Exchanges;

/// <summary>One step on the way of an exchange; the list of them is <c>GatewayPipeline</c>.</summary>
public interface IExchangeStep
{
    /// <summary>Does its part and calls <paramref name="next"/>, or answers the client itself.</summary>
    ValueTask InvokeAsync(Exchange exchange, ExchangeDelegate next);
}

/// <summary>The rest of the way.</summary>
public delegate ValueTask ExchangeDelegate(Exchange exchange);
