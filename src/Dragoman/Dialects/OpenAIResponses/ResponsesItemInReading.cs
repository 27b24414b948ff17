using System.Buffers;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>One item of a streamed answer, and how much of it has been told.</summary>
internal sealed class ResponsesItemInReading(int index, List<Citation> citations)
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    private readonly ArrayBufferWriter<byte> _escaped = new();
    private ClientToolKind? _call;
    private int _callIndex;
    private int _part = -1;
    private bool _isSummary;
    private bool _hasDeltas;
    private bool _isReasoning;

    public int Index => index;

    /// <summary>The item begins; a call is told at once.</summary>
    public void Begin(ReadOnlySpan<byte> item, ref int calls, IChatEventSink sink)
    {
        var members = new ItemMembers(item);
        _isReasoning = members.Type.SequenceEqual("reasoning"u8);
        if (
            _call is not null
            || members.IsHosted
            || ClientToolKind.OfCall(JsonText.FromEscaped(members.Type.ToArray())) is not { } kind
        )
            return;
        _call = kind;
        _callIndex = calls++;
        var name = members.Name.IsEmpty
            ? JsonText.Of(kind.Type)
            : ClientToolKind.FlatName(
                JsonText.FromEscaped(members.Space.ToArray()),
                JsonText.FromEscaped(members.Name.ToArray())
            );
        sink.Take(
            ChatEvent.OfToolCall(
                0,
                _callIndex,
                members.CallId.IsEmpty ? members.Id : members.CallId,
                name.Escaped.Span
            )
        );
    }

    public void Text(in ResponsesEvent delta, IChatEventSink sink)
    {
        NewPart(delta.PartIndex, sink);
        if (!delta.LogProbs.IsEmpty)
            sink.Take(ChatEvent.OfLogProbs(0, ResponsesLogProbs.ToChat(delta.LogProbs)));
        Tell(ChatEvent.OfText(0, delta.Delta), sink);
    }

    public void Refusal(in ResponsesEvent delta, IChatEventSink sink) =>
        Tell(ChatEvent.OfRefusal(0, delta.Delta), sink);

    public void Reasoning(in ResponsesEvent delta, bool isSummary, IChatEventSink sink)
    {
        _isReasoning = true;
        if (isSummary != _isSummary && _hasDeltas)
            _part = -1;
        _isSummary = isSummary;
        NewPart(delta.PartIndex, sink);
        Tell(ChatEvent.OfReasoning(0, delta.Delta), sink);
    }

    public void Arguments(ReadOnlySpan<byte> text, IChatEventSink sink)
    {
        if (_call is not null)
            Tell(ChatEvent.OfToolArguments(0, _callIndex, text), sink);
    }

    /// <summary>More of a custom tool's input, which is the one argument of its function.</summary>
    public void Input(ReadOnlySpan<byte> text, IChatEventSink sink)
    {
        if (_call is null)
            return;
        _escaped.ResetWrittenCount();
        if (!_hasDeltas)
            _escaped.Write("{\\\"input\\\":\\\""u8);
        JsonTwice.Escape(text, _escaped);
        Tell(ChatEvent.OfToolArguments(0, _callIndex, _escaped.WrittenSpan), sink);
    }

    /// <summary>The item is whole: what no delta told is told now.</summary>
    public void End(ReadOnlySpan<byte> item, IChatEventSink sink)
    {
        var members = new ItemMembers(item);
        if (_call is not null)
            EndCall(members, sink);
        else if (_isReasoning)
            EndReasoning(members, sink);
        else if (members.Type.SequenceEqual("message"u8))
            EndMessage(members.Content, sink);
        else if (!members.Type.IsEmpty)
            sink.Take(ChatEvent.OfRawPart(0, Dialect, members.Type, item));
    }

    /// <summary>A source, as the stream tells it.</summary>
    public void Cite(ReadOnlySpan<byte> annotation, IChatEventSink sink)
    {
        if (!ResponsesAnnotations.TryAdd(annotation, citations))
            return;
        sink.Take(ChatEvent.OfRaw(Dialect, RawScope.Delta, 0, "annotation"u8, annotation));
        sink.Take(
            ChatEvent.OfCitation(
                citations[^1].Url.Escaped.Span,
                citations[^1].Title.GetValueOrDefault().Escaped.Span,
                dialect: Dialect
            )
        );
    }

    private void EndCall(in ItemMembers members, IChatEventSink sink)
    {
        if (_call == ClientToolKind.Custom)
        {
            if (!_hasDeltas)
                Input(members.Input, sink);
            Tell(ChatEvent.OfToolArguments(0, _callIndex, "\\\"}"u8), sink);
        }
        else if (!_hasDeltas)
        {
            var value = members.Arguments;
            if (value is [(byte)'"', .. var text, (byte)'"'])
            {
                Arguments(text, sink);
                return;
            }
            var arguments =
                _call!.Opening is null || value.IsEmpty
                    ? value
                    : ResponsesCallArguments.WithoutType(new RawJson(value.ToArray())).Utf8.Span;
            _escaped.ResetWrittenCount();
            JsonTwice.Escape(arguments, _escaped);
            Arguments(_escaped.WrittenSpan, sink);
        }
    }

    private void EndReasoning(in ItemMembers members, IChatEventSink sink)
    {
        if (!_hasDeltas)
        {
            TellTexts(members.Summary, sink);
            TellTexts(members.Content, sink);
        }
        if (members.Encrypted.IsEmpty)
        {
            if (_hasDeltas)
                sink.Take(ChatEvent.OfPartEnd(0));
            return;
        }
        sink.Take(
            _hasDeltas
                ? ChatEvent.OfSignature(0, members.Encrypted, Dialect)
                : ChatEvent.OfRedacted(0, members.Encrypted, Dialect)
        );
    }

    private void TellTexts(ReadOnlySpan<byte> list, IChatEventSink sink)
    {
        var items = new JsonWalk(list);
        while (items.Next())
        {
            var members = new JsonWalk(items.Value);
            while (members.Next())
            {
                if (!members.IsText || !members.Is("text"u8))
                    continue;
                if (_hasDeltas)
                    sink.Take(ChatEvent.OfPartEnd(0));
                Tell(ChatEvent.OfReasoning(0, members.Text), sink);
            }
        }
    }

    private void EndMessage(ReadOnlySpan<byte> content, IChatEventSink sink)
    {
        var parts = new JsonWalk(content);
        var tell = !_hasDeltas;
        while (parts.Next())
        {
            var members = new JsonWalk(parts.IsObject ? parts.Value : default);
            while (members.Next())
            {
                if (tell && members.IsText && members.Is("text"u8))
                    Tell(ChatEvent.OfText(0, members.Text), sink);
                else if (tell && members.IsText && members.Is("refusal"u8))
                    Tell(ChatEvent.OfRefusal(0, members.Text), sink);
                else if (members.IsList && members.Is("annotations"u8))
                    CiteAll(members.Value, sink);
            }
        }
        sink.Take(ChatEvent.OfPartEnd(0));
    }

    private void CiteAll(ReadOnlySpan<byte> annotations, IChatEventSink sink)
    {
        var items = new JsonWalk(annotations);
        while (items.Next())
            Cite(items.Value, sink);
    }

    private void NewPart(int part, IChatEventSink sink)
    {
        if (part == _part)
            return;
        if (_hasDeltas)
            sink.Take(ChatEvent.OfPartEnd(0));
        _part = part;
    }

    private void Tell(in ChatEvent chatEvent, IChatEventSink sink)
    {
        if (chatEvent.Text.IsEmpty && chatEvent.Kind is not ChatEventKind.ReasoningDelta)
            return;
        _hasDeltas = true;
        sink.Take(chatEvent);
    }
}
