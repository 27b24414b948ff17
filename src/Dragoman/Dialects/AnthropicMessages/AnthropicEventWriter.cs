using System.Buffers;
using System.Buffers.Text;
using Dragoman.Canonical;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>What block of a streamed message is open.</summary>
internal enum AnthropicBlockKind
{
    None,
    Text,
    Thinking,
    Call,
}

/// <summary>Writes the events of a streamed message, and counts its blocks. Allocates nothing per delta.</summary>
/// <param name="output">Where they go.</param>
internal sealed class AnthropicEventWriter(IBufferWriter<byte> output)
{
    private int _index;

    public AnthropicBlockKind Open { get; private set; }

    public void WriteMessageStart(
        JsonText id,
        JsonText model,
        TokenUsage? usage,
        byte[]? rawUsage,
        List<(byte[] Name, byte[] Json)> fields
    )
    {
        Begin("message_start"u8);
        output.Write(",\"message\":{\"id\":\""u8);
        output.Write(id.Escaped.Span);
        output.Write("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\""u8);
        output.Write(model.Escaped.Span);
        output.Write("\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null"u8);
        WriteFields(fields);
        WriteUsage(usage, rawUsage);
        output.Write("}"u8);
        End();
    }

    public void StartText()
    {
        StartBlock();
        output.Write("{\"type\":\"text\",\"text\":\"\"}"u8);
        End();
        Open = AnthropicBlockKind.Text;
    }

    /// <summary>The signature is empty until it comes: clients look for a string.</summary>
    public void StartThinking()
    {
        StartBlock();
        output.Write("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"u8);
        End();
        Open = AnthropicBlockKind.Thinking;
    }

    public void StartCall(
        ReadOnlySpan<byte> id,
        ReadOnlySpan<byte> name,
        List<(byte[] Name, byte[] Json)> fields
    )
    {
        StartBlock();
        output.Write("{\"type\":\"tool_use\",\"id\":\""u8);
        output.Write(id);
        output.Write("\",\"name\":\""u8);
        output.Write(name);
        output.Write("\",\"input\":{}"u8);
        WriteFields(fields);
        output.Write("}"u8);
        End();
        Open = AnthropicBlockKind.Call;
    }

    /// <summary>Writes a whole block of thinking that was withheld.</summary>
    public void WriteRedacted(ReadOnlySpan<byte> data)
    {
        StartBlock();
        output.Write("{\"type\":\"redacted_thinking\",\"data\":\""u8);
        output.Write(data);
        output.Write("\"}"u8);
        End();
        EndBlock();
    }

    /// <summary>Writes a whole block as it came.</summary>
    public void WriteBlock(ReadOnlySpan<byte> block)
    {
        StartBlock();
        SseWriter.WriteOnOneLine(output, block);
        End();
        EndBlock();
    }

    /// <summary>Writes a delta of one escaped text for the open block.</summary>
    public void WriteDelta(
        ReadOnlySpan<byte> type,
        ReadOnlySpan<byte> member,
        ReadOnlySpan<byte> escaped
    )
    {
        BeginDelta(type);
        output.Write(",\""u8);
        output.Write(member);
        output.Write("\":\""u8);
        output.Write(escaped);
        output.Write("\"}"u8);
        End();
    }

    /// <summary>Writes one delta for each citation of a list.</summary>
    public void WriteCitations(ReadOnlySpan<byte> list)
    {
        var items = new JsonWalk(list);
        while (items.Next())
        {
            BeginDelta("citations_delta"u8);
            output.Write(",\"citation\":"u8);
            SseWriter.WriteOnOneLine(output, items.Value);
            output.Write("}"u8);
            End();
        }
    }

    /// <summary>Ends the block that is open, if one is.</summary>
    public void Close()
    {
        if (Open is not AnthropicBlockKind.None)
            EndBlock();
        Open = AnthropicBlockKind.None;
    }

    public void WriteMessageEnd(
        ReadOnlySpan<byte> stopWord,
        ReadOnlySpan<byte> stopSequence,
        TokenUsage? usage,
        byte[]? rawUsage,
        List<(byte[] Name, byte[] Json)> stopFields,
        List<(byte[] Name, byte[] Json)> fields
    )
    {
        Begin("message_delta"u8);
        output.Write(",\"delta\":{\"stop_reason\":\""u8);
        output.Write(stopWord);
        output.Write("\",\"stop_sequence\":"u8);
        if (stopSequence.IsEmpty)
            output.Write("null"u8);
        else
        {
            output.Write("\""u8);
            output.Write(stopSequence);
            output.Write("\""u8);
        }
        WriteFields(stopFields);
        output.Write("}"u8);
        WriteFields(fields);
        WriteUsage(usage, rawUsage);
        End();
        output.Write(AnthropicDialect.MessageStop);
    }

    private void StartBlock()
    {
        Begin("content_block_start"u8);
        output.Write(",\"index\":"u8);
        WriteNumber(_index);
        output.Write(",\"content_block\":"u8);
    }

    private void EndBlock()
    {
        Begin("content_block_stop"u8);
        output.Write(",\"index\":"u8);
        WriteNumber(_index);
        End();
        _index++;
    }

    private void BeginDelta(ReadOnlySpan<byte> type)
    {
        Begin("content_block_delta"u8);
        output.Write(",\"index\":"u8);
        WriteNumber(_index);
        output.Write(",\"delta\":{\"type\":\""u8);
        output.Write(type);
        output.Write("\""u8);
    }

    /// <summary>Clients of this dialect go by the name of the event as well as by the type in it.</summary>
    private void Begin(ReadOnlySpan<byte> type)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\n"u8);
        SseWriter.BeginData(output);
        output.Write("{\"type\":\""u8);
        output.Write(type);
        output.Write("\""u8);
    }

    private void End()
    {
        output.Write("}"u8);
        SseWriter.EndEvent(output);
    }

    private void WriteUsage(TokenUsage? usage, byte[]? raw)
    {
        output.Write(",\"usage\":"u8);
        if (raw is not null)
            SseWriter.WriteOnOneLine(output, raw);
        else
        {
            using var json = DialectJson.NewWriter(output);
            AnthropicUsageWriter.Write(json, usage);
        }
    }

    private void WriteFields(List<(byte[] Name, byte[] Json)> fields)
    {
        foreach (var (name, value) in fields)
        {
            output.Write(",\""u8);
            output.Write(name);
            output.Write("\":"u8);
            SseWriter.WriteOnOneLine(output, value);
        }
    }

    private void WriteNumber(int number)
    {
        var span = output.GetSpan(11);
        Utf8Formatter.TryFormat(number, span, out var length);
        output.Advance(length);
    }
}
