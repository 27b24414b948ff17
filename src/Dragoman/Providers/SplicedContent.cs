using System.Net;
using System.Net.Http.Headers;

namespace Dragoman.Providers;

/// <summary>
/// A request body made of pieces of the client's body and what was spliced in between, sent without being copied together. The
/// pieces are pooled memory: <see cref="Close"/> tells whether anybody still reads them.
/// </summary>
internal sealed class SplicedContent : HttpContent
{
    /// <summary>Far below any number of readers: set once, it stays negative while they end.</summary>
    private const int Closed = int.MinValue / 2;

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly ReadOnlyMemory<byte>[] _pieces;

    /// <summary>How many read it now: a call that is sent again may begin before the first sending has ended.</summary>
    private int _readers;

    public SplicedContent(ReadOnlyMemory<byte>[] pieces)
    {
        _pieces = pieces;
        Headers.ContentType = Json;
    }

    /// <summary>
    /// No reading begins after this. False where one is still under way, as after an answer that came before the request was
    /// sent whole: then the memory must not be used again, or another client's prompt could go upstream in its place.
    /// </summary>
    public bool Close() => Interlocked.CompareExchange(ref _readers, Closed, 0) <= 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        if (Interlocked.Increment(ref _readers) <= 0)
        {
            Interlocked.Decrement(ref _readers);
            throw new IOException("The request is over.");
        }
        try
        {
            foreach (var piece in _pieces)
                await stream.WriteAsync(piece, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        foreach (var piece in _pieces)
            length += piece.Length;
        return true;
    }
}
