using System.Buffers;
using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Reads the content blocks of a streamed message: text, thinking and tool calls as they come, others once they are whole.</summary>
internal sealed class AnthropicStreamBlocks
{
    private readonly List<Block> _open = [];
    private int _calls;
    private bool _hasAnswerCall;

    private enum Kind
    {
        Text,
        Thinking,
        Call,

        /// <summary>A call that stands for the answer; see <see cref="AnthropicAnswerTool"/>.</summary>
        Answer,
        Whole,
    }

    private sealed record Block(int Index, Kind Kind, int Call)
    {
        /// <summary>Of a call: the input that its start already told; of a block that is carried: all of it.</summary>
        public AnthropicBlockInMaking? Told { get; init; }

        /// <summary>Input has come in deltas.</summary>
        public bool HasInput { get; set; }

        /// <summary>Of thinking: its signature so far. It is told whole, since whoever takes it takes one.</summary>
        public ArrayBufferWriter<byte>? Signature { get; set; }

        public void Sign(ReadOnlySpan<byte> signature)
        {
            if (!signature.IsEmpty)
                (Signature ??= new()).Write(signature);
        }
    }

    /// <summary>Why the message stopped, where the word for a tool may mean the answer.</summary>
    public StopReason Stop(StopReason stop) =>
        _hasAnswerCall ? AnthropicAnswerTool.Stop(stop, _calls > 0) : stop;

    public void Start(in AnthropicStreamEvent start, IChatEventSink sink)
    {
        // A block that was never closed ends where another begins in its place.
        Stop(start.Index, sink);
        var json = start.Block;
        var type = AnthropicJson.Text(json, "type"u8);
        if (type.SequenceEqual("text"u8))
            StartText(start.Index, json, sink);
        else if (type.SequenceEqual("thinking"u8))
        {
            var thinking = new Block(start.Index, Kind.Thinking, 0);
            _open.Add(thinking);
            thinking.Sign(AnthropicJson.Text(json, "signature"u8));
            TellText(ChatEvent.OfReasoning(0, AnthropicJson.Text(json, "thinking"u8)), sink);
        }
        else if (type.SequenceEqual("redacted_thinking"u8))
            sink.Take(
                ChatEvent.OfRedacted(
                    0,
                    AnthropicJson.Text(json, "data"u8),
                    AnthropicDialect.DialectName
                )
            );
        else if (type.SequenceEqual("tool_use"u8))
            StartCall(start.Index, json, sink);
        else if (!json.IsEmpty)
            _open.Add(
                new Block(start.Index, Kind.Whole, 0) { Told = new AnthropicBlockInMaking(json) }
            );
    }

    public void Delta(in AnthropicStreamEvent delta, IChatEventSink sink)
    {
        var block = Find(delta.Index);
        if (block?.Kind is Kind.Whole)
        {
            block.Told!.Add(delta.Delta);
            return;
        }
        var members = new JsonWalk(delta.Delta);
        while (members.Next())
        {
            if (members.IsText && members.Is("text"u8))
                TellText(ChatEvent.OfText(0, members.Text), sink);
            else if (members.IsText && members.Is("partial_json"u8))
                TellInput(block, members.Text, sink);
            else if (members.IsText && members.Is("thinking"u8))
                TellText(ChatEvent.OfReasoning(0, members.Text), sink);
            else if (members.IsText && members.Is("signature"u8))
                block?.Sign(members.Text);
            else if (members.IsObject && members.Is("citation"u8))
                TellCitation(members.Value, sink);
        }
    }

    public void Stop(int index, IChatEventSink sink)
    {
        if (Find(index) is not { } block)
            return;
        _open.Remove(block);
        if (block is { Kind: Kind.Whole, Told: { } whole })
        {
            sink.Take(
                ChatEvent.OfRawPart(
                    0,
                    AnthropicDialect.DialectName,
                    AnthropicJson.Text(whole.Start, "type"u8),
                    whole.Build()
                )
            );
            return;
        }
        if (!block.HasInput)
            TellInput(block, WholeInput(block), sink);
        if (block.Signature is { } signature)
            sink.Take(
                ChatEvent.OfSignature(0, signature.WrittenSpan, AnthropicDialect.DialectName)
            );
        sink.Take(ChatEvent.OfPartEnd(0));
    }

