using System.Buffers;
using System.Buffers.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes what is the same around every part of a streamed answer. Allocates nothing per chunk of text.</summary>
internal sealed class GeminiChunkWriter(IBufferWriter<byte> output, GeminiFraming framing)
{
    private readonly ArrayBufferWriter<byte> _tail = new();
    private readonly List<(byte[] Name, byte[] Json)> _own = [];
    private byte[]? _usage;

    /// <summary>Says what every chunk ends with.</summary>
    public void SetTail(ReadOnlySpan<byte> id, ReadOnlySpan<byte> model)
    {
        _tail.ResetWrittenCount();
        _tail.Write(",\"modelVersion\":\""u8);
        _tail.Write(model);
        _tail.Write("\",\"responseId\":\""u8);
        _tail.Write(id);
        _tail.Write("\"}"u8);
    }

    /// <summary>A field beside the candidates, told in the last chunk.</summary>
    public void SetOwn(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        for (var i = 0; i < _own.Count; i++)
        {
            if (name.SequenceEqual(_own[i].Name))
            {
                _own[i] = (_own[i].Name, json.ToArray());
                return;
            }
        }
        _own.Add((name.ToArray(), json.ToArray()));
    }

    public void SetUsage(in ChatEvent usage)
    {
        if (usage.Dialect == GeminiDialect.DialectName)
        {
            _usage = usage.Json.ToArray();
            return;
        }
        var written = new ArrayBufferWriter<byte>();
        using (var json = DialectJson.NewWriter(written))
            GeminiUsageWriter.Write(json, usage.Usage!);
        _usage = written.WrittenSpan.ToArray();
    }

    /// <summary>Opens a chunk with one candidate, up to its part's members.</summary>
    public void Begin()
    {
        framing.Begin(output);
        output.Write("{\"candidates\":[{\"content\":{\"parts\":[{"u8);
    }

    public void Write(ReadOnlySpan<byte> json) => output.Write(json);

    public void WriteText(ReadOnlySpan<byte> opening, ReadOnlySpan<byte> escaped)
    {
        output.Write(opening);
        output.Write(escaped);
        output.Write("\""u8);
    }

    public void WriteOnOneLine(ReadOnlySpan<byte> json) => framing.WriteOnOneLine(output, json);

    /// <summary>Closes a chunk behind its part's members.</summary>
    public void End(int candidate)
    {
        output.Write("}],\"role\":\"model\"},\"index\":"u8);
        WriteNumber(candidate);
        output.Write("}]"u8);
        output.Write(_tail.WrittenSpan);
        framing.End(output);
    }

    /// <summary>Writes the last chunk: why every candidate finished, the usage, and what stands beside them.</summary>
    public void WriteLast(
        IReadOnlyList<GeminiCandidateWriter> candidates,
        IReadOnlyList<Citation> citations
    )
    {
        framing.Begin(output);
        output.Write("{"u8);
        var isFirst = true;
        foreach (var candidate in candidates)
        {
            output.Write(isFirst ? "\"candidates\":["u8 : ","u8);
            output.Write(
                "{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},\"finishReason\":\""u8
            );
            output.Write(candidate.FinishReason);
            output.Write("\",\"index\":"u8);
            WriteNumber(candidate.Index);
            foreach (var (name, json) in candidate.Own)
                WriteMember(name, json);
            if (isFirst && citations.Count > 0)
                WriteCitations(citations);
            output.Write("}"u8);
            isFirst = false;
        }
        if (!isFirst)
            output.Write("]"u8);
        foreach (var (name, json) in _own)
        {
            WriteMember(name, json, isFirst);
            isFirst = false;
        }
        if (_usage is not null)
        {
            WriteMember("usageMetadata"u8, _usage, isFirst);
            isFirst = false;
        }
        output.Write(isFirst ? _tail.WrittenSpan[1..] : _tail.WrittenSpan);
        framing.End(output);
    }

    private void WriteMember(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json, bool isFirst = false)
    {
        output.Write(isFirst ? "\""u8 : ",\""u8);
        output.Write(name);
        output.Write("\":"u8);
        framing.WriteOnOneLine(output, json);
    }

    private void WriteCitations(IReadOnlyList<Citation> citations)
    {
        var written = new ArrayBufferWriter<byte>();
        using (var json = DialectJson.NewWriter(written))
        {
            json.WriteStartObject();
            GeminiReplyWriter.WriteCitations(json, citations);
            json.WriteEndObject();
        }
        // The one member, without the braces around it.
        output.Write(","u8);
        output.Write(written.WrittenSpan[1..^1]);
    }

    private void WriteNumber(int number)
    {
        var span = output.GetSpan(11);
        Utf8Formatter.TryFormat(number, span, out var length);
        output.Advance(length);
    }
}
