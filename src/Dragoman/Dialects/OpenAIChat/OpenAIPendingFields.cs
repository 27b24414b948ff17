using System.Buffers;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// Fields of a stream that wait for the chunk they go with. A plain value (<c>system_fingerprint</c>) goes with every chunk from
/// then on, as OpenAI has it; an object or list goes with one.
/// </summary>
internal sealed class OpenAIPendingFields
{
    private readonly List<Field> _fields = [];

    /// <summary>Sets a field for the next chunk.</summary>
    /// <param name="name">Its escaped name.</param>
    /// <param name="json">Its value.</param>
    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        foreach (var known in _fields)
        {
            if (!known.Name.AsSpan().SequenceEqual(name))
                continue;
            known.Set(json);
            return;
        }
        var field = new Field(name.ToArray());
        field.Set(json);
        _fields.Add(field);
    }

    /// <summary>Writes what waits, each with a comma before it.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        foreach (var field in _fields)
            field.WriteTo(output);
    }

    private sealed class Field(byte[] name)
    {
        private readonly ArrayBufferWriter<byte> _value = new();
        private bool _waits;
        private bool _stays;

        public byte[] Name => name;

        public void Set(ReadOnlySpan<byte> json)
        {
            _waits = true;
            _stays = !json.IsEmpty && json[0] is not ((byte)'{' or (byte)'[');
            if (_value.WrittenSpan.SequenceEqual(json))
                return;
            _value.ResetWrittenCount();
            _value.Write(json);
        }

        public void WriteTo(IBufferWriter<byte> output)
        {
            if (!_waits)
                return;
            _waits = _stays;
            output.Write(",\""u8);
            output.Write(name);
            output.Write("\":"u8);
            SseWriter.WriteOnOneLine(output, _value.WrittenSpan);
        }
    }
}
