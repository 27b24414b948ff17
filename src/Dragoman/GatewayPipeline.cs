using Dragoman.Conversations;
using Dragoman.Exchanges;
using Dragoman.Forwarding;
using Dragoman.Guardrails;
using Dragoman.Limits;
using Dragoman.Routing;
using Dragoman.Usage;
using Dragoman.Usage.Bodies;

namespace Dragoman;

/// <summary>The way of every exchange, step by step: the one page that shows the architecture.</summary>
public sealed class GatewayPipeline
{
    private readonly ExchangeDelegate _way;

    /// <summary>The way, in the order it is walked; each step sees the answer on its way back up.</summary>
    internal GatewayPipeline(
        RecordStep record,
        BodyStep bodies,
        RateLimitStep limits,
        GuardrailStep guardrails,
        RouteStep route,
        RecallStep recall,
        ForwardStep forward
    )
        : this([
            record, // starts nothing, ends everything: the usage record
            bodies, // prompt and answer, where somebody wants them kept
            limits, // how fast the caller may ask
            guardrails, // what may be sent
            route, // name → chain
            recall, // the conversation before, where a request only names it
            forward, // chain → answer
        ]) { }

    internal GatewayPipeline(IReadOnlyList<IExchangeStep> steps)
    {
        ExchangeDelegate way = static _ => ValueTask.CompletedTask;
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            var (step, next) = (steps[i], way);
            way = exchange => step.InvokeAsync(exchange, next);
        }
        _way = way;
    }

    /// <summary>Walks an exchange to its end. The client has its answer, or was told why not, when it completes.</summary>
    public ValueTask InvokeAsync(Exchange exchange) => _way(exchange);
}
