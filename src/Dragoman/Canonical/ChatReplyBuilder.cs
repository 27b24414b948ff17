namespace Dragoman.Canonical;

/// <summary>Gathers the events of a stream into the whole answer they amount to.</summary>
public sealed class ChatReplyBuilder : IChatEventSink
{
    private readonly SortedDictionary<int, ChoiceInMaking> _choices = [];
    private readonly RawFieldsInMaking _raw = new(joinsLists: false);
    private readonly List<Citation> _citations = [];
    private JsonText? _id;
    private JsonText? _model;
    private long? _created;
    private TokenUsage? _usage;
    private RawField? _rawUsage;

    /// <summary>The error the stream ended with; null while it has not.</summary>
    public GatewayError? Error { get; private set; }

    /// <summary>The stream ended soundly.</summary>
    public bool IsComplete { get; private set; }

    public void Take(in ChatEvent chatEvent)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                _id = TextOrNull(chatEvent.Id);
                _model = TextOrNull(chatEvent.Name);
                _created = chatEvent.Created == 0 ? null : chatEvent.Created;
                break;
            case ChatEventKind.Usage:
                _usage = chatEvent.Usage;
                _rawUsage = chatEvent.Dialect is { } dialect
                    ? new RawField(dialect, null, JsonText.Of("usage"), Json(chatEvent.Json))
                    : null;
                break;
            case ChatEventKind.Error:
                Error = chatEvent.Error;
                break;
            case ChatEventKind.End:
                IsComplete = true;
                break;
            case ChatEventKind.Citation:
                _citations.Add(
                    new Citation(Text(chatEvent.Text))
                    {
                        Title = TextOrNull(chatEvent.Name),
                        Quote = TextOrNull(chatEvent.Id),
                    }
                );
                break;
            case ChatEventKind.Raw when chatEvent.Scope is RawScope.Reply:
                _raw.Take(chatEvent);
                break;
            default:
                ChoiceOf(chatEvent.Choice).Take(chatEvent);
                break;
        }
    }

    /// <summary>The answer as far as it has come; it shares nothing with the stream's buffers.</summary>
    public ChatReply Build() =>
        new()
        {
            Id = _id,
            Model = _model,
            Created = _created,
            Choices = [.. _choices.Values.Select(choice => choice.Build())],
            Usage = _usage,
            RawUsage = _rawUsage,
            Citations = [.. _citations],
            Raw = _raw.Build(),
        };

    private ChoiceInMaking ChoiceOf(int index)
    {
        if (!_choices.TryGetValue(index, out var choice))
            _choices[index] = choice = new ChoiceInMaking(index);
        return choice;
    }

    private static JsonText Text(ReadOnlySpan<byte> escaped) =>
        JsonText.FromEscaped(escaped.ToArray());

    private static JsonText? TextOrNull(ReadOnlySpan<byte> escaped) =>
        escaped.IsEmpty ? null : Text(escaped);

    private static RawJson Json(ReadOnlySpan<byte> json) => new(json.ToArray());
}
