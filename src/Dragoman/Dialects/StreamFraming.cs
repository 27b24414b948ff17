using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects;

/// <summary>How a stream's events are told apart.</summary>
public enum StreamFraming
{
    /// <summary>Server-sent events.</summary>
    Sse,

    /// <summary>One JSON object a line (Ollama).</summary>
    Lines,
}

/// <summary>Finds whole events in a growing buffer, looking at each byte once. Allocates nothing.</summary>
public struct EventFramer(StreamFraming framing)
{
    private SseFramer _sse;
    private int _scanned;

    /// <summary>The length of the first event in <paramref name="buffer"/>, its end included, or 0 where it is not whole yet.</summary>
    public int NextEvent(ReadOnlySpan<byte> buffer)
    {
        if (framing == StreamFraming.Sse)
            return _sse.NextEvent(buffer);
        var end = buffer[_scanned..].IndexOf((byte)'\n');
        var length = end < 0 ? 0 : _scanned + end + 1;
        _scanned = end < 0 ? buffer.Length : 0;
        return length;
    }
}
