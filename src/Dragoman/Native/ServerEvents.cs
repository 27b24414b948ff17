using Dragoman.Dialects.Sse;

namespace Dragoman.Native;

/// <summary>Reads server-sent events one by one; what is read of one lives until the next.</summary>
internal sealed class ServerEvents(Stream stream)
{
    private byte[] _buffer = new byte[4096];
    private SseFramer _framer;
    private int _start;
    private int _end;

    /// <summary>The last event is an error.</summary>
    public bool IsError { get; private set; }

    /// <summary>The last event's data.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>Reads the next event that has data; false at the end, and where the last event is not whole.</summary>
    /// <exception cref="IOException">The connection broke, or an event is too long.</exception>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_framer.NextEvent(_buffer.AsSpan(_start.._end)) is var length and > 0)
            {
                var isEvent = Take(_buffer.AsSpan(_start, length));
                _start += length;
                if (isEvent)
                    return true;
            }
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
                return false;
            _end += read;
        }
    }

    private bool Take(ReadOnlySpan<byte> raw)
    {
        var parsed = SseEvent.Parse(raw);
        if (!parsed.HasData)
            return false;
        IsError = parsed.Name.SequenceEqual("error"u8);
        Data = parsed.Data.ToArray();
        return true;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end < _buffer.Length)
            return;
        if (_end >= SseFramer.MaxEventBytes)
            throw new IOException("An event of the stream is too long.");
        Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
