using System.Buffers;

namespace Dragoman.Dialects.Sse;

/// <summary>Writes the pieces of a server-sent event stream.</summary>
internal static class SseWriter
{
    /// <summary>The terminator of OpenAI's streams.</summary>
    public static ReadOnlySpan<byte> Done => "data: [DONE]\n\n"u8;

    /// <summary>Opens an event's one line of data.</summary>
    public static void BeginData(IBufferWriter<byte> output) => output.Write("data: "u8);

    /// <summary>Closes an event.</summary>
    public static void EndEvent(IBufferWriter<byte> output) => output.Write("\n\n"u8);

    /// <summary>
    /// Writes JSON without its line ends, which would end the line of data: in JSON they can only stand between tokens, where
    /// they mean nothing.
    /// </summary>
    public static void WriteOnOneLine(IBufferWriter<byte> output, ReadOnlySpan<byte> json)
    {
        while (!json.IsEmpty)
        {
            var length = json.IndexOfAny((byte)'\r', (byte)'\n');
            if (length < 0)
            {
                output.Write(json);
                return;
            }
            output.Write(json[..length]);
            json = json[(length + 1)..];
        }
    }
}
