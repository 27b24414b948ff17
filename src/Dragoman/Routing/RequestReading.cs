using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing.Classification;

namespace Dragoman.Routing;

/// <summary>
/// What a request holds, for those that decide by it: read whole and classified at the first question, once for each exchange. Who
/// asks nothing pays nothing.
/// </summary>
internal sealed class RequestReading(Exchange exchange)
{
    private ChatRequest? _chat;
    private bool _isRead;
    private Classification.Classification? _classification;

    /// <summary>The exchange's reading, the same for all who ask.</summary>
    public static RequestReading Of(Exchange exchange)
    {
        if (exchange.Get<RequestReading>() is { } known)
            return known;
        var reading = new RequestReading(exchange);
        exchange.Set(reading);
        return reading;
    }

    /// <summary>The conversation; null of embeddings, and of a body that is wrong: whoever is asked says so.</summary>
    public ChatRequest? Chat
    {
        get
        {
            if (_isRead)
                return _chat;
            _isRead = true;
            if (exchange.Operation is Operation.Embeddings)
                return null;
            _chat =
                exchange.Get<ChatRequest>()
                ?? (
                    exchange.Dialect.TryReadRequest(
                        exchange.Body,
                        exchange.Envelope,
                        out var read,
                        out _
                    )
                        ? read
                        : null
                );
            return _chat;
        }
    }

    /// <summary>What is asked for; null where there is no <see cref="Chat"/>.</summary>
    public Classification.Classification? Classification =>
        _classification ??= Chat is { } chat ? TaskClassifier.Default.Classify(chat) : null;

    /// <summary>Somebody asked for <see cref="Classification"/> already.</summary>
    public bool IsClassified => _classification is not null;

    /// <summary>One of <see cref="TaskNames.All"/>: what the client says its task is, else the classifier; null where neither tells.</summary>
    public string? Task =>
        TaskNames.Find(exchange.Wishes.TaskType) ?? TaskNames.Find(Classification?.Task.Name());

    /// <summary>How likely a weaker model fails where a stronger one succeeds, 0 to 1; null where there is no <see cref="Chat"/>.</summary>
    public double? Difficulty => Classification?.Difficulty;
}
