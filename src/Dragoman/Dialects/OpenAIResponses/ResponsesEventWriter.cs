using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Writes the events of a stream, numbered from its start. Allocates nothing per delta.</summary>
/// <param name="output">Where they go.</param>
/// <param name="first">The first event's number.</param>
internal sealed class ResponsesEventWriter(IBufferWriter<byte> output, int first)
{
    private readonly Utf8JsonWriter _json = DialectJson.NewWriter(output);
    private int _number = first;

    /// <summary>Begins an event up to its own members.</summary>
    public void Begin(ReadOnlySpan<byte> type)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: {\"type\":\""u8);
        output.Write(type);
        output.Write("\",\"sequence_number\":"u8);
        Write(_number++);
    }

    /// <summary>Begins an event about a part of an item.</summary>
    /// <param name="type">The event's type.</param>
    /// <param name="item">The item.</param>
    /// <param name="partName">What the part's index is called; empty where the event is about the item.</param>
    /// <param name="part">The part's index.</param>
    public void Begin(
        ReadOnlySpan<byte> type,
        ResponsesItemInWriting item,
        ReadOnlySpan<byte> partName,
        int part = 0
    )
    {
        Begin(type);
        output.Write(",\"item_id\":\""u8);
        output.Write(item.IdUtf8);
        output.Write("\",\"output_index\":"u8);
        Write(item.Index);
        if (partName.IsEmpty)
            return;
        output.Write(",\""u8);
        output.Write(partName);
        output.Write("\":"u8);
        Write(part);
    }

    /// <summary>A member that is a string, given escaped.</summary>
    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> escaped)
    {
        output.Write(",\""u8);
        output.Write(name);
        output.Write("\":\""u8);
        output.Write(escaped);
        output.Write("\""u8);
    }

    public void Number(ReadOnlySpan<byte> name, long value)
    {
        output.Write(",\""u8);
        output.Write(name);
        output.Write("\":"u8);
        Write(value);
    }

    /// <summary>A member that is a list, given without its brackets.</summary>
    public void List(ReadOnlySpan<byte> name, ReadOnlySpan<byte> items)
    {
        output.Write(",\""u8);
        output.Write(name);
        output.Write("\":["u8);
        SseWriter.WriteOnOneLine(output, items);
        output.Write("]"u8);
    }

    /// <summary>A member whose value is there already.</summary>
    public void Json(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        output.Write(",\""u8);
        output.Write(name);
        output.Write("\":"u8);
        SseWriter.WriteOnOneLine(output, value);
    }

    /// <summary>A member whose value is still to be written with the writer that is returned; <see cref="End"/> takes it in.</summary>
    public Utf8JsonWriter Member(ReadOnlySpan<byte> name)
    {
        output.Write(",\""u8);
        output.Write(name);
        output.Write("\":"u8);
        _json.Reset(output);
        return _json;
    }

    public void End()
    {
        _json.Flush();
        output.Write("}"u8);
        SseWriter.EndEvent(output);
    }

    private void Write(long number)
    {
        var span = output.GetSpan(20);
        Utf8Formatter.TryFormat(number, span, out var length);
        output.Advance(length);
    }
}
