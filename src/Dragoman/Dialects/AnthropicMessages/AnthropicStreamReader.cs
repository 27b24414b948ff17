using Dragoman.Canonical;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Reads a streamed message, event by event.</summary>
internal sealed class AnthropicStreamReader : ChatStreamReader
{
    private readonly AnthropicStreamBlocks _blocks = new();
    private AnthropicUsageReader _counts;
    private byte[] _usage = [];
    private bool _hasStarted;
    private bool _hasStopped;

    public override void Read(ReadOnlySpan<byte> rawEvent, IChatEventSink sink)
    {
        var sse = SseEvent.Parse(rawEvent);
        if (HasEnded || !sse.HasData || sse.Data.IsEmpty)
            return;
        if (AnthropicStreamEvent.TryRead(sse.Data, out var read))
            Read(read, sse.Data, sink);
        else
            MalformedEvents++;
    }

    /// <summary>Tells that the body has ended: without <c>message_stop</c> that is sound where the message said why it stopped.</summary>
    public override void Complete(IChatEventSink sink)
    {
        if (HasEnded)
            return;
        if (_hasStopped)
            End(sink);
        else
            Fail(sink, Cut);
    }

    private void Read(in AnthropicStreamEvent read, ReadOnlySpan<byte> data, IChatEventSink sink)
    {
        if (read.Type.SequenceEqual("content_block_delta"u8))
            _blocks.Delta(read, sink);
        else if (read.Type.SequenceEqual("content_block_start"u8))
            _blocks.Start(read, sink);
        else if (read.Type.SequenceEqual("content_block_stop"u8))
            _blocks.Stop(read.Index, sink);
        else if (read.Type.SequenceEqual("message_start"u8) && !_hasStarted)
            Start(read.Message, sink);
        else if (read.Type.SequenceEqual("message_delta"u8))
            ReadEnd(read, data, sink);
        else if (read.Type.SequenceEqual("message_stop"u8))
            End(sink);
        else if (read.Type.SequenceEqual("error"u8))
            Fail(sink, AnthropicErrors.ReadEvent(data));
        // ping, and what is not known yet, say nothing.
    }

    private void Start(ReadOnlySpan<byte> message, IChatEventSink sink)
    {
        _hasStarted = true;
        ReadOnlySpan<byte> id = default;
        ReadOnlySpan<byte> model = default;
        ReadOnlySpan<byte> usage = default;
        var members = new JsonWalk(message);
        while (members.Next())
        {
            if (members.IsText && members.Is("id"u8))
                id = members.Text;
            else if (members.IsText && members.Is("model"u8))
                model = members.Text;
            else if (members.IsObject && members.Is("usage"u8))
                usage = members.Value;
        }
        sink.Take(ChatEvent.OfStart(id, model));
        members = new JsonWalk(message);
        while (members.Next())
        {
            if (!members.IsNull && !KnowsOfMessage(members))
                TellRaw(RawScope.Reply, members, sink);
        }
        // How much of the answer there was when it began is no count of it.
        TellUsage(usage, isEnd: false, sink);
    }

    private static bool KnowsOfMessage(in JsonWalk member) =>
        member.Is("id"u8)
        || member.Is("model"u8)
        || member.Is("usage"u8)
        || member.Is("type"u8)
        || member.Is("role"u8)
        || member.Is("content"u8)
        || member.Is("stop_reason"u8)
        || member.Is("stop_sequence"u8);

    private void ReadEnd(in AnthropicStreamEvent read, ReadOnlySpan<byte> data, IChatEventSink sink)
    {
        ReadOnlySpan<byte> word = default;
        ReadOnlySpan<byte> sequence = default;
        var members = new JsonWalk(read.Delta);
        while (members.Next())
        {
            if (members.Is("stop_reason"u8))
                word = members.IsText ? members.Text : default;
            else if (members.Is("stop_sequence"u8))
                sequence = members.IsText ? members.Text : default;
            else if (!members.IsNull)
                TellRaw(RawScope.Choice, members, sink);
        }
        var own = new JsonWalk(data);
        while (own.Next())
        {
            if (!own.IsNull && !AnthropicStreamEvent.Knows(own))
                TellRaw(RawScope.Reply, own, sink);
        }
        if (!word.IsEmpty && !_hasStopped)
        {
            _hasStopped = true;
            _blocks.CloseAll(sink);
            sink.Take(
                ChatEvent.OfStop(0, _blocks.Stop(AnthropicStopWords.Read(word)), word, sequence)
            );
        }
        TellUsage(read.Usage, isEnd: true, sink);
    }

    private static void TellRaw(RawScope scope, in JsonWalk member, IChatEventSink sink) =>
        sink.Take(
            ChatEvent.OfRaw(AnthropicDialect.DialectName, scope, 0, member.Name, member.Value)
        );

    private void TellUsage(ReadOnlySpan<byte> usage, bool isEnd, IChatEventSink sink)
    {
        if (usage.IsEmpty)
            return;
        _counts.Add(usage);
        _usage = AnthropicUsageWriter.Merge(_usage, usage);
        var counts = _counts.ToUsage();
        sink.Take(
            ChatEvent.OfUsage(
                isEnd ? counts : counts with { Output = null, Reasoning = null },
                _usage,
                AnthropicDialect.DialectName
            )
        );
    }

    private void End(IChatEventSink sink)
    {
        _blocks.CloseAll(sink);
        HasEnded = true;
        sink.Take(ChatEvent.OfEnd());
    }

    private void Fail(IChatEventSink sink, GatewayError error)
    {
        HasEnded = true;
        sink.Take(ChatEvent.OfError(error));
    }
}
