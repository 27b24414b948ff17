namespace Dragoman.Dialects.Sse;

/// <summary>
/// Finds whole server-sent events in a growing buffer, looking at each byte once. Knows LF, CRLF and CR line ends, also where
/// a read ends between CR and LF. Allocates nothing.
/// </summary>
public struct SseFramer
{
    /// <summary>The longest event that is taken, in bytes: 16 MB and room for its framing.</summary>
    public const int MaxEventBytes = 16 * 1024 * 1024 + 1024;

    private int _lineStart;
    private int _scanned;

    /// <summary>
    /// The length of the first event in <paramref name="buffer"/>, its blank line included, or 0 where it is not whole yet. The
    /// buffer begins where the last event ended; an incomplete event is given again with more behind it.
    /// </summary>
    public int NextEvent(ReadOnlySpan<byte> buffer)
    {
        while (true)
        {
            var found = buffer[_scanned..].IndexOfAny((byte)'\n', (byte)'\r');
            if (found < 0)
            {
                _scanned = buffer.Length;
                return 0;
            }
            var end = _scanned + found;
            var next = end + 1;
            if (buffer[end] == (byte)'\r')
            {
                if (next == buffer.Length)
                {
                    _scanned = end;
                    return 0;
                }
                if (buffer[next] == (byte)'\n')
                    next++;
            }
            if (end == _lineStart)
            {
                (_lineStart, _scanned) = (0, 0);
                return next;
            }
            (_lineStart, _scanned) = (next, next);
        }
    }
}
