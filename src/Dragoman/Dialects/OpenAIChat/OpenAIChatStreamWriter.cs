using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// Writes a streamed chat completion: the role first, the same id throughout, one finish per choice, usage only if it was asked
/// for, and <c>[DONE]</c> only after a sound end.
/// </summary>
/// <param name="output">Where it goes; after each event it holds whole server-sent events.</param>
/// <param name="includeUsage">The client asked for <c>stream_options.include_usage</c>.</param>
/// <param name="fallback">Stands in for what the provider did not say.</param>
/// <param name="leavesOutPreamble">The client already has the role.</param>
internal sealed class OpenAIChatStreamWriter(
    IBufferWriter<byte> output,
    bool includeUsage,
    ReplyFallback fallback,
    bool leavesOutPreamble = false
) : IChatEventSink
{
    private readonly OpenAIChunkWriter _chunks = new(output, includeUsage);
    private readonly List<Choice> _choices = [];
    private byte[]? _usage;
    private bool _hasHead;
    private bool _hasEnded;

    public void Take(in ChatEvent chatEvent)
    {
        if (_hasEnded)
            return;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                WriteHead(chatEvent.Id, chatEvent.Name, chatEvent.Created);
                break;
            case ChatEventKind.Raw when chatEvent.Dialect != OpenAIChatDialect.DialectName:
                break;
            case ChatEventKind.Raw when chatEvent.Scope is RawScope.Reply:
                _chunks.OwnFields.Set(chatEvent.Name, chatEvent.Json);
                break;
            case ChatEventKind.Usage:
                if (includeUsage)
                    _usage = UsageOf(chatEvent);
                break;
            case ChatEventKind.Error:
                // Told by whoever knows whether it is the last word.
                _hasEnded = true;
                break;
            case ChatEventKind.End:
                _hasEnded = true;
                WriteEnd();
                break;
            case ChatEventKind.Citation:
                // The source's own field is carried beside it.
                if (chatEvent.Dialect != OpenAIChatDialect.DialectName)
                    WriteCitation(chatEvent);
                break;
            case ChatEventKind.RawPart:
                break;
            case ChatEventKind.ReasoningSignature:
            case ChatEventKind.RedactedReasoning:
                // This dialect's own stand in a field that is carried beside them.
                if (chatEvent.Dialect != OpenAIChatDialect.DialectName)
                    TakeSignature(ChoiceOf(chatEvent.Choice), chatEvent);
                break;
            case ChatEventKind.PartEnd:
                ChoiceOf(chatEvent.Choice).Vouched.EndPart();
                break;
            default:
                TakeForChoice(chatEvent);
                break;
        }
    }

    private void TakeForChoice(in ChatEvent chatEvent)
    {
        var choice = ChoiceOf(chatEvent.Choice);
        if (choice.Vouched.Waits && chatEvent.Kind is not ChatEventKind.ToolCallStart)
            WriteVouched(choice);
        switch (chatEvent.Kind)
        {
            case ChatEventKind.LogProbs:
                choice.Fields.Set("logprobs"u8, chatEvent.Json);
                break;
            case ChatEventKind.Raw when chatEvent.Scope is RawScope.Choice:
                choice.Fields.Set(chatEvent.Name, chatEvent.Json);
                break;
            case ChatEventKind.Stop:
                // A failure is told by the error that follows, never by a finish.
                if (chatEvent.Stop is not StopReason.Error && !choice.HasStopped)
                    WriteStop(choice, OpenAIStopWords.Word(chatEvent.Stop, chatEvent.Text));
                break;
            default:
                WriteDelta(choice, chatEvent);
                break;
        }
    }

    private void TakeSignature(Choice choice, in ChatEvent signature)
    {
        var isRedacted = signature.Kind is ChatEventKind.RedactedReasoning;
        if (choice.Vouched.Waits && (isRedacted || choice.Vouched.IsRedacted))
            WriteVouched(choice);
        choice.Vouched.Take(signature.Text, signature.Dialect!, isRedacted);
    }

    /// <summary>What was vouched for, whole, since clients send it back as they got it.</summary>
    private void WriteVouched(Choice choice)
    {
        EnsureRole(choice, isText: true);
        _chunks.Begin(choice.Index);
        choice.Vouched.WriteTo(_chunks);
        _chunks.End(choice.Fields);
    }

    private void WriteDelta(Choice choice, in ChatEvent chatEvent)
    {
        // A call of Google's through its endpoint for this dialect: the signature was written with its start.
        if (
            chatEvent is { Kind: ChatEventKind.Raw, Scope: RawScope.ToolCall }
            && choice.HasSignedCall
            && chatEvent.Name.SequenceEqual("extra_content"u8)
        )
            return;
        // This dialect's own reasoning has a name, and no signature that is not carried.
        if (chatEvent.Kind is ChatEventKind.ReasoningDelta && chatEvent.Name.IsEmpty)
            choice.Vouched.Add(chatEvent.Text);
        if (
            chatEvent.Kind is ChatEventKind.ToolCallStart
            && choice.Vouched is { Waits: true, IsForCall: false }
        )
            WriteVouched(choice);
        EnsureRole(choice, isText: chatEvent.Kind is not ChatEventKind.ToolCallStart);
        _chunks.Begin(choice.Index);
        switch (chatEvent.Kind)
        {
            case ChatEventKind.TextDelta:
                WriteText("\"content\":\""u8, chatEvent.Text);
                break;
            case ChatEventKind.RefusalDelta:
                WriteText("\"refusal\":\""u8, chatEvent.Text);
                break;
            case ChatEventKind.ReasoningDelta when chatEvent.Name.SequenceEqual("reasoning"u8):
                WriteText("\"reasoning\":\""u8, chatEvent.Text);
                break;
            case ChatEventKind.ReasoningDelta when chatEvent.Name.SequenceEqual("thinking"u8):
                _chunks.Write(
                    "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\","u8
                );
                WriteText("\"text\":\""u8, chatEvent.Text);
                _chunks.Write("}]}]"u8);
                break;
            case ChatEventKind.ReasoningDelta:
                WriteText("\"reasoning_content\":\""u8, chatEvent.Text);
                break;
            case ChatEventKind.ToolCallStart:
                WriteToolCall(choice, chatEvent);
                break;
            case ChatEventKind.ToolArgumentDelta:
                _chunks.Write("\"tool_calls\":[{\"index\":"u8);
                _chunks.Write(chatEvent.ToolCall);
                WriteText(",\"function\":{\"arguments\":\""u8, chatEvent.Text);
                _chunks.Write("}}]"u8);
                break;
            case ChatEventKind.Raw:
                WriteRaw(chatEvent);
                break;
        }
        _chunks.End(choice.Fields);
    }

    private void WriteCitation(in ChatEvent citation)
    {
        var choice = ChoiceOf(citation.Choice);
        EnsureRole(choice, isText: true);
        _chunks.Begin(choice.Index);
        WriteText(
            "\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"url\":\""u8,
            citation.Text
        );
        WriteText(",\"title\":\""u8, citation.Name.IsEmpty ? citation.Text : citation.Name);
        _chunks.Write(",\"start_index\":0,\"end_index\":0"u8);
        if (!citation.Id.IsEmpty)
            WriteText(",\"cited_text\":\""u8, citation.Id);
        _chunks.Write("}}]"u8);
        _chunks.End(choice.Fields);
    }

    private void WriteText(ReadOnlySpan<byte> opening, ReadOnlySpan<byte> escaped)
    {
        _chunks.Write(opening);
        _chunks.Write(escaped);
        _chunks.Write("\""u8);
    }

    private void WriteToolCall(Choice choice, in ChatEvent call)
    {
        _chunks.Write("\"tool_calls\":[{\"index\":"u8);
        _chunks.Write(call.ToolCall);
        // Gemini and Ollama give no ids, and this dialect's clients need them to answer.
        WriteText(
            ",\"id\":\""u8,
            call.Id.IsEmpty
                ? JsonText
                    .Of(OpenAIToolWriter.GivenId($"{_chunks.Id}_{call.Choice}", call.ToolCall))
                    .Escaped.Span
                : call.Id
        );
        choice.HasSignedCall = choice.Vouched.Waits;
        if (choice.Vouched.Waits)
            choice.Vouched.WriteForCall(_chunks);
        WriteText(",\"type\":\"function\",\"function\":{\"name\":\""u8, call.Name);
        _chunks.Write(",\"arguments\":\"\"}}]"u8);
    }

    private void WriteRaw(in ChatEvent raw)
    {
        if (raw.Scope is RawScope.ToolCall)
        {
            _chunks.Write("\"tool_calls\":[{\"index\":"u8);
            _chunks.Write(raw.ToolCall);
            _chunks.Write(","u8);
        }
        WriteText("\""u8, raw.Name);
        _chunks.Write(":"u8);
        _chunks.WriteOnOneLine(raw.Json);
        if (raw.Scope is RawScope.ToolCall)
            _chunks.Write("}]"u8);
    }

    private void EnsureRole(Choice choice, bool isText)
    {
        if (choice.HasRole)
            return;
        choice.HasRole = true;
        if (!_hasHead)
            WriteHead(default, default, 0);
        if (leavesOutPreamble)
            return;
        _chunks.Begin(choice.Index);
        _chunks.Write("\"role\":\"assistant\",\"content\":"u8);
        _chunks.Write(isText ? "\"\""u8 : "null"u8);
        _chunks.End(choiceFields: null);
    }

    private void WriteStop(Choice choice, ReadOnlySpan<byte> word)
    {
        EnsureRole(choice, isText: true);
        choice.HasStopped = true;
        _chunks.Begin(choice.Index);
        _chunks.End(choice.Fields, word.IsEmpty ? "stop"u8 : word);
    }

    private void WriteEnd()
    {
        if (!_hasHead)
            WriteHead(default, default, 0);
        foreach (var choice in _choices)
        {
            if (choice.Vouched.Waits)
                WriteVouched(choice);
            if (!choice.HasStopped)
                WriteStop(choice, default);
        }
        if (_usage is not null)
            _chunks.WriteUsage(_usage);
        output.Write(SseWriter.Done);
    }

    private void WriteHead(ReadOnlySpan<byte> id, ReadOnlySpan<byte> model, long created)
    {
        _hasHead = true;
        _chunks.SetHead(
            id.IsEmpty ? fallback.Id.Escaped.Span : id,
            model.IsEmpty ? fallback.Model.Escaped.Span : model,
            created == 0 ? fallback.Created : created
        );
    }

    private static byte[] UsageOf(in ChatEvent chatEvent)
    {
        if (chatEvent.Dialect == OpenAIChatDialect.DialectName)
            return chatEvent.Json.ToArray();
        var written = new ArrayBufferWriter<byte>();
        using (var json = DialectJson.NewWriter(written))
            OpenAIUsageWriter.Write(json, chatEvent.Usage!);
        return written.WrittenSpan.ToArray();
    }

    private Choice ChoiceOf(int index)
    {
        foreach (var known in _choices)
        {
            if (known.Index == index)
                return known;
        }
        var choice = new Choice(index);
        _choices.Add(choice);
        return choice;
    }

    private sealed class Choice(int index)
    {
        public int Index => index;
        public bool HasRole { get; set; }
        public bool HasStopped { get; set; }

        /// <summary>The call that has begun shows a signature.</summary>
        public bool HasSignedCall { get; set; }

        /// <summary>Reasoning and the signature over it.</summary>
        public OpenAIVouchedReasoning Vouched { get; } = new();

        /// <summary>What goes beside the next delta.</summary>
        public OpenAIPendingFields Fields { get; } = new();
    }
}
