using System.Buffers;

namespace Dragoman.Forwarding;

/// <summary>A whole body in pooled memory. Dispose gives the memory back.</summary>
internal struct UpstreamBody : IDisposable
{
    /// <summary>The largest answer that is taken.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    private byte[] _buffer;
    private int _length;

    public readonly ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads <paramref name="content"/> to its end; false where it is larger than <paramref name="limit"/> (what was read is kept).</summary>
    /// <exception cref="HttpIOException">It ended before its Content-Length.</exception>
    public static async ValueTask<(UpstreamBody Body, bool Whole)> ReadAsync(
        HttpContent content,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var announced = content.Headers.ContentLength;
        var body = new UpstreamBody
        {
            // One byte more than announced, so that the end is seen without growing.
            _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(announced + 1 ?? 16 * 1024, limit)),
        };
        try
        {
            var stream = content.ReadAsStream(cancellationToken);
            while (true)
            {
                if (body._length == body._buffer.Length)
                {
                    if (body._length >= limit)
                        return (body, false);
                    body.Grow();
                }
                var read = await stream.ReadAsync(
                    body._buffer.AsMemory(body._length),
                    cancellationToken
                );
                if (read == 0)
                    return (body, true);
                body._length += read;
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null!;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
