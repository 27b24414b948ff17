using System.Buffers;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes one candidate of a stream, part by part.</summary>
internal sealed class GeminiCandidateWriter(int index, GeminiChunkWriter chunks)
{
    private readonly ArrayBufferWriter<byte> _signature = new();
    private readonly List<Call> _calls = [];
    private string? _signatureOf;
    private bool _isOfThought;
    private bool _isThinking;
    private byte[] _finish = [];

    public int Index => index;

    /// <summary>Nothing was said in it.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Fields of its own, told in the last chunk.</summary>
    public List<(byte[] Name, byte[] Json)> Own { get; } = [];

    /// <summary>Why it finished.</summary>
    public ReadOnlySpan<byte> FinishReason => _finish.Length == 0 ? "STOP"u8 : _finish;

    public void Take(in ChatEvent chatEvent)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.TextDelta or ChatEventKind.RefusalDelta:
                FlushCalls();
                if (!chatEvent.Text.IsEmpty)
                    WriteText(chatEvent.Text);
                break;
            case ChatEventKind.ReasoningDelta:
                Flush();
                _isThinking = true;
                WriteThought(chatEvent.Text);
                break;
            case ChatEventKind.ReasoningSignature:
                Sign(chatEvent);
                break;
            case ChatEventKind.RedactedReasoning:
                Flush();
                Sign(chatEvent);
                _isOfThought = true;
                FlushSignature();
                break;
            case ChatEventKind.ToolCallStart:
                FlushThought();
                FlushWholeCalls();
                _calls.Add(new Call(chatEvent, TakeSignature()));
                break;
            case ChatEventKind.ToolArgumentDelta:
                CallOf(chatEvent.ToolCall)?.Arguments.Write(chatEvent.Text);
                break;
            case ChatEventKind.RawPart when chatEvent.Dialect == GeminiDialect.DialectName:
                Flush();
                IsEmpty = false;
                chunks.Begin();
                // The part comes with its own braces.
                chunks.WriteOnOneLine(chatEvent.Json.Trim(" \r\n\t"u8)[1..^1]);
                chunks.End(index);
                break;
            case ChatEventKind.PartEnd:
                Flush();
                _isThinking = false;
                break;
            case ChatEventKind.Stop:
                Flush();
                _finish = GeminiStopWords.Word(chatEvent.Stop, chatEvent.Text).ToArray();
                break;
            case ChatEventKind.Raw when chatEvent.Scope is RawScope.Choice:
                Carry(chatEvent);
                break;
        }
    }

    /// <summary>Writes what still waits.</summary>
    public void Flush()
    {
        FlushCalls();
        FlushSignature();
    }

    private void Carry(in ChatEvent raw)
    {
        for (var i = 0; i < Own.Count; i++)
        {
            if (raw.Name.SequenceEqual(Own[i].Name))
            {
                Own[i] = (Own[i].Name, raw.Json.ToArray());
                return;
            }
        }
        Own.Add((raw.Name.ToArray(), raw.Json.ToArray()));
    }

    private void Sign(in ChatEvent signature)
    {
        FlushCalls();
        _signature.Write(signature.Text);
        _signatureOf = signature.Dialect;
        _isOfThought = _isThinking;
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        FlushThought();
        IsEmpty = _isThinking = false;
        chunks.Begin();
        chunks.WriteText("\"text\":\""u8, text);
        WriteSignature();
        chunks.End(index);
    }

    private void WriteThought(ReadOnlySpan<byte> text)
    {
        IsEmpty = false;
        chunks.Begin();
        chunks.WriteText("\"text\":\""u8, text);
        chunks.Write(",\"thought\":true"u8);
        WriteSignature();
        chunks.End(index);
    }

    private void WriteSignature()
    {
        if (_signature.WrittenCount == 0)
            return;
        chunks.WriteText(",\"thoughtSignature\":\""u8, TakeSignature());
    }

    /// <summary>The signature that waits, as clients of this dialect see it; empty where none does.</summary>
    private byte[] TakeSignature()
    {
        if (_signature.WrittenCount == 0)
            return [];
        var shown = CarriedSignature
            .Show(
                JsonText.FromEscaped(_signature.WrittenSpan.ToArray()),
                _signatureOf,
                GeminiDialect.DialectName
            )
            .Escaped.ToArray();
        _signature.ResetWrittenCount();
        return shown;
    }

    /// <summary>A signature over thoughts goes out on an empty one, never on what follows.</summary>
    private void FlushThought()
    {
        if (_isOfThought)
            FlushSignature();
    }

    private void FlushSignature()
    {
        if (_signature.WrittenCount > 0)
        {
            if (_isOfThought)
                WriteThought(default);
            else
                WriteText(default);
        }
        _isOfThought = false;
    }

    private void FlushCalls()
    {
        foreach (var call in _calls)
            WriteCall(call);
        _calls.Clear();
    }

    /// <summary>Calls whose arguments are whole go out when the next begins; others may still get more.</summary>
    private void FlushWholeCalls()
    {
        while (_calls is [var first, ..] && first.IsWhole)
        {
            WriteCall(first);
            _calls.RemoveAt(0);
        }
    }

    private void WriteCall(Call call)
    {
        IsEmpty = _isThinking = false;
        chunks.Begin();
        chunks.Write("\"functionCall\":{"u8);
        if (call.Id.Length > 0)
        {
            chunks.WriteText("\"id\":\""u8, call.Id);
            chunks.Write(","u8);
        }
        chunks.WriteText("\"name\":\""u8, call.Name);
        chunks.Write(",\"args\":"u8);
        chunks.WriteOnOneLine(GeminiReplyWriter.ArgumentsOf(call.ToArguments()).Utf8.Span);
        chunks.Write("}"u8);
        if (call.Signature.Length > 0)
            chunks.WriteText(",\"thoughtSignature\":\""u8, call.Signature);
        chunks.End(index);
    }

    private Call? CallOf(int toolCall) => _calls.Find(call => call.Index == toolCall);

    /// <summary>A call whose arguments are still coming.</summary>
    private sealed class Call(in ChatEvent start, byte[] signature)
    {
        public int Index { get; } = start.ToolCall;
        public byte[] Id { get; } = start.Id.ToArray();
        public byte[] Name { get; } = start.Name.ToArray();
        public byte[] Signature => signature;
        public ArrayBufferWriter<byte> Arguments { get; } = new();

        public bool IsWhole => Arguments.WrittenCount > 0 && ToArguments().TryAsJson(out _);

        public ToolArguments ToArguments() =>
            ToolArguments.FromText(JsonText.FromEscaped(Arguments.WrittenSpan.ToArray()));
    }
}
