using System.Buffers;

namespace Dragoman.Canonical;

/// <summary>One choice of a streamed answer while its deltas come in.</summary>
internal sealed class ChoiceInMaking(int index)
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _reasoning = new();
    private readonly ArrayBufferWriter<byte> _signature = new();
    private readonly ArrayBufferWriter<byte> _refusal = new();
    private readonly ArrayBufferWriter<byte> _logProbs = new();
    private readonly SortedDictionary<int, ToolCallInMaking> _toolCalls = [];
    private readonly RawFieldsInMaking _choiceRaw = new(joinsLists: true);
    private readonly RawFieldsInMaking _messageRaw = new(joinsLists: true);
    private string? _reasoningName;
    private StopReason _stop;
    private JsonText? _stopWord;

    public void Take(in ChatEvent chatEvent)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.TextDelta:
                _text.Write(chatEvent.Text);
                break;
            case ChatEventKind.ReasoningDelta:
                _reasoning.Write(chatEvent.Text);
                if (!chatEvent.Name.IsEmpty)
                    _reasoningName ??= JsonUnescape.ToText(chatEvent.Name);
                break;
            case ChatEventKind.ReasoningSignature:
                _signature.Write(chatEvent.Text);
                break;
            case ChatEventKind.RefusalDelta:
                _refusal.Write(chatEvent.Text);
                break;
            case ChatEventKind.ToolCallStart:
                _toolCalls[chatEvent.ToolCall] = new ToolCallInMaking(
                    Text(chatEvent.Name),
                    chatEvent.Id.IsEmpty ? null : Text(chatEvent.Id)
                );
                break;
            case ChatEventKind.ToolArgumentDelta
                when _toolCalls.TryGetValue(chatEvent.ToolCall, out var call):
                call.Arguments.Write(chatEvent.Text);
                break;
            case ChatEventKind.LogProbs:
                LogProbsJoin.Append(_logProbs, chatEvent.Json);
                break;
            case ChatEventKind.Stop:
                _stop = chatEvent.Stop;
                _stopWord = chatEvent.Text.IsEmpty ? null : Text(chatEvent.Text);
                break;
            case ChatEventKind.Raw when chatEvent.Scope is RawScope.ToolCall:
                if (_toolCalls.TryGetValue(chatEvent.ToolCall, out var owner))
                    owner.Raw.Take(chatEvent);
                break;
            case ChatEventKind.Raw:
                (chatEvent.Scope is RawScope.Delta ? _messageRaw : _choiceRaw).Take(chatEvent);
                break;
        }
    }

    public ChatChoice Build()
    {
        var parts = new List<Part>();
        if (_reasoning.WrittenCount + _signature.WrittenCount > 0)
            parts.Add(
                new ReasoningPart(Text(_reasoning.WrittenSpan))
                {
                    Signature = _signature.WrittenCount > 0 ? Text(_signature.WrittenSpan) : null,
                    WireName = _reasoningName,
                }
            );
        if (_text.WrittenCount > 0)
            parts.Add(new TextPart(Text(_text.WrittenSpan)));
        if (_refusal.WrittenCount > 0)
            parts.Add(new RefusalPart(Text(_refusal.WrittenSpan)));
        foreach (var call in _toolCalls.Values)
            parts.Add(
                new ToolCallPart(
                    call.Name,
                    ToolArguments.FromText(Text(call.Arguments.WrittenSpan))
                )
                {
                    Id = call.Id,
                    Raw = call.Raw.Build(),
                }
            );
        return new ChatChoice(
            index,
            new Message(MessageRole.Assistant, parts)
            {
                IsBareText = true,
                Raw = _messageRaw.Build(),
            }
        )
        {
            Stop = _stop,
            StopWord = _stopWord,
            LogProbs = LogProbsJoin.Close(_logProbs),
            Raw = _choiceRaw.Build(),
        };
    }

    private static JsonText Text(ReadOnlySpan<byte> escaped) =>
        JsonText.FromEscaped(escaped.ToArray());

    private sealed record ToolCallInMaking(JsonText Name, JsonText? Id)
    {
        public ArrayBufferWriter<byte> Arguments { get; } = new();
        public RawFieldsInMaking Raw { get; } = new(joinsLists: false);
    }
}
