using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads one choice of a stream, chunk by chunk.</summary>
/// <param name="index">Its index.</param>
/// <param name="citations">The sources named so far, shared by all choices.</param>
internal sealed class OpenAIChoiceReader(int index, List<Citation> citations)
{
    private readonly OpenAIToolCallsReader _toolCalls = new(index);
    private bool _hasDeltas;
    private bool _hasReasoningText;

    public int Index => index;

    /// <summary>It has said why it stopped.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>It said that it stopped for an error.</summary>
    public bool HasFailed { get; private set; }

    public void Read(
        in OpenAIChatChunkChoice choice,
        ReadOnlySpan<byte> json,
        bool isRepetition,
        IChatEventSink sink
    )
    {
        if (choice.HasOwnMembers)
            ReadOwnMembers(json, sink);
        if (!choice.LogProbs.IsEmpty)
            sink.Take(ChatEvent.OfLogProbs(index, choice.LogProbs));
        if (!choice.Delta.IsEmpty && !isRepetition)
            ReadDelta(choice.Delta, sink);
        // Perplexity sends the whole message beside its deltas; a server that answers unstreamed sends nothing else.
        else if (!_hasDeltas && !choice.Message.IsEmpty)
            ReadDelta(choice.Message, sink);
        if (!choice.FinishReason.IsEmpty && !HasStopped)
            Stop(choice.FinishReason, sink);
    }

    private void ReadOwnMembers(ReadOnlySpan<byte> json, IChatEventSink sink)
    {
        var members = new JsonWalk(json);
        while (members.Next())
        {
            if (!OpenAIChatChunkChoice.Knows(members) && !members.IsNull)
                sink.Take(
                    ChatEvent.OfRaw(
                        OpenAIChatDialect.DialectName,
                        RawScope.Choice,
                        index,
                        members.Name,
                        members.Value
                    )
                );
        }
    }

    private void Stop(ReadOnlySpan<byte> word, IChatEventSink sink)
    {
        var stop = OpenAIStopWords.Read(word, _toolCalls.Any);
        HasStopped = true;
        HasFailed = stop is StopReason.Error;
        sink.Take(ChatEvent.OfStop(index, stop, word));
    }

    /// <summary>Tells a delta in the order reasoning, text, refusal, calls, whatever the order of its members.</summary>
    private void ReadDelta(ReadOnlySpan<byte> delta, IChatEventSink sink)
    {
        ReadOnlySpan<byte> reasoning = default;
        ReadOnlySpan<byte> reasoningName = default;
        ReadOnlySpan<byte> content = default;
        ReadOnlySpan<byte> parts = default;
        ReadOnlySpan<byte> refusal = default;
        ReadOnlySpan<byte> calls = default;
        ReadOnlySpan<byte> details = default;
        var members = new JsonWalk(delta);
        while (members.Next())
        {
            if (members.IsText && members.Is("content"u8))
                content = members.Text;
            else if (members.IsList && members.Is("content"u8))
                parts = members.Value;
            // The same text under both names (some servers) counts once.
            else if (members.IsText && IsReasoning(members) && reasoning.IsEmpty)
            {
                reasoning = members.Text;
                reasoningName = members.Name;
            }
            else if (members.IsText && members.Is("refusal"u8))
                refusal = members.Text;
            else if (members.IsList && members.Is("tool_calls"u8))
                calls = members.Value;
            else if (!members.IsNull && !Knows(members))
            {
                if (members.IsList && members.Is("reasoning_details"u8))
                    details = members.Value;
                ReadUnknown(members, sink);
            }
        }
        Tell(ChatEvent.OfReasoning(index, reasoning, reasoningName), sink);
        _hasReasoningText |= !reasoning.IsEmpty;
        if (!details.IsEmpty)
            ReadDetails(details, sink);
        ReadParts(parts, sink);
        Tell(ChatEvent.OfText(index, content), sink);
        Tell(ChatEvent.OfRefusal(index, refusal), sink);
        _toolCalls.Read(calls, sink);
        _hasDeltas |= !calls.IsEmpty || !parts.IsEmpty;
    }

    private void ReadDetails(ReadOnlySpan<byte> details, IChatEventSink sink)
    {
        _hasDeltas = true;
        OpenAIReasoningDetails.Tell(details, index, _hasReasoningText, sink);
    }

    private void Tell(in ChatEvent chatEvent, IChatEventSink sink)
    {
        if (chatEvent.Text.IsEmpty)
            return;
        _hasDeltas = true;
        sink.Take(chatEvent);
    }

    private static bool IsReasoning(in JsonWalk member) =>
        member.Is("reasoning_content"u8) || member.Is("reasoning"u8);

    private static bool Knows(in JsonWalk member) =>
        member.Is("role"u8)
        || member.Is("content"u8)
        || member.Is("refusal"u8)
        || member.Is("tool_calls"u8)
        || IsReasoning(member);

    private void ReadUnknown(in JsonWalk member, IChatEventSink sink)
    {
        sink.Take(
            ChatEvent.OfRaw(
                OpenAIChatDialect.DialectName,
                RawScope.Delta,
                index,
                member.Name,
                member.Value
            )
        );
        if (OpenAICitationReader.Knows(member.Name))
            OpenAICitationReader.Tell(member.Value, citations, sink);
    }

    /// <summary>Mistral's content as a list: text, and thinking that is a list again.</summary>
    private void ReadParts(ReadOnlySpan<byte> parts, IChatEventSink sink)
    {
        var items = new JsonWalk(parts);
        while (items.Next())
        {
            var members = new JsonWalk(items.Value);
            while (members.Next())
            {
                if (members.IsText && members.Is("text"u8))
                    Tell(ChatEvent.OfText(index, members.Text), sink);
                else if (members.IsText && members.Is("thinking"u8))
                    Tell(ChatEvent.OfReasoning(index, members.Text, "thinking"u8), sink);
                else if (members.IsList && members.Is("thinking"u8))
                    ReadThinking(members.Value, sink);
            }
        }
    }

    private void ReadThinking(ReadOnlySpan<byte> thinking, IChatEventSink sink)
    {
        var items = new JsonWalk(thinking);
        while (items.Next())
        {
            var members = new JsonWalk(items.Value);
            while (members.Next())
            {
                if (members.IsText && members.Is("text"u8))
                    Tell(ChatEvent.OfReasoning(index, members.Text, "thinking"u8), sink);
            }
        }
    }
}
