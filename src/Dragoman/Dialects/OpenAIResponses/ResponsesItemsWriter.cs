using System.Buffers;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>
/// Writes the items of a streamed answer. A message or a reasoning item is open until something else begins; a call until its
/// arguments are whole, since some providers begin several before they go on with the first.
/// </summary>
internal sealed class ResponsesItemsWriter(ResponsesEventWriter events, ResponseHead head)
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    private readonly SortedDictionary<int, byte[]> _done = [];
    private readonly List<ResponsesItemInWriting> _calls = [];
    private readonly ResponsesItemEvents _write = new(events);
    private ResponsesItemInWriting? _open;
    private byte[]? _logProbs;
    private int _next;
    private int _callCount;

    /// <summary>The items that are whole, as JSON, in their order.</summary>
    public IEnumerable<byte[]> Done => _done.Values;

    public void Take(in ChatEvent chatEvent)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.TextDelta:
                TakeText(chatEvent.Text);
                break;
            case ChatEventKind.RefusalDelta:
                _write.Delta(OpenPartOf(OpenPart.Refusal), chatEvent.Text, logProbs: default);
                break;
            case ChatEventKind.ReasoningDelta:
                _write.Delta(OpenPartOf(OpenPart.Summary), chatEvent.Text, logProbs: default);
                break;
            case ChatEventKind.ReasoningSignature:
                Sign(chatEvent, OpenReasoning());
                break;
            case ChatEventKind.RedactedReasoning:
                Close();
                Sign(chatEvent, Begin(ItemKind.Reasoning, "rs"));
                break;
            case ChatEventKind.PartEnd:
                if (_open is not null)
                    _write.ClosePart(_open);
                break;
            case ChatEventKind.ToolCallStart:
                Call(chatEvent);
                break;
            case ChatEventKind.ToolArgumentDelta:
                var call = _calls.FindLast(AsPredicate(chatEvent.ToolCall));
                if (call is not null)
                    _write.Arguments(call, chatEvent.Text);
                break;
            case ChatEventKind.RawPart when chatEvent.Dialect == Dialect:
                Close();
                CloseCalls(all: false);
                _write.Whole(_next, chatEvent.Json);
                _done[_next++] = chatEvent.Json.ToArray();
                break;
            case ChatEventKind.LogProbs:
                _logProbs = chatEvent.Json.ToArray();
                break;
            case ChatEventKind.Citation when chatEvent.Dialect != Dialect:
                Cite(chatEvent);
                break;
            case ChatEventKind.Raw when IsAnnotation(chatEvent):
                _write.Annotation(OpenPartOf(OpenPart.Text), chatEvent.Json);
                break;
        }
    }

    /// <summary>What is open is whole now.</summary>
    public void CloseAll()
    {
        Close();
        CloseCalls(all: true);
    }

    private static Predicate<ResponsesItemInWriting> AsPredicate(int toolCall) =>
        call => call.ToolCall == toolCall;

    private static bool IsAnnotation(in ChatEvent raw) =>
        raw.Dialect == Dialect
        && raw.Scope is RawScope.Delta
        && raw.Name.SequenceEqual("annotation"u8);

    private void TakeText(ReadOnlySpan<byte> text)
    {
        var logProbs = _logProbs is null ? default : ResponsesLogProbs.FromChat(_logProbs);
        _logProbs = null;
        _write.Delta(
            OpenPartOf(OpenPart.Text),
            text,
            logProbs.Length > 2 ? logProbs[1..^1] : default
        );
    }

    private void Cite(in ChatEvent citation)
    {
        var annotation = new ArrayBufferWriter<byte>(128);
        using (var json = DialectJson.NewWriter(annotation))
            ResponsesOutputWriter.WriteAnnotation(json, citation.Text, citation.Name);
        _write.Annotation(OpenPartOf(OpenPart.Text), annotation.WrittenSpan);
    }

    /// <summary>The open item with a part of that kind open.</summary>
    private ResponsesItemInWriting OpenPartOf(OpenPart part)
    {
        var kind = part is OpenPart.Summary ? ItemKind.Reasoning : ItemKind.Message;
        if (_open?.Kind != kind)
        {
            Close();
            CloseCalls(all: false);
            _open = Begin(kind, kind is ItemKind.Message ? "msg" : "rs");
        }
        if (_open!.Part != part)
        {
            _write.ClosePart(_open);
            _write.OpenPart(_open, part);
        }
        return _open;
    }

    /// <summary>The reasoning that a signature is of: the one that is open, else one without words.</summary>
    private ResponsesItemInWriting OpenReasoning()
    {
        if (_open is { Kind: ItemKind.Reasoning, Part: OpenPart.Summary } open)
            return open;
        // What was reasoned before is whole: this one vouches for what follows.
        Close();
        return OpenPartOf(OpenPart.Summary);
    }

    private void Sign(in ChatEvent signature, ResponsesItemInWriting item)
    {
        item.Encrypted = CarriedSignature.Show(
            JsonText.FromEscaped(signature.Text.ToArray()),
            signature.Dialect,
            Dialect
        );
        _open = item;
        Close();
    }

    private void Call(in ChatEvent start)
    {
        Close();
        CloseCalls(all: false);
        var tool = head.Tools.Find(start.Name);
        var index = _next++;
        var item = new ResponsesItemInWriting(
            ItemKind.Call,
            index,
            ResponsesOutputWriter.IdOf(head, tool.Kind.IdPrefix, index)
        )
        {
            Tool = tool,
            ToolCall = start.ToolCall,
            CallId = start.Id.IsEmpty
                ? JsonText.Of(ResponsesOutputWriter.IdOf(head, "call", _callCount))
                : JsonText.FromEscaped(start.Id.ToArray()),
            Input = tool.Kind == ClientToolKind.Custom ? new CustomInput() : null,
        };
        _callCount++;
        _calls.Add(item);
        // What has no deltas is told at once when it is whole.
        if (tool.Kind.IsText)
            _write.Added(item);
    }

    private ResponsesItemInWriting Begin(ItemKind kind, string prefix)
    {
        var item = new ResponsesItemInWriting(
            kind,
            _next,
            ResponsesOutputWriter.IdOf(head, prefix, _next)
        );
        _next++;
        _write.Added(item);
        return item;
    }

    private void Close()
    {
        if (_open is null)
            return;
        _write.ClosePart(_open);
        _done[_open.Index] = _write.Done(_open);
        _open = null;
    }

    /// <summary>Calls whose arguments are whole; at the end all of them.</summary>
    private void CloseCalls(bool all)
    {
        for (var i = 0; i < _calls.Count; i++)
        {
            var call = _calls[i];
            if (!all && !IsWhole(call))
                continue;
            _done[call.Index] = _write.DoneCall(call);
            _calls.RemoveAt(i--);
        }
    }

    private static bool IsWhole(ResponsesItemInWriting call) =>
        call.Text.WrittenCount > 0
        && ToolArguments.FromText(JsonText.FromEscaped(call.Text.WrittenMemory)).TryAsJson(out _);
}
