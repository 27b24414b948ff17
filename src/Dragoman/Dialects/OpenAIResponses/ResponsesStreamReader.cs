using Dragoman.Canonical;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Reads a streamed response, event by event.</summary>
/// <param name="reasoningOutside">The provider counts reasoning beside the output tokens, where the total does not tell.</param>
internal sealed class ResponsesStreamReader(bool reasoningOutside) : ChatStreamReader
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    private readonly List<ResponsesItemInReading> _items = [];
    private readonly List<Citation> _citations = [];
    private bool _hasStarted;
    private int _calls;

    /// <summary>Takes the whole answer at the end; null for nobody.</summary>
    public IReplyObserver? Observer { get; set; }

    public override void Read(ReadOnlySpan<byte> rawEvent, IChatEventSink sink)
    {
        var sse = SseEvent.Parse(rawEvent);
        if (HasEnded || !sse.HasData || sse.Data.IsEmpty)
            return;
        if (sse.IsDone)
            Complete(sink);
        else if (!ResponsesEvent.TryRead(sse.Data, out var read))
            MalformedEvents++;
        else
            Read(read, read.Type.IsEmpty ? sse.Name : read.Type, sse.Data, sink);
    }

    /// <summary>The body has ended: without one of the events that end an answer it was cut.</summary>
    public override void Complete(IChatEventSink sink)
    {
        if (!HasEnded)
            Fail(sink, Cut);
    }

    private void Read(
        in ResponsesEvent read,
        ReadOnlySpan<byte> type,
        ReadOnlySpan<byte> data,
        IChatEventSink sink
    )
    {
        if (type.SequenceEqual("error"u8))
        {
            Fail(sink, ResponsesErrors.OfEvent(data).ToGatewayError());
            return;
        }
        if (!type.StartsWith("response."u8))
            return;
        type = type["response."u8.Length..];
        if (type.SequenceEqual("output_text.delta"u8))
            ItemOf(read.OutputIndex).Text(read, sink);
        else if (type.SequenceEqual("function_call_arguments.delta"u8))
            ItemOf(read.OutputIndex).Arguments(read.Delta, sink);
        else if (type.SequenceEqual("custom_tool_call_input.delta"u8))
            ItemOf(read.OutputIndex).Input(read.Delta, sink);
        else if (type.SequenceEqual("reasoning_summary_text.delta"u8))
            ItemOf(read.OutputIndex).Reasoning(read, isSummary: true, sink);
        else if (type.SequenceEqual("reasoning_text.delta"u8))
            ItemOf(read.OutputIndex).Reasoning(read, isSummary: false, sink);
        else if (type.SequenceEqual("refusal.delta"u8))
            ItemOf(read.OutputIndex).Refusal(read, sink);
        else if (type.SequenceEqual("output_text.annotation.added"u8))
            ItemOf(read.OutputIndex).Cite(read.Annotation, sink);
        else if (type.SequenceEqual("output_item.added"u8))
            ItemOf(read.OutputIndex).Begin(read.Item, ref _calls, sink);
        else if (type.SequenceEqual("output_item.done"u8))
            EndItem(read, sink);
        else
            ReadOfWhole(read, type, sink);
    }

    private void EndItem(in ResponsesEvent read, IChatEventSink sink)
    {
        var item = ItemOf(read.OutputIndex);
        // Some servers tell only that it is done.
        item.Begin(read.Item, ref _calls, sink);
        item.End(read.Item, sink);
    }

    /// <summary>Events about the answer as a whole. What else there is tells progress of tools that the provider runs.</summary>
    private void ReadOfWhole(in ResponsesEvent read, ReadOnlySpan<byte> type, IChatEventSink sink)
    {
        if (read.Response.IsEmpty)
            return;
        if (
            type.SequenceEqual("created"u8)
            || type.SequenceEqual("in_progress"u8)
            || type.SequenceEqual("queued"u8)
        )
            Start(read.Response, sink);
        else if (type.SequenceEqual("completed"u8) || type.SequenceEqual("incomplete"u8))
            End(read.Response, sink);
        else if (type.SequenceEqual("failed"u8) || type.SequenceEqual("cancelled"u8))
        {
            TellUsage(new ResponseMembers(read.Response), sink);
            Fail(sink, ResponsesErrors.OfResponse(read.Response).ToGatewayError());
        }
    }

    private void Start(ReadOnlySpan<byte> response, IChatEventSink sink)
    {
        if (_hasStarted)
            return;
        _hasStarted = true;
        var members = new ResponseMembers(response);
        sink.Take(ChatEvent.OfStart(members.Id, members.Model, members.Created));
    }

    private void End(ReadOnlySpan<byte> response, IChatEventSink sink)
    {
        Start(response, sink);
        var members = new ResponseMembers(response);
        // It tells the whole once more; what was streamed stands.
        if (_items.Count == 0)
            TellItems(members.Output, sink);
        Observer?.Take(response);
        HasEnded = true;
        sink.Take(
            ChatEvent.OfStop(
                0,
                ResponsesStopWords.Read(members.Status, members.Reason, _calls > 0),
                members.Status
            )
        );
        TellUsage(members, sink);
        sink.Take(ChatEvent.OfEnd());
    }

    private void TellItems(ReadOnlySpan<byte> output, IChatEventSink sink)
    {
        var items = new JsonWalk(output);
        while (items.Next())
        {
            if (!items.IsObject)
                continue;
            var item = ItemOf(_items.Count);
            item.Begin(items.Value, ref _calls, sink);
            item.End(items.Value, sink);
        }
    }

    private void TellUsage(in ResponseMembers members, IChatEventSink sink)
    {
        if (ResponsesUsage.Read(members.Usage, reasoningOutside) is { } usage)
            sink.Take(
                ChatEvent.OfUsage(
                    usage with
                    {
                        ServiceTier = members.ServiceTier,
                    },
                    members.Usage,
                    Dialect
                )
            );
    }

    private ResponsesItemInReading ItemOf(int index)
    {
        // Without an index it can only be about the item that came last.
        if (index < 0)
            index = _items.Count > 0 ? _items[^1].Index : 0;
        for (var i = _items.Count - 1; i >= 0; i--)
        {
            if (_items[i].Index == index)
                return _items[i];
        }
        var item = new ResponsesItemInReading(index, _citations);
        _items.Add(item);
        return item;
    }

    private void Fail(IChatEventSink sink, GatewayError error)
    {
        HasEnded = true;
        sink.Take(ChatEvent.OfError(error));
    }
}
