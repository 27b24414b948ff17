using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.Ollama;

/// <summary>
/// Writes a streamed answer of chat or of generate. Each delta is a line as it comes; a tool call alone waits until it is whole,
/// since this dialect has its arguments as one object. The end, with the counts, is the last line.
/// </summary>
/// <param name="output">Where it goes; after each event it holds whole lines.</param>
/// <param name="fallback">Stands in for what the provider did not say.</param>
/// <param name="isGenerate">Lines are those of generate rather than of chat.</param>
internal sealed class OllamaStreamWriter(
    IBufferWriter<byte> output,
    ReplyFallback fallback,
    bool isGenerate
) : IChatEventSink
{
    private readonly ArrayBufferWriter<byte> _head = new(128);
    private readonly List<Call> _calls = [];
    private List<(byte[] Name, byte[] Value)>? _own;
    private ArrayBufferWriter<byte>? _logProbs;
    private TokenUsage? _usage;
    private StopReason _stop = StopReason.Stop;
    private byte[] _stopWord = [];
    private TimeSpan? _firstContent;
    private bool _hasEnded;

    public void Take(in ChatEvent chatEvent)
    {
        // Of several answers, which no client of this dialect asks for, the first is told.
        if (_hasEnded || chatEvent.Choice > 0)
            return;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                SetHead(chatEvent.Name, chatEvent.Created);
                break;
            case ChatEventKind.TextDelta or ChatEventKind.RefusalDelta:
                WriteDelta(default, chatEvent.Text);
                break;
            case ChatEventKind.ReasoningDelta:
                WriteDelta(chatEvent.Text, default);
                break;
            case ChatEventKind.ToolCallStart:
                _calls.Add(new Call(chatEvent));
                break;
            case ChatEventKind.ToolArgumentDelta:
                CallOf(chatEvent.ToolCall)?.Arguments.Write(chatEvent.Text);
                break;
            case ChatEventKind.PartEnd:
                WriteCalls();
                break;
            case ChatEventKind.LogProbs:
                (_logProbs ??= new()).ResetWrittenCount();
                _logProbs.Write(OllamaLogProbs.Unwrap(chatEvent.Json));
                break;
            case ChatEventKind.Raw
                when chatEvent is { Dialect: OllamaDialect.DialectName, Scope: RawScope.Reply }:
                Keep(chatEvent.Name, chatEvent.Json);
                break;
            case ChatEventKind.Stop:
                WriteCalls();
                (_stop, _stopWord) = (chatEvent.Stop, chatEvent.Text.ToArray());
                break;
            case ChatEventKind.Usage:
                _usage = chatEvent.Usage;
                break;
            case ChatEventKind.Error:
                // Told by whoever knows whether it is the last word.
                _hasEnded = true;
                break;
            case ChatEventKind.End:
                _hasEnded = true;
                WriteCalls();
                WriteEnd();
                break;
        }
    }

    private void WriteDelta(ReadOnlySpan<byte> thinking, ReadOnlySpan<byte> content)
    {
        WriteCalls();
        BeginLine();
        output.Write(
            isGenerate
                ? "\"response\":\""u8
                : "\"message\":{\"role\":\"assistant\",\"content\":\""u8
        );
        output.Write(content);
        output.Write("\""u8);
        if (!thinking.IsEmpty)
        {
            output.Write(",\"thinking\":\""u8);
            output.Write(thinking);
            output.Write("\""u8);
        }
        EndLine();
    }

    /// <summary>Writes the calls that have come, each in a line of its own.</summary>
    private void WriteCalls()
    {
        foreach (var call in _calls)
        {
            BeginLine();
            output.Write(
                isGenerate
                    ? "\"response\":\"\",\"tool_calls\":["u8
                    : "\"message\":{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":["u8
            );
            var written = new ArrayBufferWriter<byte>(256);
            using (var json = DialectJson.NewWriter(written))
                OllamaToolWriter.WriteCall(json, call.ToPart(), "", losses: null);
            SseWriter.WriteOnOneLine(output, written.WrittenSpan);
            output.Write("]"u8);
            EndLine();
        }
        _calls.Clear();
    }

    private void BeginLine()
    {
        _firstContent ??= fallback.Elapsed?.Invoke();
        if (_head.WrittenCount == 0)
            SetHead(default, 0);
        output.Write(_head.WrittenSpan);
    }

    private void EndLine()
    {
        if (!isGenerate)
            output.Write("}"u8);
        if (_logProbs is { WrittenCount: > 0 })
        {
            output.Write(",\"logprobs\":"u8);
            SseWriter.WriteOnOneLine(output, _logProbs.WrittenSpan);
            _logProbs.ResetWrittenCount();
        }
        output.Write(",\"done\":false}\n"u8);
    }

    private void WriteEnd()
    {
        if (_head.WrittenCount == 0)
            SetHead(default, 0);
        output.Write(_head.WrittenSpan);
        output.Write(
            isGenerate
                ? "\"response\":\"\","u8
                : "\"message\":{\"role\":\"assistant\",\"content\":\"\"},"u8
        );
        var written = new ArrayBufferWriter<byte>(256);
        using (var json = DialectJson.NewWriter(written))
        {
            json.WriteStartObject();
            json.WriteBoolean("done"u8, true);
            json.WriteString("done_reason"u8, OllamaStopWords.Word(_stop, _stopWord));
            WriteDurations(json);
            OllamaUsage.Write(json, _usage);
            foreach (var (name, value) in _own ?? [])
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value, skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        SseWriter.WriteOnOneLine(output, written.WrittenSpan[1..]);
        output.Write("\n"u8);
    }

    /// <summary>What was measured here, where the provider is none that measures: until the first content is taken for reading the prompt.</summary>
    private void WriteDurations(Utf8JsonWriter json)
    {
        if (fallback.Elapsed is not { } elapsed || Keeps("total_duration"u8))
            return;
        var total = elapsed();
        var prompt = _firstContent ?? total;
        json.WriteNumber("total_duration"u8, OllamaTime.Nanoseconds(total));
        json.WriteNumber("prompt_eval_duration"u8, OllamaTime.Nanoseconds(prompt));
        json.WriteNumber("eval_duration"u8, OllamaTime.Nanoseconds(total - prompt));
    }

    private void SetHead(ReadOnlySpan<byte> model, long created)
    {
        _head.ResetWrittenCount();
        _head.Write("{\"model\":\""u8);
        _head.Write(model.IsEmpty ? fallback.Model.Escaped.Span : model);
        _head.Write("\",\"created_at\":\""u8);
        _head.Write(
            System.Text.Encoding.ASCII.GetBytes(
                OllamaTime.Of(created == 0 ? fallback.Created : created)
            )
        );
        _head.Write("\","u8);
    }

    private void Keep(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        var plain = System.Text.Encoding.UTF8.GetBytes(JsonUnescape.ToText(name));
        _own ??= [];
        _own.RemoveAll(kept => kept.Name.AsSpan().SequenceEqual(plain));
        _own.Add((plain, json.ToArray()));
    }

    private bool Keeps(ReadOnlySpan<byte> name)
    {
        foreach (var (kept, _) in _own ?? [])
        {
            if (kept.AsSpan().SequenceEqual(name))
                return true;
        }
        return false;
    }

    private Call? CallOf(int place) => _calls.Find(call => call.Place == place);

    private sealed class Call
    {
        private readonly JsonText _name;
        private readonly JsonText? _id;

        public Call(in ChatEvent start)
        {
            Place = start.ToolCall;
            _name = JsonText.FromEscaped(start.Name.ToArray());
            _id = start.Id.IsEmpty ? null : JsonText.FromEscaped(start.Id.ToArray());
        }

        public int Place { get; }
        public ArrayBufferWriter<byte> Arguments { get; } = new();

        public ToolCallPart ToPart() =>
            new(_name, ToolArguments.FromText(JsonText.FromEscaped(Arguments.WrittenMemory)))
            {
                Id = _id,
            };
    }
}
