using Dragoman.Conversations.Context;
using Dragoman.Exchanges;
using Dragoman.Limits;
using Dragoman.Providers;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <summary>
/// Walks fallback chains: attempt, retry, move on. The commit point: before the first byte of content reaches the client
/// another attempt is free; after it there is none, and what breaks then is told to the client as broken.
/// </summary>
public sealed class Forwarder(HttpProvider http, TimeProvider time, Random random)
{
    internal HttpProvider Http { get; } = http;
    internal TimeProvider Time { get; } = time;

    /// <summary>For jitter and for choosing among equals; must be safe for concurrent use, as <see cref="System.Random.Shared"/> is.</summary>
    internal Random Random { get; } = random;

    /// <summary>Who makes summaries of long conversations; null where nobody does.</summary>
    internal ISummarizer? Summarizer { get; init; }

    /// <summary>Who is asked before every attempt.</summary>
    internal Admission Admission { get; init; } = Admission.Open;

    /// <summary>Forwards one exchange to its end: the client has its answer or its error when this completes.</summary>
    public ValueTask ForwardAsync(Exchange exchange, RoutingDecision decision) =>
        new ForwardingRun(this, exchange, decision).RunAsync();
}
