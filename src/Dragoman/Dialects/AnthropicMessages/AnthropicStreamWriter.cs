using System.Buffers;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// Writes a streamed message: one <c>message_start</c>, blocks one after another and numbered from 0, and the reason to stop with
/// the final usage in one <c>message_delta</c>, all only as far as the answer goes soundly.
/// </summary>
/// <param name="output">Where it goes; after each event it holds whole server-sent events.</param>
/// <param name="fallback">Stands in for what the provider did not say.</param>
/// <param name="leavesOutPreamble">The client already has <c>message_start</c>.</param>
internal sealed class AnthropicStreamWriter(
    IBufferWriter<byte> output,
    ReplyFallback fallback,
    bool leavesOutPreamble
) : IChatEventSink
{
    private readonly AnthropicEventWriter _events = new(output);
    private readonly AnthropicPendingCalls _calls = new();
    private readonly List<(byte[] Name, byte[] Json)> _replyFields = [];
    private readonly List<(byte[] Name, byte[] Json)> _stopFields = [];
    private readonly List<(byte[] Name, byte[] Json)> _callFields = [];
    private readonly ArrayBufferWriter<byte> _citations = new();
    private JsonText _id;
    private JsonText _model;
    private byte[]? _rawUsage;
    private TokenUsage? _usage;
    private bool _hasHead = leavesOutPreamble;
    private bool _hasEnded;
    private bool _hasRefusal;
    private StopReason _stop;
    private byte[] _stopWord = [];
    private byte[] _stopSequence = [];

    public void Take(in ChatEvent chatEvent)
    {
        // There is one answer only: of several the first.
        if (_hasEnded || chatEvent.Choice != 0)
            return;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                _id = JsonText.FromEscaped(chatEvent.Id.ToArray());
                _model = JsonText.FromEscaped(chatEvent.Name.ToArray());
                break;
            case ChatEventKind.Usage:
                _usage = chatEvent.Usage;
                _rawUsage =
                    chatEvent.Dialect == AnthropicDialect.DialectName
                        ? chatEvent.Json.ToArray()
                        : null;
                break;
            case ChatEventKind.Stop:
                _stop = chatEvent.Stop;
                _stopWord = chatEvent.Text.ToArray();
                _stopSequence = chatEvent.Id.ToArray();
                // Where the words come from elsewhere, they end as soon as their reason is known.
                CloseAll();
                break;
            case ChatEventKind.Error:
                // Told by whoever knows whether it is the last word.
                _hasEnded = true;
                break;
            case ChatEventKind.End:
                _hasEnded = true;
                WriteEnd();
                break;
            case ChatEventKind.Raw when chatEvent.Dialect == AnthropicDialect.DialectName:
                TakeRaw(chatEvent);
                break;
            case ChatEventKind.Raw or ChatEventKind.LogProbs:
                break;
            default:
                TakeContent(chatEvent);
                break;
        }
    }

    private void TakeContent(in ChatEvent content)
    {
        switch (content.Kind)
        {
            case ChatEventKind.TextDelta:
                Open(AnthropicBlockKind.Text);
                _events.WriteDelta("text_delta"u8, "text"u8, content.Text);
                break;
            case ChatEventKind.RefusalDelta:
                _hasRefusal = true;
                Open(AnthropicBlockKind.Text);
                _events.WriteDelta("text_delta"u8, "text"u8, content.Text);
                break;
            case ChatEventKind.ReasoningDelta:
                Open(AnthropicBlockKind.Thinking);
                _events.WriteDelta("thinking_delta"u8, "thinking"u8, content.Text);
                break;
            case ChatEventKind.ReasoningSignature:
                WriteSignature(content);
                break;
            case ChatEventKind.RedactedReasoning:
                CloseAll();
                WriteHead();
                _events.WriteRedacted(Shown(content).Escaped.Span);
                break;
            case ChatEventKind.ToolCallStart:
                StartCall(content);
                break;
            case ChatEventKind.ToolArgumentDelta:
                WriteArguments(content);
                break;
            case ChatEventKind.PartEnd:
                CloseAll();
                break;
            case ChatEventKind.RawPart when content.Dialect == AnthropicDialect.DialectName:
                CloseAll();
                WriteHead();
                _events.WriteBlock(content.Json);
                break;
            case ChatEventKind.Citation when content.Dialect != AnthropicDialect.DialectName:
                TakeCitation(content);
                break;
        }
    }

    private void TakeRaw(in ChatEvent raw)
    {
        var field = (raw.Name.ToArray(), raw.Json.ToArray());
        switch (raw.Scope)
        {
            case RawScope.Reply:
                _replyFields.Add(field);
                break;
            case RawScope.Choice:
                _stopFields.Add(field);
                break;
            case RawScope.ToolCall:
                _callFields.Add(field);
                break;
            case RawScope.Delta when raw.Name.SequenceEqual("citations"u8):
                Open(AnthropicBlockKind.Text);
                _events.WriteCitations(raw.Json);
                break;
        }
    }

    /// <summary>A source of another dialect: at the text that is open, else at the next one, since a citation stands on a text.</summary>
    private void TakeCitation(in ChatEvent citation)
    {
        if (citation.Text.IsEmpty)
            return;
        _citations.Write(_citations.WrittenCount == 0 ? "["u8 : ","u8);
        using (var json = DialectJson.NewWriter(_citations))
            AnthropicCitations.Write(json, citation.Text, citation.Name, citation.Id);
        if (_events.Open is AnthropicBlockKind.Text)
            WriteCitations();
    }

    private void WriteCitations()
    {
        if (_citations.WrittenCount == 0)
            return;
        _citations.Write("]"u8);
        _events.WriteCitations(_citations.WrittenSpan);
        _citations.ResetWrittenCount();
    }

    private void WriteSignature(in ChatEvent signature)
    {
        Open(AnthropicBlockKind.Thinking);
        _events.WriteDelta("signature_delta"u8, "signature"u8, Shown(signature).Escaped.Span);
        // What it vouches for is over.
        _events.Close();
    }

    private static JsonText Shown(in ChatEvent signature)
    {
        var text = JsonText.FromEscaped(signature.Text.ToArray());
        return CarriedSignature.Show(text, signature.Dialect, AnthropicDialect.DialectName);
    }

    private void StartCall(in ChatEvent call)
    {
        if (_calls.MustWait(_events.Open is AnthropicBlockKind.Call))
        {
            _calls.Begin(call.ToolCall, call.Id, call.Name);
            return;
        }
        OpenCall(call.ToolCall, call.Id, call.Name);
    }

    private void OpenCall(int call, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name)
    {
        WriteHead();
        _events.Close();
        var given = id.IsEmpty
            ? JsonText
                .Of(
                    AnthropicBlockWriter.GivenId((_id.IsEmpty ? fallback.Id : _id).ToString(), call)
                )
                .Escaped.Span
            : id;
        _events.StartCall(given, name, _callFields);
        _callFields.Clear();
        _calls.Opened(call);
    }

    /// <summary>Blocks follow one another, while other dialects may tell several calls at once: those that come too early wait.</summary>
    private void WriteArguments(in ChatEvent arguments)
    {
        if (_events.Open is AnthropicBlockKind.Call && _calls.IsOpen(arguments.ToolCall))
        {
            _calls.Note(arguments.Text);
            _events.WriteDelta("input_json_delta"u8, "partial_json"u8, arguments.Text);
        }
        else
            _calls.Add(arguments.ToolCall, arguments.Text);
        WriteWaitingCalls(isLast: false);
    }

    private void WriteWaitingCalls(bool isLast)
    {
        while (_calls.TakeNext(isLast) is { } waiting)
        {
            OpenCall(waiting.Call, waiting.Id, waiting.Name);
            if (waiting.Arguments.WrittenCount == 0)
                continue;
            _calls.Note(waiting.Arguments.WrittenSpan);
            _events.WriteDelta(
                "input_json_delta"u8,
                "partial_json"u8,
                waiting.Arguments.WrittenSpan
            );
        }
    }

    /// <summary>Opens a block of text or thinking, unless it is one that is open.</summary>
    private void Open(AnthropicBlockKind kind)
    {
        if (_events.Open == kind)
            return;
        CloseAll();
        WriteHead();
        if (kind is AnthropicBlockKind.Text)
        {
            _events.StartText();
            WriteCitations();
        }
        else
            _events.StartThinking();
    }

    private void CloseAll()
    {
        WriteWaitingCalls(isLast: true);
        _calls.CloseOpen();
        _events.Close();
    }

    private void WriteHead()
    {
        if (_hasHead)
            return;
        _hasHead = true;
        _events.WriteMessageStart(
            _id.IsEmpty ? fallback.Id : _id,
            _model.IsEmpty ? fallback.Model : _model,
            _usage,
            _rawUsage,
            _replyFields
        );
        _replyFields.Clear();
    }

    private void WriteEnd()
    {
        WriteHead();
        CloseAll();
        _events.WriteMessageEnd(
            AnthropicStopWords.Word(
                _hasRefusal && _stop is StopReason.Stop ? StopReason.Refusal : _stop,
                _stopWord
            ),
            _stopSequence,
            _usage,
            _rawUsage,
            _stopFields,
            _replyFields
        );
    }
}
