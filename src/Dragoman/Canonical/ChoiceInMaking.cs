namespace Dragoman.Canonical;

/// <summary>One choice of a streamed answer while its deltas come in: its parts in the order they began.</summary>
internal sealed class ChoiceInMaking(int index)
{
    private readonly List<PartInMaking> _parts = [];
    private readonly System.Buffers.ArrayBufferWriter<byte> _logProbs = new();
    private readonly RawFieldsInMaking _choiceRaw = new(joinsLists: true);
    private readonly RawFieldsInMaking _messageRaw = new(joinsLists: true);
    private PartInMaking? _open;
    private RawFieldsInMaking? _ofNextCall;
    private StopReason _stop;
    private JsonText? _stopWord;
    private JsonText? _stopSequence;

    public void Take(in ChatEvent chatEvent)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.TextDelta:
                Open(PartKind.Text).Append(chatEvent.Text);
                break;
            case ChatEventKind.RefusalDelta:
                Open(PartKind.Refusal).Append(chatEvent.Text);
                break;
            case ChatEventKind.ReasoningDelta:
                Open(PartKind.Reasoning).AppendReasoning(chatEvent);
                break;
            case ChatEventKind.ReasoningSignature:
                Open(PartKind.Reasoning).Sign(chatEvent);
                break;
            case ChatEventKind.RedactedReasoning:
                Begin(PartKind.Reasoning).Redact(chatEvent);
                _open = null;
                break;
            case ChatEventKind.ToolCallStart:
                Begin(PartKind.ToolCall).Call(chatEvent, _ofNextCall);
                _ofNextCall = null;
                break;
            case ChatEventKind.ToolArgumentDelta:
                CallOf(chatEvent.ToolCall)?.Append(chatEvent.Text);
                break;
            case ChatEventKind.PartEnd:
                _open = null;
                break;
            case ChatEventKind.RawPart:
                Begin(PartKind.Raw).Carry(chatEvent);
                _open = null;
                break;
            case ChatEventKind.LogProbs:
                LogProbsJoin.Append(_logProbs, chatEvent.Json);
                break;
            case ChatEventKind.Stop:
                _stop = chatEvent.Stop;
                _stopWord = TextOrNull(chatEvent.Text);
                _stopSequence = TextOrNull(chatEvent.Id);
                break;
            case ChatEventKind.Raw when chatEvent.Scope is RawScope.ToolCall:
                (CallOf(chatEvent.ToolCall)?.Raw ?? (_ofNextCall ??= new(joinsLists: false))).Take(
                    chatEvent
                );
                break;
            case ChatEventKind.Raw:
                (chatEvent.Scope is RawScope.Delta ? _messageRaw : _choiceRaw).Take(chatEvent);
                break;
        }
    }

    public ChatChoice Build() =>
        new(
            index,
            new Message(MessageRole.Assistant, [.. _parts.Select(static part => part.Build())])
            {
                IsBareText = true,
                Raw = _messageRaw.Build(),
            }
        )
        {
            Stop = _stop,
            StopWord = _stopWord,
            StopSequence = _stopSequence,
            LogProbs = LogProbsJoin.Close(_logProbs),
            Raw = _choiceRaw.Build(),
        };

    /// <summary>The part that is open where it is of this kind and goes on; else a new one.</summary>
    private PartInMaking Open(PartKind kind) =>
        _open is { } open && open.Kind == kind && !(kind is PartKind.Reasoning && open.IsSigned)
            ? open
            : Begin(kind);

    private PartInMaking Begin(PartKind kind)
    {
        _open = new PartInMaking(kind);
        _parts.Add(_open);
        return _open;
    }

    private PartInMaking? CallOf(int toolCall) =>
        _parts.FindLast(part => part.Kind is PartKind.ToolCall && part.ToolCall == toolCall);

    private static JsonText? TextOrNull(ReadOnlySpan<byte> escaped) =>
        escaped.IsEmpty ? null : JsonText.FromEscaped(escaped.ToArray());
}
