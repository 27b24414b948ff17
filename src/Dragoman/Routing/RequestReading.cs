using System.Text;
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
    private RequestProfile? _profile;
    private long? _contentLength;

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
                ?? exchange.Get<ReadRequest>()?.Chat
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

    /// <summary>Characters of all text in the conversation, as UTF-16 counts them; null where there is no <see cref="Chat"/>.</summary>
    public long? ContentLength =>
        _contentLength ??= Chat is { } chat ? chat.Messages.Sum(LengthOf) : null;

    /// <summary>What is asked for; null where there is no <see cref="Chat"/>.</summary>
    public Classification.Classification? Classification =>
        _classification ??= Chat is { } chat ? TaskClassifier.Default.Classify(chat) : null;

    /// <summary>What decisions weigh and records keep of it; null where there is no <see cref="Chat"/>.</summary>
    public RequestProfile? Profile => _profile ??= ProfileOf(Classification);

    /// <summary>The same, where somebody asked for it already.</summary>
    public static RequestProfile? Known(Exchange exchange) =>
        exchange.Get<RequestReading>()?._profile;

    private static long LengthOf(Message message)
    {
        long length = 0;
        foreach (var part in message.Parts)
            if (part is TextPart { Text: var text })
                length += text.Escaped.Span.Contains((byte)'\\')
                    ? text.ToString().Length
                    : Encoding.UTF8.GetCharCount(text.Escaped.Span);
        return length;
    }

    private RequestProfile? ProfileOf(Classification.Classification? read)
    {
        if (read is null)
            return null;
        var named = TaskNames.Find(exchange.Wishes.TaskType);
        var signals = read.Signals;
        return new RequestProfile
        {
            Task = named ?? read.Task.Name(),
            Confidence = named is null ? Math.Round(read.Confidence, 3) : 1,
            Difficulty = Math.Round(read.Difficulty, 3),
            Language = signals.Language,
            ContainsCode = signals.ContainsCode,
            ContainsMath = signals.ContainsMath,
            AsksForJson = signals.AsksForJson,
            HasImages = signals.HasImages,
            HasTools = signals.HasTools,
            IsMultiTurn = signals.IsMultiTurn,
            EstimatedTokens = signals.EstimatedTokens,
        };
    }
}
