using System.Net;
using System.Net.Http.Headers;

namespace Dragoman.Providers;

/// <summary>
/// A request body made of pieces of the client's body and what was spliced in between, sent without being copied together. The
/// pieces are pooled memory: <see cref="Close"/> tells whether anybody still reads them.
/// </summary>
internal sealed class SplicedContent : HttpContent
{
    private const int Unread = 0;
    private const int BeingRead = 1;
    private const int Closed = 2;

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly ReadOnlyMemory<byte>[] _pieces;
    private int _state;

    public SplicedContent(ReadOnlyMemory<byte>[] pieces)
    {
        _pieces = pieces;
        Headers.ContentType = Json;
    }

    /// <summary>
    /// No reading begins after this. False where one is still under way, as after an answer that came before the request was
    /// sent whole: then the memory must not be used again, or another client's prompt could go upstream in its place.
    /// </summary>
    public bool Close() => Interlocked.CompareExchange(ref _state, Closed, Unread) != BeingRead;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        if (Interlocked.CompareExchange(ref _state, BeingRead, Unread) == Closed)
            throw new IOException("The request is over.");
        try
        {
            foreach (var piece in _pieces)
                await stream.WriteAsync(piece, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _state, Unread);
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
