using System.Buffers;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.Gemini;

/// <summary>What stands around the chunks of one stream: server-sent events, or the brackets and commas of one JSON list.</summary>
/// <param name="isList">The client asked for no <c>alt=sse</c>: the stream is one list.</param>
internal sealed class GeminiFraming(bool isList)
{
    private bool _isBegun;

    public void Begin(IBufferWriter<byte> output)
    {
        if (!isList)
            SseWriter.BeginData(output);
        else
            output.Write(_isBegun ? ",\r\n"u8 : "["u8);
        _isBegun = true;
    }

    public void End(IBufferWriter<byte> output)
    {
        if (!isList)
            output.Write("\r\n\r\n"u8);
    }

    /// <summary>The sound end of the stream.</summary>
    public void Close(IBufferWriter<byte> output)
    {
        if (isList)
            output.Write(_isBegun ? "]"u8 : "[]"u8);
    }

    public void WriteOnOneLine(IBufferWriter<byte> output, ReadOnlySpan<byte> json) =>
        SseWriter.WriteOnOneLine(output, json);
}
