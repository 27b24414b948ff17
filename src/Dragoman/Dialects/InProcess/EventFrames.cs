using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.InProcess;

/// <summary>
/// Events of a stream as bytes between two ends in one process: what was said before an answer is committed to can be held back,
/// and a reader that is slow holds up the writer, as on a wire. Usage and errors are told apart from it.
/// </summary>
internal static class EventFrames
{
    /// <summary>Length of the whole frame, kind, stop, scope, choice, tool call, time.</summary>
    private const int Head = 4 + 3 + 4 + 4 + 8;

    private const int Fields = 5;

    /// <summary>Writes each event as one frame.</summary>
    public sealed class Writer(IBufferWriter<byte> output) : IChatEventSink
    {
        public void Take(in ChatEvent chatEvent)
        {
            if (chatEvent.Kind is ChatEventKind.Usage or ChatEventKind.Error)
                return;
            var dialect = chatEvent.Dialect ?? "";
            var length =
                Head
                + (Fields * sizeof(int))
                + chatEvent.Text.Length
                + chatEvent.Id.Length
                + chatEvent.Name.Length
                + chatEvent.Json.Length
                + dialect.Length;
            var frame = output.GetSpan(length);
            BinaryPrimitives.WriteInt32LittleEndian(frame, length);
            frame[4] = (byte)chatEvent.Kind;
            frame[5] = (byte)chatEvent.Stop;
            frame[6] = (byte)chatEvent.Scope;
            BinaryPrimitives.WriteInt32LittleEndian(frame[7..], chatEvent.Choice);
            BinaryPrimitives.WriteInt32LittleEndian(frame[11..], chatEvent.ToolCall);
            BinaryPrimitives.WriteInt64LittleEndian(frame[15..], chatEvent.Created);
            var rest = frame[Head..];
            Put(ref rest, chatEvent.Text);
            Put(ref rest, chatEvent.Id);
            Put(ref rest, chatEvent.Name);
            Put(ref rest, chatEvent.Json);
            BinaryPrimitives.WriteInt32LittleEndian(rest, dialect.Length);
            // Names of dialects are ASCII.
            Encoding.ASCII.GetBytes(dialect, rest[sizeof(int)..]);
            output.Advance(length);
        }

        private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> field)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, field.Length);
            field.CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + field.Length)..];
        }
    }

    /// <summary>Gives <paramref name="sink"/> every whole frame of <paramref name="frames"/>; what is left of it is the beginning of another.</summary>
    public static void Read(ref ReadOnlySequence<byte> frames, IChatEventSink sink)
    {
        Span<byte> four = stackalloc byte[sizeof(int)];
        while (frames.Length >= sizeof(int))
        {
            frames.Slice(0, sizeof(int)).CopyTo(four);
            var length = BinaryPrimitives.ReadInt32LittleEndian(four);
            if (frames.Length < length)
                return;
            var frame = frames.Slice(0, length);
            if (frame.IsSingleSegment)
            {
                Read(frame.FirstSpan, sink);
            }
            else
            {
                var whole = ArrayPool<byte>.Shared.Rent(length);
                frame.CopyTo(whole);
                Read(whole.AsSpan(0, length), sink);
                ArrayPool<byte>.Shared.Return(whole);
            }
            frames = frames.Slice(length);
        }
    }

    private static void Read(ReadOnlySpan<byte> frame, IChatEventSink sink)
    {
        var rest = frame[Head..];
        var text = Take(ref rest);
        var id = Take(ref rest);
        var name = Take(ref rest);
        var json = Take(ref rest);
        var dialect = Take(ref rest);
        sink.Take(
            ChatEvent.OfFrame(
                ((ChatEventKind)frame[4], (StopReason)frame[5], (RawScope)frame[6]),
                BinaryPrimitives.ReadInt32LittleEndian(frame[7..]),
                BinaryPrimitives.ReadInt32LittleEndian(frame[11..]),
                BinaryPrimitives.ReadInt64LittleEndian(frame[15..]),
                text,
                id,
                name,
                json,
                dialect.IsEmpty ? null : Encoding.ASCII.GetString(dialect)
            )
        );
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        var field = rest.Slice(sizeof(int), length);
        rest = rest[(sizeof(int) + length)..];
        return field;
    }
}
