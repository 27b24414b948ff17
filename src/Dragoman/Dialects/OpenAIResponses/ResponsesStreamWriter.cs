using System.Buffers;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>
/// Writes a streamed response: every item added and done, every part of it likewise, numbers rising by one, and at the end the
/// whole answer once more. One answer alone is told: this dialect has no second choice.
/// </summary>
internal sealed class ResponsesStreamWriter : IChatEventSink
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    private readonly ResponseHead _head;
    private readonly ResponsesEventWriter _events;
    private readonly ResponsesItemsWriter _items;
    private readonly IReplyObserver? _observer;
    private bool _hasPreamble;
    private bool _hasEnded;
    private StopReason _stop;
    private TokenUsage? _usage;
    private RawField? _rawUsage;

    /// <param name="output">Where it goes; after each event it holds whole server-sent events.</param>
    /// <param name="writing">How it is to be written.</param>
    public ResponsesStreamWriter(IBufferWriter<byte> output, in StreamWriting writing)
    {
        _head = new ResponseHead(writing.Fallback);
        _hasPreamble = writing.LeavesOutPreamble;
        // Those two events the client already has.
        _events = new ResponsesEventWriter(output, first: _hasPreamble ? 2 : 0);
        _items = new ResponsesItemsWriter(_events, _head);
        _observer = writing.Observer;
    }

    public void Take(in ChatEvent chatEvent)
    {
        if (_hasEnded || chatEvent.Choice > 0)
            return;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                Start(chatEvent);
                break;
            case ChatEventKind.Stop:
                _stop = chatEvent.Stop;
                break;
            case ChatEventKind.Usage:
                _usage = chatEvent.Usage;
                _rawUsage =
                    chatEvent.Dialect == Dialect && !chatEvent.Json.IsEmpty
                        ? new RawField(
                            Dialect,
                            null,
                            JsonText.Of("usage"),
                            new RawJson(chatEvent.Json.ToArray())
                        )
                        : null;
                break;
            case ChatEventKind.Error:
                // Told by whoever knows whether it is the last word.
                _hasEnded = true;
                break;
            case ChatEventKind.End:
                _hasEnded = true;
                EnsurePreamble();
                WriteEnd();
                break;
            default:
                EnsurePreamble();
                _items.Take(chatEvent);
                break;
        }
    }

    private void Start(in ChatEvent start)
    {
        // Another dialect's ids mean nothing to clients of this one, and may repeat.
        if (ResponsesReplyWriter.IsOwnId(start.Id))
            _head.Id = JsonText.FromEscaped(start.Id.ToArray());
        if (!start.Name.IsEmpty)
            _head.Model = JsonText.FromEscaped(start.Name.ToArray());
        if (start.Created != 0)
            _head.Created = start.Created;
        EnsurePreamble();
    }

    private void EnsurePreamble()
    {
        if (_hasPreamble)
            return;
        _hasPreamble = true;
        WriteResponse("response.created"u8);
        WriteResponse("response.in_progress"u8);
    }

    private void WriteResponse(ReadOnlySpan<byte> type)
    {
        _events.Begin(type);
        var json = _events.Member("response"u8);
        _head.WriteBeforeOutput(json, "in_progress"u8, reason: default);
        json.WriteStartArray("output"u8);
        json.WriteEndArray();
        _head.WriteBehindOutput(json, usage: null, rawUsage: null);
        _events.End();
    }

    private void WriteEnd()
    {
        _items.CloseAll();
        var reason = ResponsesStopWords.Reason(_stop);
        var whole = new ArrayBufferWriter<byte>(1024);
        using (var json = DialectJson.NewWriter(whole))
        {
            _head.WriteBeforeOutput(json, reason.IsEmpty ? "completed"u8 : "incomplete"u8, reason);
            json.WriteStartArray("output"u8);
            foreach (var item in _items.Done)
                json.WriteRawValue(item, skipInputValidation: true);
            json.WriteEndArray();
            _head.WriteBehindOutput(json, _usage, _rawUsage);
        }
        _observer?.Take(whole.WrittenSpan);
        _events.Begin(reason.IsEmpty ? "response.completed"u8 : "response.incomplete"u8);
        _events.Json("response"u8, whole.WrittenSpan);
        _events.End();
    }
}
