using System.Buffers;
using System.Buffers.Text;
using Dragoman.Canonical;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes what is the same around every delta of a streamed chat completion. Allocates nothing per chunk.</summary>
/// <param name="output">Where it goes.</param>
/// <param name="includeUsage">Chunks before the last say <c>"usage":null</c>.</param>
internal sealed class OpenAIChunkWriter(IBufferWriter<byte> output, bool includeUsage)
{
    private readonly ArrayBufferWriter<byte> _head = new();

    /// <summary>Fields that stand beside everything.</summary>
    public OpenAIPendingFields OwnFields { get; } = new();

    /// <summary>The answer's id, as text.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Says what every chunk begins with.</summary>
    public void SetHead(ReadOnlySpan<byte> id, ReadOnlySpan<byte> model, long created)
    {
        Id = JsonUnescape.ToText(id);
        _head.ResetWrittenCount();
        _head.Write("{\"id\":\""u8);
        _head.Write(id);
        _head.Write("\",\"object\":\"chat.completion.chunk\",\"created\":"u8);
        WriteNumber(_head, created);
        _head.Write(",\"model\":\""u8);
        _head.Write(model);
        _head.Write("\""u8);
    }

    /// <summary>Begins a chunk with one choice, up to its delta's members.</summary>
    public void Begin(int choice)
    {
        SseWriter.BeginData(output);
        output.Write(_head.WrittenSpan);
        OwnFields.WriteTo(output);
        output.Write(",\"choices\":[{\"index\":"u8);
        WriteNumber(output, choice);
        output.Write(",\"delta\":{"u8);
    }

    public void Write(ReadOnlySpan<byte> json) => output.Write(json);

    public void Write(long number) => WriteNumber(output, number);

    public void WriteOnOneLine(ReadOnlySpan<byte> json) => SseWriter.WriteOnOneLine(output, json);

    /// <summary>Ends a chunk behind its delta's members.</summary>
    /// <param name="choiceFields">Fields that go beside the delta; null for none.</param>
    /// <param name="finishReason">The escaped word; empty for null.</param>
    public void End(OpenAIPendingFields? choiceFields, ReadOnlySpan<byte> finishReason = default)
    {
        output.Write("}"u8);
        choiceFields?.WriteTo(output);
        output.Write(",\"finish_reason\":"u8);
        if (finishReason.IsEmpty)
        {
            output.Write("null"u8);
        }
        else
        {
            output.Write("\""u8);
            output.Write(finishReason);
            output.Write("\""u8);
        }
        output.Write(includeUsage ? "}],\"usage\":null}"u8 : "}]}"u8);
        SseWriter.EndEvent(output);
    }

    /// <summary>Writes the chunk that has usage and no choice.</summary>
    public void WriteUsage(ReadOnlySpan<byte> usage)
    {
        SseWriter.BeginData(output);
        output.Write(_head.WrittenSpan);
        OwnFields.WriteTo(output);
        output.Write(",\"choices\":[],\"usage\":"u8);
        SseWriter.WriteOnOneLine(output, usage);
        output.Write("}"u8);
        SseWriter.EndEvent(output);
    }

    private static void WriteNumber(IBufferWriter<byte> to, long number)
    {
        var span = to.GetSpan(20);
        Utf8Formatter.TryFormat(number, span, out var length);
        to.Advance(length);
    }
}