    /// <summary>
    /// The input of a call that came without deltas: some servers tell it at once, in the block's start; and a call without input
    /// has an empty one, which others than Anthropic's clients want to be told.
    /// </summary>
    private static ReadOnlySpan<byte> WholeInput(Block block) =>
        block.Told is { } told
            ? JsonText
                .Of(Encoding.UTF8.GetString(AnthropicJson.Member(told.Start, "input"u8)))
                .Escaped.Span
            : "{}"u8;

    /// <summary>Closes what the stream left open.</summary>
    public void CloseAll(IChatEventSink sink)
    {
        while (_open.Count > 0)
            Stop(_open[0].Index, sink);
    }

    private void StartText(int index, ReadOnlySpan<byte> json, IChatEventSink sink)
    {
        _open.Add(new Block(index, Kind.Text, 0));
        TellText(ChatEvent.OfText(0, AnthropicJson.Text(json, "text"u8)), sink);
        var citations = new JsonWalk(AnthropicJson.Member(json, "citations"u8));
        while (citations.Next())
        {
            if (citations.IsObject)
                TellCitation(citations.Value, sink);
        }
    }

    private void StartCall(int index, ReadOnlySpan<byte> json, IChatEventSink sink)
    {
        var name = AnthropicJson.Text(json, "name"u8);
        var input = AnthropicJson.Member(json, "input"u8);
        var isAnswer = name.SequenceEqual(AnthropicAnswerTool.Utf8Name);
        var block = new Block(index, isAnswer ? Kind.Answer : Kind.Call, _calls)
        {
            Told =
                input.Length > 2 && input[0] == (byte)'{' ? new AnthropicBlockInMaking(json) : null,
        };
        _open.Add(block);
        if (isAnswer)
        {
            _hasAnswerCall = true;
            return;
        }
        var members = new JsonWalk(json);
        while (members.Next())
        {
            // Told before the call, so that a writer has all of its head when it begins.
            if (!members.IsNull && !KnowsOfCall(members))
                sink.Take(
                    ChatEvent.OfRaw(
                        AnthropicDialect.DialectName,
                        RawScope.ToolCall,
                        0,
                        members.Name,
                        members.Value,
                        _calls
                    )
                );
        }
        sink.Take(ChatEvent.OfToolCall(0, _calls, AnthropicJson.Text(json, "id"u8), name));
        _calls++;
    }

    private static bool KnowsOfCall(in JsonWalk member) =>
        member.Is("type"u8) || member.Is("id"u8) || member.Is("name"u8) || member.Is("input"u8);

    /// <summary>Tells input as it comes. A call without input comes as no delta or an empty one.</summary>
    private static void TellInput(Block? block, ReadOnlySpan<byte> text, IChatEventSink sink)
    {
        if (block is null || text.IsEmpty)
            return;
        block.HasInput = true;
        if (block.Kind is Kind.Answer)
            sink.Take(ChatEvent.OfText(0, text));
        else if (block.Kind is Kind.Call)
            sink.Take(ChatEvent.OfToolArguments(0, block.Call, text));
    }

    /// <summary>Tells a citation twice: as it came, for a writer of this dialect, and as any other can say it.</summary>
    private static void TellCitation(ReadOnlySpan<byte> citation, IChatEventSink sink)
    {
        sink.Take(
            ChatEvent.OfRaw(
                AnthropicDialect.DialectName,
                RawScope.Delta,
                0,
                "citations"u8,
                (byte[])[(byte)'[', .. citation, (byte)']']
            )
        );
        AnthropicCitations.Tell(citation, sink);
    }

    private static void TellText(in ChatEvent chatEvent, IChatEventSink sink)
    {
        if (!chatEvent.Text.IsEmpty)
            sink.Take(chatEvent);
    }

    private Block? Find(int index)
    {
        foreach (var block in _open)
        {
            if (block.Index == index)
                return block;
        }
        return null;
    }
}
